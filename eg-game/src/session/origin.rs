//! Cause of what a game asks for.

use crate::{Act, Timestamp};

/// Cause of what a game asks for.
#[derive(Clone, Copy)]
pub(super) struct Origin {
    /// Number in the journal; 0 for a timer.
    pub(super) entry: i64,
    /// Time, as it passes for the session.
    pub(super) at: Timestamp,
}

impl Origin {
    pub(super) fn of(act: &Act) -> Self {
        Self { entry: act.id, at: act.at }
    }
}
