//! The rows of one start of the agent: its numbers and the outbox's run side by side.

use eg_proto::Boot;

/// Row ids of one boot: `id = base + seq`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct BootRange {
    /// Start of the agent that the rows are of.
    pub(super) boot: Boot,
    /// Difference between a row's id and its number.
    pub(super) base: i64,
    /// Every row up to and with this id is the core's now.
    pub(super) acked: i64,
    /// The id of its last row; the highest there is for the start that still numbers.
    pub(super) last: i64,
}

impl BootRange {
    /// The row that has this number.
    pub(super) fn id(&self, seq: u64) -> i64 {
        self.base.saturating_add(i64::try_from(seq).unwrap_or(i64::MAX))
    }
}
