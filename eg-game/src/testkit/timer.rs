//! A timer that runs at a table.

use crate::Timestamp;

/// A timer that runs.
#[derive(Clone, Copy, Debug)]
pub(super) struct Timer {
    /// Time at which it runs out.
    pub(super) due: Timestamp,
    /// `true` if it runs out only once nothing earlier can come.
    pub(super) waits: bool,
}
