//! Commands to the engine, as pages, the API and the old contract send them.

use super::read_model::Place;
use crate::access;
use crate::journal::Part;
use eg_game::Text;
use eg_proto::{Command as OutputCommand, Mode, NightStep, RoomId, SlotId};
use serde::Serialize;
use serde_json::{Map, Value};
use std::collections::BTreeMap;
use tokio::sync::oneshot;

/// Name of whoever sends a command, as the journal keeps it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Actor(pub String);

/// Command with its sender and the channel for its answer.
#[derive(Debug)]
pub struct Request {
    /// Sender of the command.
    pub by: Actor,
    /// Command to carry out.
    pub command: Command,
    /// Channel for the answer, which is sent once the round is stored.
    pub reply: oneshot::Sender<Answer>,
}

/// Receipt of a command that was carried out, or the reason why it was refused.
pub type Answer = Result<Receipt, Refused>;

/// Proof that a command was carried out and is stored.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Receipt {
    /// Number of the session that started, of the act in the journal, or of entries that were removed; 0 for commands
    /// that are not numbered.
    pub number: i64,
}

/// One command that the engine can carry out.
#[derive(Clone, Debug, PartialEq)]
pub enum Command {
    /// Starts a session. The receipt holds its number.
    Start {
        /// Room of the session.
        room: RoomId,
        /// Kind of game; `None` for the room's own.
        game: Option<String>,
        /// Settings of the game; `None` for the room's own.
        config: Option<Value>,
        /// Reason to start without the players who have not answered the roll-call.
        reason: Option<String>,
    },
    /// Acts in a room's running session. Every game knows `abort` and `reveal`. The receipt holds the act's number in
    /// the journal.
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
    /// Plays a room's show.
    Show {
        /// Room of the show.
        room: RoomId,
        /// Step to take.
        order: ShowOrder,
    },
    /// Calls the roll of a room, in which every player presses once, or ends the roll-call.
    RollCall {
        /// Room of the players.
        room: RoomId,
        /// `true` to call the roll, `false` to end the roll-call.
        on: bool,
    },
    /// Gives a slot, a room or its players names for people.
    Name(NewName),
    /// Ticks a line of a room's reset, or takes the tick back.
    Reset {
        /// Room that is put back.
        room: RoomId,
        /// English words of the line.
        line: String,
        /// `true` to tick the line.
        done: bool,
    },
    /// Saves settings of a room's own game for its next sessions, or goes back to those of the file.
    Settings {
        /// Room of the game.
        room: RoomId,
        /// Settings to save; `None` to go back.
        settings: Option<Value>,
    },
    /// Sets day or night.
    Mode {
        /// Room that is told; `None` for all of them.
        room: Option<RoomId>,
        /// Mode to set.
        mode: Mode,
    },
    /// Opens a step of the old contract: starts a session of the night vote if none runs, and closes any open question.
    NightStep(NightStep),
    /// Sends a command to an output of a slot. The slot's answer follows in the journal.
    Output {
        /// Slot of the output.
        slot: SlotId,
        /// Command as sent to the slot.
        command: OutputCommand,
    },
    /// Gives an order about a slot as a whole.
    Slot {
        /// Slot of the order.
        slot: SlotId,
        /// Order to carry out.
        order: SlotOrder,
    },
    /// Moves a slot on the plan of a room.
    Plan {
        /// Room of the plan.
        room: RoomId,
        /// Slot to move.
        slot: SlotId,
        /// New place of the slot; `None` to take it off the plan.
        place: Option<Place>,
    },
    /// Records that a stored session is exported, with its secrets. The receipt holds the act's number.
    Export {
        /// Number of the session.
        session: i64,
        /// Reason of the operator.
        reason: String,
    },
    /// Records acts on the identities of slots, which were carried out already, and replaces the alerts about clients
    /// that were refused.
    Identity {
        /// Acts, oldest first.
        acts: Vec<access::Act>,
        /// Alerts that stand, each by a name of its own.
        alerts: BTreeMap<String, Text>,
    },
    /// Removes one batch of journal entries that the archive holds. The receipt holds the number of removed entries; 0
    /// when none is left.
    Prune(Part),
}

/// Name for people that somebody gives; an empty one takes it away.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NewName {
    /// Names a slot as a place.
    Slot {
        /// Slot to name.
        slot: SlotId,
        /// Name of the slot.
        name: String,
    },
    /// Names a room.
    Room {
        /// Room to name.
        room: RoomId,
        /// Name of the room.
        name: String,
    },
    /// Says who plays in a room, in the place of all who were named before.
    Players {
        /// Room in which they play.
        room: RoomId,
        /// Name of whoever sits at each slot.
        players: BTreeMap<SlotId, String>,
    },
}

/// Order about a slot as a whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SlotOrder {
    /// Switches every output off.
    AllOff,
    /// Lights every lamp in turn.
    Lamps,
    /// Stops the lamps that light up in turn.
    StopLamps,
    /// Asks for the state of every input. Not recorded.
    Look,
    /// Restarts the agent.
    Restart,
}

/// Order of the operator to a show.
#[derive(Clone, Debug, PartialEq)]
pub struct ShowOrder {
    /// Step to take.
    pub act: ShowAct,
    /// Name of the item to go to; read by [`ShowAct::Jump`] alone.
    pub item: Option<String>,
    /// Show to start; `None` for the room's own. Read by [`ShowAct::Start`] alone.
    pub show: Option<Value>,
    /// Reason of the operator; required for every step other than `start` and `next`.
    pub reason: Option<String>,
}

/// Steps that the operator may take in a show.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ShowAct {
    /// Starts the show.
    Start,
    /// Starts the item that waits, or finishes the running session as its game does.
    Next,
    /// Skips the current item.
    Skip,
    /// Plays the current item again.
    Repeat,
    /// Goes to another item, given by name.
    Jump,
    /// Ends the show.
    Stop,
}

impl ShowAct {
    /// Returns the word for this step in the journal.
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

/// Refusal of a command.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, thiserror::Error)]
#[error("{}", .why.en)]
pub struct Refused {
    /// Kind of refusal; decides the HTTP status.
    pub kind: RefusedKind,
    /// Reason of the refusal, and what would work instead.
    pub why: Text,
}

impl Refused {
    pub(crate) fn new(kind: RefusedKind, why: Text) -> Self {
        Self { kind, why }
    }

    pub(crate) fn unknown(fr: impl Into<String>, en: impl Into<String>) -> Self {
        Self::new(RefusedKind::Unknown, Text::new(fr, en))
    }

    pub(crate) fn conflict(fr: impl Into<String>, en: impl Into<String>) -> Self {
        Self::new(RefusedKind::Conflict, Text::new(fr, en))
    }

    pub(super) fn stopping() -> Self {
        let fr = "le serveur central ne peut pas répondre : il s'arrête, ou le disque refuse";
        let why = Text::new(fr, "the core cannot answer: it is stopping, or the disk refuses");
        Self::new(RefusedKind::Unavailable, why)
    }
}

/// Kind of a refusal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum RefusedKind {
    /// Room, session, slot, game or output does not exist.
    Unknown,
    /// Command conflicts with what runs now.
    Conflict,
    /// Request itself is invalid.
    Invalid,
    /// Core cannot do it now: the disk refuses, or the core is stopping.
    Unavailable,
}
