//! Broken promises.

use std::fmt;

/// Promise that was broken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Fault {
    /// A press that was surely accepted is not in the journal.
    Lost,
    /// A press is there twice.
    Doubled,
    /// A slot's presses are not in their order.
    Reordered,
    /// A press is there that nobody made.
    Ghost,
    /// An output stayed on without the core's word.
    Unsafe,
    /// A database is not whole.
    Damaged,
    /// A session does not come out the same again.
    Replay,
    /// Memory of a program goes on growing.
    Grew,
    /// A program ended or hung by itself, or panicked.
    Ended,
}

impl Fault {
    /// Every fault, in the order of the table.
    pub(super) const ALL: [Self; 9] = [
        Self::Lost,
        Self::Doubled,
        Self::Reordered,
        Self::Ghost,
        Self::Unsafe,
        Self::Damaged,
        Self::Replay,
        Self::Grew,
        Self::Ended,
    ];

    /// Returns the word for it.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Lost => "lost",
            Self::Doubled => "doubled",
            Self::Reordered => "reordered",
            Self::Ghost => "ghosts",
            Self::Unsafe => "unsafe",
            Self::Damaged => "damaged",
            Self::Replay => "replay",
            Self::Grew => "grew",
            Self::Ended => "ended",
        }
    }
}

/// One case of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Finding {
    pub(super) fault: Fault,
    /// The press, output, file or program.
    pub(super) what: String,
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.fault.name(), self.what)
    }
}
