//! Lamps one by one: every lamp of a slot lights up in turn, by the core's own timers, until the last one or an order to
//! stop.

use eg_proto::{DeviceName, OutputName, Timestamp};
use std::collections::VecDeque;
use std::time::Duration;

/// Time from one lamp to the next.
pub(super) const STEP: Duration = Duration::from_millis(1_000);
/// Time for which each lamp is lit, ms.
pub(super) const LIT_MS: u64 = 700;
/// Largest number of lamps of one tour.
pub(super) const LAMPS: usize = 256;

/// Lamps of one slot that light up in turn.
#[derive(Clone, Debug)]
pub(in crate::engine) struct LampTour {
    /// Number of the act that began it.
    pub(super) entry: i64,
    /// Name of whoever began it.
    pub(super) by: String,
    /// Lamps that are still to come.
    pub(super) lamps: VecDeque<(DeviceName, OutputName)>,
    /// Number of all its lamps.
    pub(super) of: usize,
    /// Time of the next lamp.
    pub(super) next: Timestamp,
}
