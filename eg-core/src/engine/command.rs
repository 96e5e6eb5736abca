//! The door to the engine: what pages, the API and the old contract may ask of it.

use crate::journal::Part;
use eg_game::Say;
use eg_proto::{Command as OutputCommand, Mode, NightStep, RoomId, SlotId};
use serde::Serialize;
use serde_json::{Map, Value};
use tokio::sync::oneshot;

/// Who asks, for the journal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Actor(pub String);

/// A command with who asks for it and where the answer goes.
#[derive(Debug)]
pub struct Request {
    /// Who asks, for the journal.
    pub by: Actor,
    /// What is to be done.
    pub command: Command,
    /// Receiver of the answer, which is given once the round is stored.
    pub reply: oneshot::Sender<Answer>,
}

/// Receipt of a command that was done, or the reason why it was not.
pub type Answer = Result<Receipt, Refused>;

/// Proof that a command was done and is stored.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Receipt {
    /// Number of the session that started, of the act in the journal, or of entries that were removed; 0 for commands
    /// that are not numbered.
    pub number: i64,
}

/// One thing that the core does when it is asked.
#[derive(Clone, Debug, PartialEq)]
pub enum Command {
    /// Start a session. The receipt holds its number.
    Start {
        /// Room in which it is played.
        room: RoomId,
        /// Kind of game; the room's own when there is none.
        game: Option<String>,
        /// Settings of the game; the room's own when there are none.
        config: Option<Value>,
        /// Reason to start without those who have not answered the roll-call.
        reason: Option<String>,
    },
    /// Act in a room's running session. `abort` and `reveal` are known to every game. The receipt holds the act's number
    /// in the journal.
    Act {
        /// Room of the session.
        room: RoomId,
        /// Name of the act.
        name: String,
        /// Fields of the act.
        args: Map<String, Value>,
        /// Reason of the operator.
        reason: Option<String>,
    },
    /// Play a room's show.
    Show {
        /// Room of the show.
        room: RoomId,
        /// Step to be taken.
        order: ShowOrder,
    },
    /// Call the roll of a room: everybody presses once. Or end it.
    RollCall {
        /// Room of the players.
        room: RoomId,
        /// `true` to call it, `false` to end it.
        on: bool,
    },
    /// Set day or night.
    Mode(Mode),
    /// Open a step as the old contract does: starts a session of the night vote when none runs, and closes what is open.
    NightStep(NightStep),
    /// Tell an output of a slot what to do. What the slot answers follows in the journal.
    Output {
        /// Slot of the output.
        slot: SlotId,
        /// Command as it is sent.
        command: OutputCommand,
    },
    /// Write down that a recorded session is taken out of the core, with its secrets. The receipt holds the act's number.
    Export {
        /// Number of the session.
        session: i64,
        /// Reason of the operator.
        reason: String,
    },
    /// Remove a few entries of the journal that the archive holds. The receipt holds how many; 0 when none is left.
    Prune(Part),
}

/// What the operator says to a show.
#[derive(Clone, Debug, PartialEq)]
pub struct ShowOrder {
    /// What to do.
    pub act: ShowAct,
    /// Where to jump.
    pub item: Option<String>,
    /// The show to start; the room's own when none is given.
    pub show: Option<Value>,
    /// Why, where it overrules the show.
    pub reason: Option<String>,
}

/// What the operator may do with a show.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ShowAct {
    /// Begin it.
    Start,
    /// Start the item that waits; or finish the session that runs, as its game does.
    Next,
    /// Go past the item.
    Skip,
    /// Play the item again.
    Repeat,
    /// Go to another item.
    Jump,
    /// End it.
    Stop,
}

impl ShowAct {
    /// Its word in the journal.
    pub(crate) const fn word(self) -> &'static str {
        match self {
            Self::Start => "start",
            Self::Next => "next",
            Self::Skip => "skip",
            Self::Repeat => "repeat",
            Self::Jump => "jump",
            Self::Stop => "stop",
        }
    }
}

/// The engine did not do it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, thiserror::Error)]
#[error("{}", .why.en)]
pub struct Refused {
    /// What kind of refusal: decides the HTTP status.
    pub kind: RefusedKind,
    /// Why, and what would work.
    pub why: Say,
}

impl Refused {
    pub(crate) fn new(kind: RefusedKind, why: Say) -> Self {
        Self { kind, why }
    }

    pub(crate) fn unknown(fr: impl Into<String>, en: impl Into<String>) -> Self {
        Self::new(RefusedKind::Unknown, Say::new(fr, en))
    }

    pub(crate) fn conflict(fr: impl Into<String>, en: impl Into<String>) -> Self {
        Self::new(RefusedKind::Conflict, Say::new(fr, en))
    }

    pub(super) fn stopping() -> Self {
        let fr = "le serveur central ne peut pas répondre : il s'arrête, ou le disque refuse";
        let why = Say::new(fr, "the core cannot answer: it is stopping, or the disk refuses");
        Self::new(RefusedKind::Unavailable, why)
    }
}

/// What kind of refusal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum RefusedKind {
    /// No such room, session, slot, game or output.
    Unknown,
    /// It does not fit what runs now.
    Conflict,
    /// The request itself is wrong.
    Invalid,
    /// The core cannot now: the disk is full, or it is stopping.
    Unavailable,
}
