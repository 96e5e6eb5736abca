//! What the core knows at this moment, as one value: the engine writes it, pages and the API read it.

use crate::show::{self, Outcome, Playing, Stage};
use eg_game::{Offer, Text, View};
use eg_proto::{
    Boot, DeviceName, DeviceState, InputKind, InputName, Mode, Noise, OutputName, Overall,
    Presence, RoomId, SlotClock, SlotId, Timestamp,
};
use serde::Serialize;
use serde_json::Value;
use std::collections::BTreeMap;
use std::net::IpAddr;

/// Everything that a page shows without asking the database.
#[derive(Clone, Debug, Default, PartialEq, Serialize, schemars::JsonSchema)]
pub struct State {
    /// Day or night.
    pub mode: Mode,
    /// Every slot that was ever heard of or that a room names.
    pub slots: BTreeMap<SlotId, Slot>,
    /// Every room of the YAML.
    pub rooms: BTreeMap<RoomId, Room>,
    /// What somebody should look at: full disk, a broker that is away, messages that could not be read.
    pub troubles: Vec<Text>,
    /// Why nothing can be stored; none while the journal takes everything.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub storage_fault: Option<Text>,
    /// What came in since this core started.
    pub counts: Counts,
}

/// What came in since this core started.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct Counts {
    /// Events stored.
    pub stored: u64,
    /// Events that came again and were dropped.
    pub duplicates: u64,
    /// Events that a slot numbered and that did not come, though later ones did.
    pub missing: u64,
    /// Messages that could not be read; they stand in quarantine.
    pub quarantined: u64,
}

/// One slot.
#[derive(Clone, Debug, PartialEq, Serialize, schemars::JsonSchema)]
pub struct Slot {
    /// Whether its agent is connected.
    pub presence: Presence,
    /// When it was last heard.
    pub last_seen: Option<Timestamp>,
    /// Its agent's version.
    pub version: String,
    /// Its agent's start.
    pub boot: Option<Boot>,
    /// Its inputs as a whole.
    pub overall: Option<Overall>,
    /// What it knows of the core's clock, as it told last.
    pub clock: Option<SlotClock>,
    /// Its boards, in the order of the slot's file.
    pub devices: Vec<Device>,
    /// The other machine that calls itself so, when there is one.
    pub twin: Option<Twin>,
    /// Whether the last event came from a simulated device.
    pub sim: bool,
    /// Counts of this slot.
    pub counts: Counts,
}

/// Two machines that call themselves as one slot does, and what tells them apart.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct Twin {
    /// Since when this is known.
    pub since: Timestamp,
    /// The starts of their agents, as far as they tell them.
    pub boots: Vec<Boot>,
    /// Their addresses, when the built-in broker sees them and they differ.
    pub addresses: Vec<IpAddr>,
}

/// One board of a slot.
#[derive(Clone, Debug, PartialEq, Serialize, schemars::JsonSchema)]
pub struct Device {
    /// Its name in the slot's YAML.
    pub name: DeviceName,
    /// Its driver's kind.
    pub driver: String,
    /// How it is.
    pub state: DeviceState,
    /// Since when.
    pub since: Option<Timestamp>,
    /// What is wrong.
    pub error: Option<String>,
    /// What it heard and could not use.
    pub noise: Option<Noise>,
    /// Its inputs by role.
    pub inputs: Vec<InputName>,
    /// What each input tells, as far as the agent says; agents up to 0.1.0 say nothing.
    pub kinds: Option<BTreeMap<InputName, InputKind>>,
    /// Its outputs by role.
    pub outputs: Vec<OutputName>,
}

/// One room.
#[derive(Clone, Debug, PartialEq, Serialize, schemars::JsonSchema)]
pub struct Room {
    /// The slots that play here, in the order of the YAML.
    pub slots: Vec<SlotId>,
    /// The game that `start` starts when nobody names another.
    pub game: String,
    /// The roll-call that stands, before a session starts.
    pub roll_call: Option<RollCall>,
    /// The name of the show that the room's settings name.
    pub own_show: Option<String>,
    /// The show that is played, or the last one.
    pub show: Option<Show>,
    /// The session that runs, or the last one.
    pub session: Option<Session>,
}

/// A show, and how far it is.
#[derive(Clone, Debug, PartialEq, Serialize, schemars::JsonSchema)]
pub struct Show {
    /// Its name.
    pub name: String,
    /// Its items, in the order of its file.
    pub items: Vec<ShowItem>,
    /// Where it is.
    pub stage: Stage,
    /// The item at which it is, or after which it stands, from 0.
    pub at: Option<usize>,
    /// The item that comes next as things stand, unless a branch leads elsewhere.
    pub next: Option<usize>,
}

/// One item of a show.
#[derive(Clone, Debug, PartialEq, Serialize, schemars::JsonSchema)]
pub struct ShowItem {
    /// Its name.
    pub name: String,
    /// Its game.
    pub game: String,
    /// Whether the operator starts it.
    pub wait: bool,
    /// What follows on which outcome.
    pub then: BTreeMap<String, String>,
    /// What follows otherwise: an item, `end` or `ask`.
    pub next: String,
    /// How it came out, when it was played last.
    pub outcome: Option<Outcome>,
    /// Its last session.
    pub session: Option<i64>,
}

impl Show {
    pub(crate) fn of(playing: &Playing) -> Self {
        let item = |(place, item): (usize, &show::Item)| {
            let last = playing.played.iter().rfind(|(played, ..)| *played == place);
            ShowItem {
                name: item.name.clone(),
                game: item.game.clone(),
                wait: item.wait,
                then: item.then.clone(),
                next: item.next.clone(),
                outcome: last.and_then(|(.., outcome)| outcome.clone()),
                session: last.map(|(_, session, _)| *session),
            }
        };
        let next = match playing.stage {
            Stage::Ready { item } => Some(item),
            Stage::Playing { item, .. } | Stage::Asking { after: item, .. } => {
                match playing.show.past(item) {
                    show::Goal::Item(next) => Some(next),
                    show::Goal::End | show::Goal::Ask => None,
                }
            }
            Stage::Ended | Stage::Stopped => None,
        };
        Self {
            name: playing.show.show.clone(),
            items: playing.show.items.iter().enumerate().map(item).collect(),
            stage: playing.stage.clone(),
            at: playing.item(),
            next,
        }
    }

    /// Whether it goes on.
    pub fn is_on(&self) -> bool {
        !matches!(self.stage, Stage::Ended | Stage::Stopped)
    }
}

/// A roll-call: everybody presses once, so that a dead button is found before the show.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct RollCall {
    /// Since when.
    pub at: Timestamp,
    /// Who called it.
    pub by: String,
    /// Who has pressed since.
    pub present: Vec<SlotId>,
    /// Who has not.
    pub missing: Vec<SlotId>,
}

/// One session.
#[derive(Clone, Debug, PartialEq, Serialize, schemars::JsonSchema)]
pub struct Session {
    /// Its number.
    pub id: i64,
    /// Its game's kind.
    pub game: String,
    /// How it is.
    pub status: SessionStatus,
    /// When it started.
    pub started: Timestamp,
    /// What the operator sees: secret ballots only when `revealed`.
    pub operator: View,
    /// What everybody sees.
    pub public: View,
    /// What the operator may do now.
    pub offers: Vec<Offer>,
    /// Why things stand as they do.
    pub explain: Text,
    /// How things stand, as slots know it: by subject, e.g. `payouts`.
    pub told: BTreeMap<String, Value>,
    /// Whether the operator has revealed what is secret.
    pub revealed: bool,
    /// It was rebuilt from the journal after a restart of the core.
    pub resumed: bool,
    /// What the operator did in it, the latest acts, oldest first.
    pub acts: Vec<Deed>,
    /// Hints that stand: what the operator lets the room or one slot read.
    pub hints: Vec<Hint>,
}

/// A text that the operator lets players read, until another takes its place or the session ends.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct Hint {
    /// Where it is read: at this slot, or on the room's display when none is named.
    pub slot: Option<SlotId>,
    /// The operator's words.
    pub text: String,
}

/// One act of the operator: what it changed in what they see, and whether it was undone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct Deed {
    /// Its number in the journal.
    pub entry: i64,
    /// When.
    pub at: Timestamp,
    /// Who.
    pub by: String,
    /// Which act.
    pub name: String,
    /// The act in people's words.
    pub label: Text,
    /// Why, in their own words.
    pub reason: Option<String>,
    /// Why the game did not do it.
    pub refused: Option<Text>,
    /// Lines of the operator's view that stood before it and were gone after it.
    pub before: Vec<Text>,
    /// Lines that stood after it and not before.
    pub after: Vec<Text>,
    /// The act that undid it.
    pub undone: Option<i64>,
    /// Whether it can be undone now.
    pub can_undo: bool,
}

/// How a session is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum SessionStatus {
    /// It takes inputs.
    Running,
    /// It ran its course.
    Done,
    /// The operator called it off.
    Aborted,
    /// Its game panicked: what it said. Nothing else stopped.
    Failed(String),
}
