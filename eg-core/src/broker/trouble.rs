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
    /// All that waits for clients together was too much, and this one had most: it was disconnected, and what waited for
    /// it, so many bytes, was dropped.
    Greedy(usize),
    /// It took nothing while something waited for it: it was disconnected.
    Stalled,
    /// It sends more than its rate: it is read more slowly, and nothing is lost.
    TooFast,
    /// It asked for more retained messages than there is room for: they are passed on and not kept.
    NoRoom,
}
