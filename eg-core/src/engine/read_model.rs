//! Read model of the core: one value that the engine writes, and that pages and the API read.

mod panel;
mod plan;
mod session;

pub use panel::{BoardLights, InputLight, LogLine, OutputLight, Panel, Told, TourProgress};
pub use plan::{Place, RoomPlan};
pub use session::{ActRecord, ForcedInput, Hint, Session, SessionClock, SessionStatus};

use super::alerts::Alert;
use crate::config::HintSettings;
use crate::names::Names;
use crate::show;
use crate::show::{Outcome, Playing, Stage};
use eg_game::Text;
use eg_proto::{
    AgentHello, Boot, DeviceName, DeviceState, InputKind, InputName, Latency, Mode, Noise,
    OutputName, Overall, Presence, RoomId, SlotClock, SlotId, Timestamp,
};
use serde::{Deserialize, Serialize, Serializer};
use serde_json::Value;
use std::collections::BTreeMap;
use std::net::IpAddr;
use std::sync::Arc;

/// State of the core that pages show without asking the database.
#[derive(Clone, Debug, Default, PartialEq, Serialize, schemars::JsonSchema)]
#[schemars(rename = "State")]
pub struct ReadModel {
    /// Mode that slots of older installations are told: day or night of their room, else of the first one.
    pub mode: Mode,
    /// Every slot that was ever heard or that a room names, by id.
    #[serde(serialize_with = "slots")]
    #[schemars(with = "BTreeMap<SlotId, Slot>")]
    pub slots: BTreeMap<SlotId, Arc<Slot>>,
    /// Inputs and outputs of each slot as they are now. Pages show them; the public state does not carry them.
    #[serde(skip)]
    pub panels: BTreeMap<SlotId, Arc<Panel>>,
    /// Places of the slots on the plan of each room.
    #[serde(serialize_with = "plans")]
    #[schemars(with = "BTreeMap<RoomId, RoomPlan>")]
    pub plans: BTreeMap<RoomId, Arc<RoomPlan>>,
    /// Every room of the YAML, by id.
    pub rooms: BTreeMap<RoomId, Room>,
    /// Settings of every room. They may hold what players must not know, and so are no part of what is published.
    #[serde(skip)]
    pub settings: BTreeMap<RoomId, Arc<RoomSettings>>,
    /// Alerts that somebody should look at: a full disk, a lost broker, messages that could not be read.
    pub troubles: Vec<Text>,
    /// The same alerts by what they are about, for the list of what needs attention.
    #[serde(skip)]
    pub alerts: BTreeMap<Alert, Text>,
    /// Reason why nothing can be stored; absent while the journal takes everything.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub storage_fault: Option<Text>,
    /// Counts of everything that came in since this core started.
    pub counts: Counts,
    /// Names for people of slots, rooms and players.
    #[serde(serialize_with = "names")]
    #[schemars(with = "Names")]
    pub names: Arc<Names>,
}

impl ReadModel {
    /// Returns the state without the other rooms and their slots. A room that is not known has nothing.
    pub fn of_room(&self, id: &RoomId) -> Self {
        let rooms: BTreeMap<_, _> = self
            .rooms
            .get_key_value(id)
            .map(|(id, room)| (id.clone(), room.clone()))
            .into_iter()
            .collect();
        let seats = rooms.values().flat_map(|room| &room.slots);
        let slots = seats.filter_map(|slot| self.slots.get_key_value(slot));
        let slots = slots.map(|(id, slot)| (id.clone(), Arc::clone(slot))).collect();
        Self { slots, rooms, ..self.clone() }
    }
}

/// Settings of a room's own game.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct RoomSettings {
    /// Settings of the file.
    pub file: Value,
    /// Settings that an operator saved in their place.
    pub saved: Option<SavedSettings>,
    /// Slots that play in the room; `None` if the file names none.
    pub players: Option<Vec<SlotId>>,
}

impl RoomSettings {
    /// Returns the settings with which the next session starts.
    pub fn now(&self) -> &Value {
        self.saved.as_ref().map_or(&self.file, |saved| &saved.config)
    }
}

/// Settings that an operator saved.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SavedSettings {
    /// Kind of the game that they belong to.
    pub game: String,
    /// Settings of that game.
    pub config: Value,
    /// Name of the operator.
    pub by: String,
    /// Time of the act.
    pub at: Timestamp,
}

/// Writes the slots as they are, and not as pointers to them.
fn slots<S: Serializer>(
    slots: &BTreeMap<SlotId, Arc<Slot>>,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    serializer.collect_map(slots.iter().map(|(id, slot)| (id, slot.as_ref())))
}

/// Writes the names as they are, and not as a pointer to them.
fn names<S: Serializer>(names: &Arc<Names>, serializer: S) -> Result<S::Ok, S::Error> {
    names.as_ref().serialize(serializer)
}

/// Writes the plans as they are, and not as pointers to them.
fn plans<S: Serializer>(
    plans: &BTreeMap<RoomId, Arc<RoomPlan>>,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    serializer.collect_map(plans.iter().map(|(id, plan)| (id, plan.as_ref())))
}

/// Counts of what came in since this core started.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct Counts {
    /// Number of events stored.
    pub stored: u64,
    /// Number of events that came again and were dropped.
    pub duplicates: u64,
    /// Number of events that are missing from the numbering of slots, though later ones came.
    pub missing: u64,
    /// Number of messages that could not be read and stand in quarantine.
    pub quarantined: u64,
}

/// State of one slot.
#[derive(Clone, Debug, PartialEq, Serialize, schemars::JsonSchema)]
pub struct Slot {
    /// Connection of the agent to the broker.
    pub presence: Presence,
    /// Time at which the slot was last heard, in µs since the Unix epoch; null if never.
    pub last_seen: Option<Timestamp>,
    /// Version of the agent; empty while unknown.
    pub version: String,
    /// Boot id of the agent, drawn anew at each start.
    pub boot: Option<Boot>,
    /// Health of all inputs as a whole.
    pub overall: Option<Overall>,
    /// Clock synchronization with the core, as the slot reported it last.
    pub clock: Option<SlotClock>,
    /// Abilities of the agent itself; null for agents up to 0.1.0.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub agent: Option<AgentHello>,
    /// Boards of the slot, in the order of its file.
    pub devices: Vec<Device>,
    /// Evidence that a second machine uses the same slot id; null while there is one machine.
    pub twin: Option<Twin>,
    /// `true` if the last event came from a simulated device.
    pub sim: bool,
    /// Counts of this slot alone.
    pub counts: Counts,
    /// Times that its presses took, as the agent measured them; absent before the first, and for agents up to 0.1.0.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub latency: Option<Latency>,
}

impl Slot {
    /// Builds a slot of which nothing is known, offline.
    pub fn unheard() -> Self {
        Self {
            presence: Presence::Offline,
            last_seen: None,
            version: String::new(),
            boot: None,
            overall: None,
            clock: None,
            agent: None,
            devices: Vec::new(),
            twin: None,
            sim: false,
            counts: Counts::default(),
            latency: None,
        }
    }
}

/// Two machines that use the id of one slot, and what tells them apart.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct Twin {
    /// Time at which the second machine was noticed.
    pub since: Timestamp,
    /// Boot ids of the two agents, as far as they report them.
    pub boots: Vec<Boot>,
    /// IP addresses of the two machines, if the built-in broker sees them and they differ.
    pub addresses: Vec<IpAddr>,
}

/// State of one board of a slot.
#[derive(Clone, Debug, PartialEq, Serialize, schemars::JsonSchema)]
pub struct Device {
    /// Name of the board in the slot's YAML.
    pub name: DeviceName,
    /// Kind of the driver; empty while the slot has not said hello.
    pub driver: String,
    /// Version of the driver; null for agents up to 0.1.0.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
    /// State of the board.
    pub state: DeviceState,
    /// Time since which the board has this state; null if not reported.
    pub since: Option<Timestamp>,
    /// Error reported by the driver, if any.
    pub error: Option<String>,
    /// Signals that the driver received and could not use.
    pub noise: Option<Noise>,
    /// Names of the inputs, by role.
    pub inputs: Vec<InputName>,
    /// Kind of each input; null for agents up to 0.1.0, which do not report it.
    pub kinds: Option<BTreeMap<InputName, InputKind>>,
    /// Names of the outputs, by role.
    pub outputs: Vec<OutputName>,
}

/// State of one room.
#[derive(Clone, Debug, Default, PartialEq, Serialize, schemars::JsonSchema)]
pub struct Room {
    /// Day or night.
    pub mode: Mode,
    /// Slots that play in the room, in the order of the YAML.
    pub slots: Vec<SlotId>,
    /// Kind of game that `start` starts when no other is named.
    pub game: String,
    /// Roll-call that is open, before a session starts.
    pub roll_call: Option<RollCall>,
    /// Lines to tick before the next group; empty while a session runs.
    pub reset: Vec<ResetLine>,
    /// Silence, in µs, after which the clock warns that nobody does anything.
    pub idle_warn_us: u64,
    /// Silence, in µs, after which the clock alarms.
    pub idle_alarm_us: u64,
    /// Name of the show in the room's settings.
    pub own_show: Option<String>,
    /// Show that is on, or the last one.
    pub show: Option<ShowStatus>,
    /// Session that runs, or the last one.
    pub session: Option<Session>,
    /// Prepared hints, and how hints are given.
    pub hints: HintSettings,
}

/// Show of a room and its progress.
#[derive(Clone, Debug, PartialEq, Serialize, schemars::JsonSchema)]
#[schemars(rename = "Show")]
pub struct ShowStatus {
    /// Name of the show.
    pub name: String,
    /// Items of the show, in the order of its file.
    pub items: Vec<ShowItem>,
    /// Stage of the show.
    pub stage: Stage,
    /// Index, from 0, of the current item, or of the one after which the show waits.
    pub at: Option<usize>,
    /// Index of the item that comes next unless a branch leads elsewhere; null for the end.
    pub next: Option<usize>,
}

/// Item of a show.
#[derive(Clone, Debug, PartialEq, Serialize, schemars::JsonSchema)]
pub struct ShowItem {
    /// Name of the item.
    pub name: String,
    /// Kind of game that the item plays.
    pub game: String,
    /// `true` if the item waits for the operator to start it.
    pub wait: bool,
    /// Next step by outcome.
    pub then: BTreeMap<String, String>,
    /// Next step for every other outcome: the name of an item, `end` or `ask`.
    pub next: String,
    /// Outcome of the item when it was played last.
    pub outcome: Option<Outcome>,
    /// Number of the item's last session.
    pub session: Option<i64>,
}

impl ShowStatus {
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

    /// Returns `true` unless the show has ended or was stopped.
    pub fn is_on(&self) -> bool {
        !matches!(self.stage, Stage::Ended | Stage::Stopped)
    }
}

/// Roll-call of a room: every player presses once, so that a dead button is found before the session.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct RollCall {
    /// Time at which the roll was called.
    pub at: Timestamp,
    /// Name of whoever called it.
    pub by: String,
    /// Slots that have pressed since, in order of their ids.
    pub present: Vec<SlotId>,
    /// Slots that have not pressed yet.
    pub missing: Vec<SlotId>,
}

/// Line of a room's reset.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct ResetLine {
    /// Words of the line.
    pub what: Text,
    /// Name of whoever ticked it; null while it is open.
    pub by: Option<String>,
}
