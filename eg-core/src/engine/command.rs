//! The door to the engine: what pages, the API and the old contract may ask of it.

use crate::journal::Part;
use eg_game::Say;
use eg_proto::{Command, Mode, NightStep, RoomId, SlotId};
use serde::Serialize;
use serde_json::{Map, Value};
use tokio::sync::oneshot;

/// Who asks, for the journal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Actor(pub String);

/// One thing to do, with a place for the answer.
#[derive(Debug)]
pub enum Request {
    /// Start a session of a game in a room.
    Start {
        /// Which room.
        room: RoomId,
        /// Which game; the room's own when none is named.
        game: Option<String>,
        /// Its settings; the room's own when none are given.
        config: Option<Value>,
        /// Why it starts without those who have not answered the roll-call.
        reason: Option<String>,
        /// Who asks.
        by: Actor,
        /// The session's number.
        answer: oneshot::Sender<Result<i64, Refused>>,
    },
    /// Act in a room's running session. `abort` and `reveal` are known to every game.
    Act {
        /// Which room.
        room: RoomId,
        /// Which act.
        name: String,
        /// Its fields.
        args: Map<String, Value>,
        /// Why.
        reason: Option<String>,
        /// Who asks.
        by: Actor,
        /// The act's number in the journal.
        answer: oneshot::Sender<Result<i64, Refused>>,
    },
    /// Play a room's show.
    Show {
        /// Which room.
        room: RoomId,
        /// What.
        order: ShowOrder,
        /// Who asks.
        by: Actor,
        /// Done.
        answer: oneshot::Sender<Result<(), Refused>>,
    },
    /// Call the roll of a room, or end it.
    RollCall {
        /// Which room.
        room: RoomId,
        /// Call it, or end it.
        on: bool,
        /// Who asks.
        by: Actor,
        /// Done.
        answer: oneshot::Sender<Result<(), Refused>>,
    },
    /// Set day or night.
    Mode {
        /// Which.
        mode: Mode,
        /// Who asks.
        by: Actor,
        /// Done.
        answer: oneshot::Sender<Result<(), Refused>>,
    },
    /// Open a step as the old contract does: starts a session when none runs.
    NightStep {
        /// The step.
        step: NightStep,
        /// Who asks.
        by: Actor,
        /// Done.
        answer: oneshot::Sender<Result<(), Refused>>,
    },
    /// Take a recorded session out of the core: written down, because it holds every secret.
    Export {
        /// Which session.
        session: i64,
        /// Why.
        reason: String,
        /// Who asks.
        by: Actor,
        /// The act's number in the journal.
        answer: oneshot::Sender<Result<i64, Refused>>,
    },
    /// Forget what the archive holds, a few entries at a time.
    Forget {
        /// What the archive holds.
        part: Part,
        /// How many entries were forgotten; 0 when none is left.
        answer: oneshot::Sender<Result<usize, Refused>>,
    },
    /// Try an output of a slot.
    Output {
        /// Which slot.
        slot: SlotId,
        /// What to do.
        command: Command,
        /// Who asks.
        by: Actor,
        /// Sent.
        answer: oneshot::Sender<Result<(), Refused>>,
    },
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
