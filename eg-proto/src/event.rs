//! Events: readings made normal — named, debounced, numbered and timed.

use crate::{Boot, DeviceName, InputName, Timestamp};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

mod wire;

/// One thing that happened at an input. On `eg/dev/<slot>/input/event`, QoS 1, never retained.
#[derive(Clone, Debug, PartialEq)]
pub struct Event {
    /// The agent's start that numbered it.
    pub boot: Boot,
    /// 1, 2, 3 … over all devices of the slot within that boot. A gap is a lost event.
    pub seq: u64,
    /// Name of the board.
    pub device: DeviceName,
    /// Name of the input on it.
    pub input: InputName,
    /// Kind of event.
    pub kind: EventKind,
    /// Time of the event at its source.
    pub t: EventTime,
    /// Sent from the outbox after an outage.
    pub late: bool,
    /// `true` from a simulated device. Nothing downstream can clear it.
    pub sim: bool,
}

/// Kinds of events, with what each carries.
///
/// The vocabulary follows Linux `EV_KEY`, `EV_SW`, `EV_REL`, `EV_ABS` and the gesture names of ESPHome.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum EventKind {
    /// A momentary input became active. Sent at once, never held back for a gesture.
    Press,
    /// A momentary input became inactive.
    Release,
    /// A maintained input took this position.
    Switch {
        /// `true` if the input is active.
        on: bool,
    },
    /// A dial turned by so many detents; clockwise is positive.
    Turn {
        /// Detents.
        delta: i32,
    },
    /// An analogue input reached a value.
    Value {
        /// The value, between `min` and `max`.
        v: f64,
        /// The least it can be.
        min: f64,
        /// The most it can be.
        max: f64,
        /// Unit of the value, e.g. `V`; empty for a bare ratio.
        unit: String,
    },
    /// A tag came into the field.
    Tag {
        /// Upper-case hexadecimal, as the reader gives it, e.g. `04A37C91`.
        uid: String,
    },
    /// A tag left the field.
    TagRemoved {
        /// UID as in [`EventKind::Tag`].
        uid: String,
    },
    /// A key of a keypad, by its printed symbol.
    Key {
        /// E.g. `7`, `#`.
        symbol: String,
    },
    /// A line from a barcode or serial reader.
    Line {
        /// Text without its line end.
        text: String,
    },
    /// State of everything on a device: when it was opened, after a resync, on request. Never a press.
    Snapshot {
        /// `true` for each two-state input that is active, by channel.
        levels: Vec<bool>,
        /// The inputs that have a state, each by its name. One that is not here is not known; agents before this field
        /// leave it out.
        states: BTreeMap<InputName, State>,
    },
    /// Fault of the input or its device.
    Fault {
        /// Kind of fault.
        what: Fault,
        /// Number of times that the fault was seen, e.g. edges lost; at least 1.
        count: u64,
    },
    /// The fault is over.
    Recovered,
    /// Several presses in quick succession, and then a pause.
    Click {
        /// Presses, from 1.
        count: u32,
    },
    /// Input that is still held after this long.
    Hold {
        /// Milliseconds since the press.
        ms: u64,
    },
    /// Released after a hold.
    HoldEnd {
        /// Milliseconds from press to release.
        ms: u64,
    },
    /// Several inputs were pressed together.
    Chord {
        /// Names in the order of the YAML.
        inputs: Vec<InputName>,
    },
}

/// State of an input.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum State {
    /// A two-state input is active, or it is not.
    On(bool),
    /// A dial or a sensor has this value.
    Value(f64),
    /// Tags that lie on a reader; none: nothing lies there.
    Tags(Vec<String>),
}

/// Faults of an input or its device.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Fault {
    /// The input is held for longer than anybody holds a button.
    Stuck,
    /// More edges than a hand can make.
    BounceStorm,
    /// Transfers on the bus fail.
    BusError,
    /// The kernel or a chip's FIFO overflowed: edges are missing.
    LostEdges,
    /// More keys of a matrix are down than anybody can tell apart: current goes round through the others.
    Ghost,
}

/// Time of an event at its source, in the core's clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EventTime {
    /// The moment; null when the slot did not know the core's clock: it happened before it arrived, and nobody knows when.
    pub core_us: Option<Timestamp>,
    /// The true moment lies within ± this many microseconds.
    pub unc_us: u64,
    /// Source of the stamp, which tells how good the time is.
    pub src: Source,
    /// The start of the core by whose clock `core_us` goes: a core whose clock is another does not believe it. Left out
    /// where there is no time, and by agents that do not tell; they are believed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub core: Option<Boot>,
}

/// Source of an event's time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Source {
    /// A GPIO or evdev edge, stamped by the kernel.
    Kernel,
    /// Stamped when the driver was woken by a chip's interrupt.
    Driver,
    /// Seen by a poll: `unc_us` is at least half its period.
    Poll,
    /// A person clicked a simulated button.
    Synthetic,
}

impl EventKind {
    /// The kind's name on the wire, e.g. `press`.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Press => "press",
            Self::Release => "release",
            Self::Switch { .. } => "switch",
            Self::Turn { .. } => "turn",
            Self::Value { .. } => "value",
            Self::Tag { .. } => "tag",
            Self::TagRemoved { .. } => "tag_removed",
            Self::Key { .. } => "key",
            Self::Line { .. } => "line",
            Self::Snapshot { .. } => "snapshot",
            Self::Fault { .. } => "fault",
            Self::Recovered => "recovered",
            Self::Click { .. } => "click",
            Self::Hold { .. } => "hold",
            Self::HoldEnd { .. } => "hold_end",
            Self::Chord { .. } => "chord",
        }
    }
}
