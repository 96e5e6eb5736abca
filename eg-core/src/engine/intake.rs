//! Intake: what arrives is stored, and reaches its session in its turn.

mod inputs;
mod release;

use crate::ingest::{Delivery, Streams};
use eg_proto::Timestamp;

/// What came and is not stored, and the numbered streams of slots.
#[derive(Default)]
pub(in crate::engine) struct Intake {
    pub(in crate::engine) streams: Streams,
    /// Deliveries of a round that was taken back.
    pub(in crate::engine) waiting: Vec<Delivery>,
    /// Time at which a round that was taken back is tried again.
    pub(in crate::engine) retry: Option<Timestamp>,
}
