//! Intake: messages that arrive are stored, and reach their session in their turn.

mod inputs;
mod release;

use crate::ingest::{Delivery, Streams};
use eg_proto::Timestamp;

/// Deliveries that are not stored yet, and the numbered streams of slots.
#[derive(Default)]
pub(in crate::engine) struct Intake {
    pub(in crate::engine) streams: Streams,
    /// Deliveries of a round that was rolled back.
    pub(in crate::engine) waiting: Vec<Delivery>,
    /// Time at which a round that was rolled back is tried again; `None` while everything is stored.
    pub(in crate::engine) retry: Option<Timestamp>,
}
