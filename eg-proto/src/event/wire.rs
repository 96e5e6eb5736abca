//! The JSON shape of an event: `kind` beside a `data` object that holds what that kind needs.

use super::{EventKind, EventTime, Fault, State};
use crate::{Boot, DeviceName, InputName};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The version of this shape that is written and understood.
const VERSION: u32 = 1;
/// Readers of the first years know four words of `what`. What came later is written as the one that is nearest to it,
/// and `cause` says what it is.
const GHOST: &str = "ghost";

#[derive(Serialize, Deserialize)]
pub(super) struct EventJson {
    v: u32,
    boot: Boot,
    seq: u64,
    device: DeviceName,
    input: InputName,
    kind: String,
    t: EventTime,
    #[serde(default)]
    late: bool,
    #[serde(default)]
    sim: bool,
    #[serde(default)]
    data: Data,
}

macro_rules! data {
    ($($field:ident: $type:ty),+ $(,)?) => {
        /// Every field that some kind carries.
        #[derive(Default, Serialize, Deserialize)]
        struct Data {
            $(#[serde(default, skip_serializing_if = "Option::is_none")] $field: Option<$type>,)+
        }
    };
}

data!(
    on: bool,
    delta: i32,
    v: f64,
    min: f64,
    max: f64,
    unit: String,
    uid: String,
    symbol: String,
    text: String,
    levels: Vec<bool>,
    states: BTreeMap<InputName, State>,
    what: Fault,
    cause: String,
    count: u64,
    ms: u64,
    inputs: Vec<InputName>,
);

/// Reasons why an event's fields do not make an event.
#[derive(Debug, thiserror::Error)]
pub(super) enum Mismatch {
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

impl TryFrom<EventJson> for super::Event {
    type Error = Mismatch;

    fn try_from(wire: EventJson) -> Result<Self, Mismatch> {
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

fn parse(kind: String, data: Data) -> Result<EventKind, Mismatch> {
    macro_rules! need {
        ($kind:literal, $field:ident) => {
            data.$field.ok_or(Mismatch::Missing { kind: $kind, field: stringify!($field) })?
        };
    }
    Ok(match kind.as_str() {
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
        _ => return Err(Mismatch::Kind(kind)),
    })
}

impl From<super::Event> for EventJson {
    fn from(event: super::Event) -> Self {
        let super::Event { boot, seq, device, input, kind, t, late, sim } = event;
        let name = kind.name().to_owned();
        let data = data_of(kind);
        Self { v: VERSION, boot, seq, device, input, kind: name, t, late, sim, data }
    }
}

fn data_of(kind: EventKind) -> Data {
    let none = Data::default();
    match kind {
        EventKind::Press | EventKind::Release | EventKind::Recovered => none,
        EventKind::Switch { on } => Data { on: Some(on), ..none },
        EventKind::Turn { delta } => Data { delta: Some(delta), ..none },
        EventKind::Value { v, min, max, unit } => {
            Data { v: Some(v), min: Some(min), max: Some(max), unit: Some(unit), ..none }
        }
        EventKind::Tag { uid } | EventKind::TagRemoved { uid } => Data { uid: Some(uid), ..none },
        EventKind::Key { symbol } => Data { symbol: Some(symbol), ..none },
        EventKind::Line { text } => Data { text: Some(text), ..none },
        EventKind::Snapshot { levels, states } => {
            let states = Some(states).filter(|states| !states.is_empty());
            Data { levels: Some(levels), states, ..none }
        }
        EventKind::Fault { what: Fault::Ghost, count } => {
            let (what, cause) = (Some(Fault::LostEdges), Some(GHOST.to_owned()));
            Data { what, cause, count: Some(count), ..none }
        }
        EventKind::Fault { what, count } => Data { what: Some(what), count: Some(count), ..none },
        EventKind::Click { count } => Data { count: Some(count.into()), ..none },
        EventKind::Hold { ms } | EventKind::HoldEnd { ms } => Data { ms: Some(ms), ..none },
        EventKind::Chord { inputs } => Data { inputs: Some(inputs), ..none },
    }
}
