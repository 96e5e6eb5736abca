//! Kinds of entries.

use serde::{Deserialize, Serialize};

macro_rules! kinds {
    ($($(#[$doc:meta])* $name:ident = $word:literal),+ $(,)?) => {
        /// Kind of an entry.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
        #[serde(rename_all = "lowercase")]
        pub enum Kind { $($(#[$doc])* $name),+ }

        impl Kind {
            /// Every kind.
            pub(crate) const ALL: &[Self] = &[$(Self::$name),+];

            /// Returns the word for this kind in the database and in the live stream.
            pub const fn word(self) -> &'static str {
                match self { $(Self::$name => $word),+ }
            }

            pub(crate) fn of(word: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|kind| kind.word() == word)
            }
        }
    };
}

kinds! {
    /// Event at an input. A cause: sessions are rebuilt from it.
    Event = "event",
    /// Choice by name, of the old contract. A cause.
    Vote = "vote",
    /// Held input that reached its game. A cause: the game is rebuilt in this order.
    Played = "played",
    /// Act of the operator. A cause.
    Act = "act",
    /// Request of a device to a module. A cause.
    Request = "request",
    /// Timer that fired. A cause.
    Timer = "timer",
    /// Return of the core while a session ran. A cause: timers stood still meanwhile.
    Resumed = "resumed",
    /// Result of a step.
    Result = "result",
    /// Refusal of an input, an act or a command.
    Refused = "refused",
    /// Gap in the numbers of a slot's events.
    Gap = "gap",
    /// Change of state of a slot, a board or a session. A cause if it is a slot or a board of the session.
    Status = "status",
    /// Line for the operator.
    Note = "note",
    /// Row that this program cannot read. No entry is stored so: it is what a reader makes of a damaged row.
    Unreadable = "unreadable",
}
