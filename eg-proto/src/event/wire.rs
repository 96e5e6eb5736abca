//! The JSON shape of an event: `kind` beside a `data` object that holds what that kind needs.

use super::{Event, EventKind, EventTime, Fault, State};
use crate::{Boot, DeviceName, InputName};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use std::borrow::Cow;
use std::collections::BTreeMap;

/// The version of this shape that is written and understood.
const VERSION: u32 = 1;
/// Readers of the first years know four words of `what`. What came later is written as the one that is nearest to it,
/// and `cause` says what it is.
const GHOST: &str = "ghost";

/// The shape as it is read.
#[derive(Deserialize)]
struct EventJson<'a> {
    v: u32,
    boot: Boot,
    seq: u64,
    device: DeviceName,
    input: InputName,
    #[serde(borrow)]
    kind: Cow<'a, str>,
    t: EventTime,
    #[serde(default)]
    late: bool,
    #[serde(default)]
    sim: bool,
    #[serde(default)]
    data: Data,
}

/// The shape as it is written: of an event that is borrowed.
#[derive(Serialize)]
struct EventText<'a> {
    v: u32,
    boot: Boot,
    seq: u64,
    device: &'a DeviceName,
    input: &'a InputName,
    kind: &'static str,
    t: EventTime,
    late: bool,
    sim: bool,
    data: DataText<'a>,
}

macro_rules! data {
    ($($field:ident: $read:ty, $written:ty;)+) => {
        /// Every field that some kind carries.
        #[derive(Default, Deserialize)]
        struct Data {
            $(#[serde(default)] $field: Option<$read>,)+
        }

        /// The same fields, as they are written.
        #[derive(Default, Serialize)]
        struct DataText<'a> {
            $(#[serde(skip_serializing_if = "Option::is_none")] $field: Option<$written>,)+
        }
    };
}

data!(
    on: bool, bool;
    delta: i32, i32;
    v: f64, f64;
    min: f64, f64;
    max: f64, f64;
    unit: String, &'a str;
    uid: String, &'a str;
    symbol: String, &'a str;
    text: String, &'a str;
    levels: Vec<bool>, &'a [bool];
    states: BTreeMap<InputName, State>, &'a BTreeMap<InputName, State>;
    what: Fault, Fault;
    cause: String, &'a str;
    count: u64, u64;
    ms: u64, u64;
    inputs: Vec<InputName>, &'a [InputName];
);

impl Serialize for Event {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        EventText::from(self).serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Event {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        EventJson::deserialize(deserializer)?.try_into().map_err(de::Error::custom)
    }
}

/// Reasons why an event's fields do not make an event.
#[derive(Debug, thiserror::Error)]
enum Mismatch {
    #[error("v: version {0} is not understood, 1 is")]
    Version(u32),
    #[error("seq: 0 is no number, the first event of a boot is 1")]
    Seq,
    #[error("kind: no kind called {0:?}")]
    Kind(String),
    #[error("data.{field}: missing, a {kind} needs it")]
    Missing { kind: &'static str, field: &'static str },
    #[error("data.count: {0} is too large")]
    Count(u64),
}

impl TryFrom<EventJson<'_>> for Event {
    type Error = Mismatch;

    fn try_from(wire: EventJson<'_>) -> Result<Self, Mismatch> {
        let EventJson { v, boot, seq, device, input, kind, t, late, sim, data } = wire;
        if v != VERSION {
            return Err(Mismatch::Version(v));
        }
        if seq == 0 {
            return Err(Mismatch::Seq);
        }
        let kind = parse(kind, data)?;
        Ok(Self { boot, seq, device, input, kind, t, late, sim })
    }
}

fn parse(kind: Cow<'_, str>, data: Data) -> Result<EventKind, Mismatch> {
    macro_rules! need {
        ($kind:literal, $field:ident) => {
            data.$field.ok_or(Mismatch::Missing { kind: $kind, field: stringify!($field) })?
        };
    }
    Ok(match kind.as_ref() {
        "press" => EventKind::Press,
        "release" => EventKind::Release,
        "switch" => EventKind::Switch { on: need!("switch", on) },
        "turn" => EventKind::Turn { delta: need!("turn", delta) },
        "value" => EventKind::Value {
            v: need!("value", v),
            min: need!("value", min),
            max: need!("value", max),
            unit: data.unit.unwrap_or_default(),
        },
        "tag" => EventKind::Tag { uid: need!("tag", uid) },
        "tag_removed" => EventKind::TagRemoved { uid: need!("tag_removed", uid) },
        "key" => EventKind::Key { symbol: need!("key", symbol) },
        "line" => EventKind::Line { text: need!("line", text) },
        "snapshot" => EventKind::Snapshot {
            levels: need!("snapshot", levels),
            states: data.states.unwrap_or_default(),
        },
        "fault" => {
            let what = match (need!("fault", what), data.cause.as_deref()) {
                (Fault::LostEdges, Some(GHOST)) => Fault::Ghost,
                (what, _) => what,
            };
            EventKind::Fault { what, count: data.count.unwrap_or(1) }
        }
        "recovered" => EventKind::Recovered,
        "click" => {
            let count = need!("click", count);
            EventKind::Click { count: u32::try_from(count).map_err(|_| Mismatch::Count(count))? }
        }
        "hold" => EventKind::Hold { ms: need!("hold", ms) },
        "hold_end" => EventKind::HoldEnd { ms: need!("hold_end", ms) },
        "chord" => EventKind::Chord { inputs: need!("chord", inputs) },
        _ => return Err(Mismatch::Kind(kind.into_owned())),
    })
}

impl<'a> From<&'a Event> for EventText<'a> {
    fn from(event: &'a Event) -> Self {
        let Event { boot, seq, device, input, kind, t, late, sim } = event;
        let (boot, seq, t, late, sim) = (*boot, *seq, *t, *late, *sim);
        let (kind, data) = (kind.name(), data_of(kind));
        Self { v: VERSION, boot, seq, device, input, kind, t, late, sim, data }
    }
}

fn data_of(kind: &EventKind) -> DataText<'_> {
    let none = DataText::default();
    match kind {
        EventKind::Press | EventKind::Release | EventKind::Recovered => none,
        EventKind::Switch { on } => DataText { on: Some(*on), ..none },
        EventKind::Turn { delta } => DataText { delta: Some(*delta), ..none },
        EventKind::Value { v, min, max, unit } => {
            DataText { v: Some(*v), min: Some(*min), max: Some(*max), unit: Some(unit), ..none }
        }
        EventKind::Tag { uid } | EventKind::TagRemoved { uid } => {
            DataText { uid: Some(uid), ..none }
        }
        EventKind::Key { symbol } => DataText { symbol: Some(symbol), ..none },
        EventKind::Line { text } => DataText { text: Some(text), ..none },
        EventKind::Snapshot { levels, states } => {
            let states = Some(states).filter(|states| !states.is_empty());
            DataText { levels: Some(levels), states, ..none }
        }
        EventKind::Fault { what: Fault::Ghost, count } => {
            let (what, cause) = (Some(Fault::LostEdges), Some(GHOST));
            DataText { what, cause, count: Some(*count), ..none }
        }
        EventKind::Fault { what, count } => {
            DataText { what: Some(*what), count: Some(*count), ..none }
        }
        EventKind::Click { count } => DataText { count: Some((*count).into()), ..none },
        EventKind::Hold { ms } | EventKind::HoldEnd { ms } => DataText { ms: Some(*ms), ..none },
        EventKind::Chord { inputs } => DataText { inputs: Some(inputs), ..none },
    }
}
