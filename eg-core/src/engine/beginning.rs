//! Beginning of an engine's life, as far as it is not written yet.

use eg_proto::Timestamp;

/// Facts that a new engine still has to write.
pub(in crate::engine) struct Beginning {
    /// Time at which the core before was last known to be alive; `None` once the sessions are resumed.
    pub(in crate::engine) alive: Option<Timestamp>,
    /// `true` if the clock of this core does not carry on the clocks of those before it.
    pub(in crate::engine) drops_clocks: bool,
    /// Numbers of effects that cannot be read and are given up.
    pub(in crate::engine) unreadable: Vec<i64>,
}
