//! Work for the outbox's thread.

use super::row::Draft;
use eg_proto::Ack;

/// Work that arrived since the last turn.
#[derive(Debug, Default)]
pub(crate) struct Work {
    pub(crate) drafts: Vec<Draft>,
    pub(crate) acks: Vec<Ack>,
    pub(crate) dead_letters: Vec<(i64, String)>,
    pub(crate) link_command: Option<LinkCommand>,
    /// `true` to look again at what waited for the core's time.
    pub(crate) look: bool,
}

/// Command of the link to the outbox.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum LinkCommand {
    /// Hand out everything that waits, from the oldest on.
    Rewind,
    /// Nothing, for now.
    Pause,
}
