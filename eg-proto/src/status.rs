//! Messages of agents and the core about themselves, and their agreement on the time.

use crate::compat::Loose;
use crate::{Boot, DeviceName, InputName, Latency, OutputName, RoomId, SlotId, Timestamp};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

/// Presence of an agent: the bare word on `eg/dev/<slot>/status`, retained; `offline` is also its will.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Presence {
    /// Connected.
    Online,
    /// Gone, by its own word or by its will.
    Offline,
}

impl Presence {
    /// The word on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Online => "online",
            Self::Offline => "offline",
        }
    }
}

impl fmt::Display for Presence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A payload of `status` that is neither word.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is no presence: online or offline is wanted")]
pub struct PresenceError(String);

impl FromStr for Presence {
    type Err = PresenceError;
    fn from_str(text: &str) -> Result<Self, PresenceError> {
        match text {
            "online" => Ok(Self::Online),
            "offline" => Ok(Self::Offline),
            _ => Err(PresenceError(text.chars().take(64).collect())),
        }
    }
}

/// Introduction of a slot, on `eg/dev/<slot>/hello`, QoS 1, retained. Agents of the old contract leave `boot` and
/// `devices` out.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Hello {
    /// Always `slot` for an agent.
    #[serde(rename = "type")]
    pub kind: String,
    /// The agent's version.
    #[serde(default)]
    pub version: String,
    /// Date at which it was said, RFC 3339 in the slot's own clock: for people, never for ordering.
    #[serde(default)]
    pub ts: Option<Loose>,
    /// The agent's start.
    #[serde(default)]
    pub boot: Option<Boot>,
    /// Boards of the slot.
    #[serde(default)]
    pub devices: Vec<DeviceHello>,
    /// Abilities of the agent itself; left out by agents up to 0.1.0.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub agent: Option<AgentHello>,
}

/// Agent of a slot, in its [`Hello`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct AgentHello {
    /// Version of the messages that it speaks, see [`PROTOCOL`].
    pub protocol: u32,
    /// `true` if an [`AgentCommand`] restarts it: something starts it again, and the slot's file does not forbid it.
    #[serde(default)]
    pub restarts: bool,
    /// TCP port of the slot's own page; left out where only its own machine reaches it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub page: Option<u16>,
}

/// Version of the messages between agents and the core. An addition that older ones pass by does not raise it.
pub const PROTOCOL: u32 = 1;

/// Order to an agent itself, on `eg/dev/<slot>/agent/cmd`, QoS 1. It is answered on `eg/dev/<slot>/cmd/ack` before it is
/// carried out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AgentCommand {
    /// Version of this message: [`PROTOCOL`].
    pub v: u32,
    /// Names this order in its answer; 1 to 64 characters.
    pub id: String,
    /// Moment after which it must not be carried out any more.
    pub expires_us: Timestamp,
    /// Order to carry out.
    pub order: AgentOrder,
}

/// Orders to an agent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AgentOrder {
    /// End in good order, outputs in their safe state, so that the supervisor starts the agent again.
    Restart,
    /// One that a later core knows of.
    #[serde(other)]
    Unknown,
}

/// One board in a [`Hello`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeviceHello {
    /// Name in the slot's YAML.
    pub name: DeviceName,
    /// Kind of the driver.
    pub driver: String,
    /// Inputs by role.
    #[serde(default)]
    pub inputs: Vec<InputName>,
    /// Outputs by role.
    #[serde(default)]
    pub outputs: Vec<OutputName>,
    /// Kind of each input, as far as the agent knows. Agents up to 0.1.0 leave it out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kinds: Option<BTreeMap<InputName, InputKind>>,
    /// Version of the driver; left out by agents up to 0.1.0.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
}

/// Kinds of inputs, by the events that they tell.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum InputKind {
    /// A momentary contact: `press` and `release`.
    Press,
    /// A maintained contact: `switch`.
    Switch,
    /// A tag reader: `tag` and `tag_removed`.
    Tag,
    /// A dial: `turn`.
    Turn,
    /// A measured value: `value`.
    Value,
    /// A keyboard or a scanner: `key` or `line`.
    Text,
    /// One that a later agent knows of.
    #[serde(other)]
    Unknown,
}

/// Health of a slot's boards, on `eg/dev/<slot>/input/status`, QoS 1, retained.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct InputStatus {
    /// The slot as a whole.
    pub status: Overall,
    /// The slot's id.
    pub device_id: String,
    /// Number of inputs that the slot's YAML names.
    #[serde(default)]
    pub button_count: u32,
    /// Number of outputs that the slot's YAML names.
    #[serde(default)]
    pub led_count: u32,
    /// E.g. `buttons`, `leds`, `rfid`.
    #[serde(default)]
    pub capabilities: Vec<String>,
    /// Date at which it was said, RFC 3339 in the slot's own clock.
    #[serde(default)]
    pub timestamp: Option<Loose>,
    /// Each board.
    #[serde(default)]
    pub devices: BTreeMap<DeviceName, DeviceStatus>,
    /// Times that presses took; left out before the first, and by agents up to 0.1.0.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub latency: Option<Latency>,
}

/// A slot's inputs as a whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Overall {
    /// Every board is ready.
    Online,
    /// At least one board is lost or faulty, or the outbox has trouble.
    Degraded,
    /// The agent stopped.
    Offline,
}

/// One board's health.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeviceStatus {
    /// State of the board.
    pub state: DeviceState,
    /// Moment since which, in the core's clock as the slot knows it; null before the first clock sync.
    #[serde(default)]
    pub since: Option<Timestamp>,
    /// Error in one line; null when ready.
    #[serde(default)]
    pub error: Option<String>,
    /// Frames and codes that the board heard and could not use since it was opened; left out while there are none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub noise: Option<Noise>,
}

/// Frames and codes that a board received and could not use: with a wrong checksum, or of another kind than it was told
/// to expect.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Noise {
    /// Number of frames or codes.
    pub count: u64,
    /// The last of them: what is wrong with it, and its bytes.
    pub last: String,
}

/// State of a board.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum DeviceState {
    /// Open and answering.
    Ready,
    /// Cannot be opened, or failed: it is tried again with growing pauses.
    Lost,
    /// Open, but something about it is wrong, e.g. edges were lost.
    Fault,
}

/// Acknowledgement: everything up to and including `seq` of `boot` is durably stored. On `eg/dev/<slot>/input/ack`, QoS
/// 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ack {
    /// The agent's start.
    pub boot: Boot,
    /// The highest stored number; 0 before the first.
    pub seq: u64,
    /// `true` while numbers after `seq` are missing: the agent sends everything after it again. Left out otherwise, and
    /// not known to agents up to 0.1.0.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub again: bool,
}

impl Ack {
    /// Acknowledges everything up to and including `seq`.
    pub fn new(boot: Boot, seq: u64) -> Self {
        Self { boot, seq, again: false }
    }
}

/// An agent asks for the time: `eg/dev/<slot>/clock/ping`, QoS 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClockPing {
    /// Number of the ping, from 1.
    pub n: u64,
    /// The slot's clock when it was sent, µs: by `CLOCK_MONOTONIC_RAW`, which NTP does not bend.
    pub t1_us: u64,
    /// Estimate of the core's clock so far; left out before the first answer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sync: Option<SlotClock>,
    /// Number of events that wait in the slot's outbox for the core's acknowledgement; left out by agents that do not
    /// tell.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub waiting: Option<u64>,
    /// Time within which the next ping follows, ms; left out by agents that do not tell. A core that hears nothing for
    /// much longer takes the slot for lost.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next_ms: Option<u32>,
}

/// Estimate of the core's clock by a slot, for the core and for people.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema,
)]
pub struct SlotClock {
    /// The core's clock minus the slot's, µs.
    pub offset_us: i64,
    /// The true offset lies within ± this many microseconds.
    pub bound_us: u64,
    /// The worst of the last round trips, µs.
    pub trip_us: u64,
    /// By how much the core's clock runs faster than the slot's, in parts per billion; left out before it is measured.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub drift_ppb: Option<i64>,
    /// By how much more than ± 100 ppm the two clocks were seen to differ in rate, in parts per billion. The bound
    /// reckons with it; left out for clocks that go as crystals do.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub beyond_ppb: Option<u64>,
    /// By how much something such as NTP bends the clock that the slot's kernel stamps with, in parts per billion; left
    /// out while nothing does. The slot takes it out again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bent_ppb: Option<i64>,
    /// The slot's own date minus the core's, µs: for people, never for ordering.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ahead_us: Option<i64>,
}

/// The core's answer: `eg/dev/<slot>/clock/pong`, QoS 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClockPong {
    /// Number of the ping that is answered.
    pub n: u64,
    /// Stamp of the ping.
    pub t1_us: u64,
    /// Moment at which the core received the ping.
    pub t2_us: Timestamp,
    /// Moment at which the core answered.
    pub t3_us: Timestamp,
    /// The core's start: what was measured against another one does not count. Left out by cores that do not tell.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub boot: Option<Boot>,
}

/// The core is here: `eg/core/hello`, QoS 1, at every start and reconnect. Each agent answers by repeating its
/// `status`, `hello` and `input/status`, because some brokers do not deliver retained messages through a wildcard.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CoreHello {
    /// The core's id, `core-01` by default.
    pub device_id: String,
    /// The core's version.
    pub version: String,
    /// The core's start.
    pub boot: Boot,
}

/// A room's public state, on `eg/room/<room>/state`, QoS 1, retained; never a secret ballot.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RoomState {
    /// The room.
    pub room: RoomId,
    /// The running session, or null.
    pub session: Option<i64>,
    /// Game module of the session.
    pub game: Option<String>,
    /// The session's phase by its own word, e.g. `open`.
    pub phase: Option<String>,
    /// The slots that take part.
    pub roster: Vec<SlotId>,
    /// The view for the public, as the game module gives it.
    pub view: serde_json::Value,
    /// Text that the operator lets everybody in the room read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hint: Option<String>,
    /// The same text with its number and its end; left out by cores up to 0.1.0.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub room_hint: Option<Hint>,
}

/// Text that the operator lets one slot read, on `eg/dev/<slot>/hint`, QoS 1, retained. An empty payload: nothing
/// stands, or its end has come.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hint {
    /// The operator's words.
    pub text: String,
    /// The same in English, where `text` is in French and both were given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub en: Option<String>,
    /// Number of the hint in the core's journal: whoever plays a sound for it does so once. Left out by cores up to
    /// 0.1.0.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<i64>,
    /// Time at which it will be taken away, in the core's clock. The core says so then; this is for a countdown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ends_us: Option<Timestamp>,
    /// `true` if it is to be read aloud where that can be done.
    #[serde(default, skip_serializing_if = "is_false")]
    pub aloud: bool,
}

fn is_false(flag: &bool) -> bool {
    !flag
}
