//! Moments at which the host of a device reads it.

use std::time::Duration;

/// Condition that wakes the host of a device.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Wake {
    /// Readiness of any line or port that the device holds.
    OnEdge,
    /// The passage of time, from the last read on.
    Every(Duration),
    /// An edge or the passage of time, whichever comes first.
    EdgeOrEvery(Duration),
}
