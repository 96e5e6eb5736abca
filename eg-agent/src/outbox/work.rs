//! What reaches the outbox's thread.

use super::row::Draft;
use eg_proto::Ack;

/// What arrived since the last turn.
#[derive(Debug, Default)]
pub(super) struct Work {
    pub(super) drafts: Vec<Draft>,
    pub(super) acks: Vec<Ack>,
    pub(super) dead_letters: Vec<(i64, String)>,
    pub(super) link_command: Option<LinkCommand>,
    /// What waited for the core's time is looked at again.
    pub(super) look: bool,
}

/// What the link wants next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum LinkCommand {
    /// Everything that waits, from the oldest on.
    Rewind,
    /// Nothing, for now.
    Pause,
}
