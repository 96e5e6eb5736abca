//! What reaches the outbox's thread.

use super::row::Draft;
use eg_proto::Ack;

/// What arrived since the last turn.
#[derive(Debug, Default)]
pub(crate) struct Work {
    pub(crate) drafts: Vec<Draft>,
    pub(crate) acks: Vec<Ack>,
    pub(crate) dead_letters: Vec<(i64, String)>,
    pub(crate) link_command: Option<LinkCommand>,
    /// What waited for the core's time is looked at again.
    pub(crate) look: bool,
}

/// What the link wants next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum LinkCommand {
    /// Everything that waits, from the oldest on.
    Rewind,
    /// Nothing, for now.
    Pause,
}
