//! Commands: what the core tells an output to do, and what came of it.

use crate::{DeviceName, OutputName, Timestamp};
use serde::de::{Deserializer, Error, IgnoredAny, MapAccess, Unexpected, Visitor};
use serde::{Deserialize, Serialize};
use std::fmt;

/// One thing an output is told, on `eg/dev/<slot>/cmd`, QoS 1.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Command {
    /// Names this command in its answer; 1 to 64 characters.
    pub id: String,
    /// Moment after which it must not be carried out any more.
    pub expires_us: Timestamp,
    /// Name of the board.
    pub device: DeviceName,
    /// Name of the output on it.
    pub output: OutputName,
    /// State that the output is told.
    pub set: Set,
    /// Moment of the press that this answers, in the core's clock: the agent measures by it how soon players see an
    /// answer. Left out where nobody pressed, and not known to cores and agents up to 0.1.0.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pressed_us: Option<Timestamp>,
}

/// State that an output is told.
///
/// On the wire `true` and `false`, `"on"` and `"off"`, or an object with one key: `{"level":0.5}`, `{"rgb":[255,0,0]}`,
/// `{"text":"…"}`, `{"pulse_ms":500}`.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(into = "wire::SetJson")]
#[non_exhaustive]
pub enum Set {
    /// Inactive: lamp dark, lock in its unpowered position.
    Off,
    /// Active.
    On,
    /// Brightness or speed, 0.0 to 1.0.
    Level(f64),
    /// A colour, 0 to 255 each.
    Rgb([u8; 3]),
    /// A text for a display.
    Text(String),
    /// Active for so many milliseconds, then inactive.
    Pulse(u64),
}

mod wire {
    use serde::Serialize;

    #[derive(Serialize)]
    #[serde(untagged)]
    pub(super) enum SetJson {
        Word(Word),
        Level { level: f64 },
        Rgb { rgb: [u8; 3] },
        Text { text: String },
        Pulse { pulse_ms: u64 },
    }

    #[derive(Serialize)]
    #[serde(rename_all = "snake_case")]
    pub(super) enum Word {
        On,
        Off,
    }
}

/// Reads each value as what it is: a text of a YAML file that looks like a number stays as it stands there.
struct Reads;

impl<'de> Visitor<'de> for Reads {
    type Value = Set;

    fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("on, off, {level}, {rgb}, {text} or {pulse_ms}")
    }

    fn visit_bool<E>(self, on: bool) -> Result<Set, E> {
        Ok(if on { Set::On } else { Set::Off })
    }

    fn visit_str<E: Error>(self, word: &str) -> Result<Set, E> {
        match word {
            "on" => Ok(Set::On),
            "off" => Ok(Set::Off),
            _ => Err(E::invalid_value(Unexpected::Str(word), &self)),
        }
    }

    /// Fields that later versions may add are passed by.
    fn visit_map<A: MapAccess<'de>>(self, mut fields: A) -> Result<Set, A::Error> {
        let (mut level, mut rgb, mut text, mut pulse) = (None, None, None, None);
        while let Some(field) = fields.next_key::<String>()? {
            match field.as_str() {
                "level" => level = Some(Set::Level(fields.next_value::<f64>()?.clamp(0.0, 1.0))),
                "rgb" => rgb = Some(Set::Rgb(fields.next_value()?)),
                "text" => text = Some(Set::Text(fields.next_value()?)),
                "pulse_ms" => pulse = Some(Set::Pulse(fields.next_value()?)),
                _ => drop(fields.next_value::<IgnoredAny>()?),
            }
        }
        let set = level.or(rgb).or(text).or(pulse);
        set.ok_or_else(|| A::Error::invalid_type(Unexpected::Map, &self))
    }
}

impl<'de> Deserialize<'de> for Set {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_any(Reads)
    }
}

impl From<Set> for wire::SetJson {
    fn from(set: Set) -> Self {
        match set {
            Set::On => Self::Word(wire::Word::On),
            Set::Off => Self::Word(wire::Word::Off),
            Set::Level(level) => Self::Level { level },
            Set::Rgb(rgb) => Self::Rgb { rgb },
            Set::Text(text) => Self::Text { text },
            Set::Pulse(pulse_ms) => Self::Pulse { pulse_ms },
        }
    }
}

impl schemars::JsonSchema for Set {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Set".into()
    }
    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({ "anyOf": [
            { "type": "boolean" },
            { "enum": ["on", "off"] },
            { "type": "object", "required": ["level"],
              "properties": { "level": { "type": "number", "minimum": 0, "maximum": 1 } } },
            { "type": "object", "required": ["rgb"],
              "properties": { "rgb": { "type": "array", "minItems": 3, "maxItems": 3,
                "items": { "type": "integer", "minimum": 0, "maximum": 255 } } } },
            { "type": "object", "required": ["text"], "properties": { "text": { "type": "string" } } },
            { "type": "object", "required": ["pulse_ms"],
              "properties": { "pulse_ms": { "type": "integer", "minimum": 0 } } }
        ] })
    }
}

/// Answer to a command, on `eg/dev/<slot>/cmd/ack`, QoS 1.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CommandAck {
    /// The command's id.
    pub id: String,
    /// Outcome of the command.
    pub result: CommandResult,
    /// Reason why the command was not done, in one line; null when it was.
    #[serde(default)]
    pub reason: Option<String>,
}

/// Outcome of a command.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CommandResult {
    /// Carried out.
    Done,
    /// The command was not carried out: no such output, a value out of range, or a device that is lost.
    Refused,
    /// The command came after its expiry, so it was not carried out.
    Expired,
}
