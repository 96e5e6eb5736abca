//! Troubles that one client makes, for the log and for the operator.

/// Trouble that one client of the built-in broker makes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClientTrouble {
    /// Name of the client.
    pub client_id: String,
    /// Kind of the trouble.
    pub kind: TroubleKind,
}

/// Kind of a [`ClientTrouble`], and what the broker did about it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TroubleKind {
    /// Largest share of all that waits, when that was too much: the client was disconnected, and what waited for it, so many
    /// bytes, was dropped.
    Greedy(usize),
    /// Nothing taken for a long time while something waited: the client was disconnected.
    Stalled,
    /// More sent than its rate: the client is read more slowly, and nothing is lost.
    TooFast,
    /// More retained messages than there is room for: they are passed on and not kept.
    NoRoom,
}
