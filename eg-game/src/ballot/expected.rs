//! Number of votes that makes a ballot complete.

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::{Deserialize, Deserializer, Error, Unexpected, Visitor};
use serde::{Serialize, Serializer};
use std::borrow::Cow;
use std::fmt;
use std::num::NonZeroU32;

/// Number of votes that makes a ballot complete: `auto`, everybody who is asked, or a number from 1.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Expected {
    /// Everybody who is asked.
    #[default]
    Auto,
    /// This number of votes.
    Votes(NonZeroU32),
}

impl Expected {
    /// The number, when so many players are asked.
    pub fn number(self, asked: u32) -> u32 {
        match self {
            Self::Auto => asked,
            Self::Votes(number) => number.get(),
        }
    }
}

struct Reads;

impl Visitor<'_> for Reads {
    type Value = Expected;

    fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("auto, or a whole number from 1")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Expected, E> {
        match text.trim() {
            "auto" => Ok(Expected::Auto),
            other => match other.parse() {
                Ok(number) => Ok(Expected::Votes(number)),
                Err(_) => Err(E::invalid_value(Unexpected::Str(text), &self)),
            },
        }
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<Expected, E> {
        let votes = u32::try_from(number).ok().and_then(NonZeroU32::new);
        votes
            .map(Expected::Votes)
            .ok_or_else(|| E::invalid_value(Unexpected::Unsigned(number), &self))
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<Expected, E> {
        match u64::try_from(number) {
            Ok(number) => self.visit_u64(number),
            Err(_) => Err(E::invalid_value(Unexpected::Signed(number), &self)),
        }
    }
}

impl<'de> Deserialize<'de> for Expected {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_any(Reads)
    }
}

impl Serialize for Expected {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Auto => to.serialize_str("auto"),
            Self::Votes(number) => to.serialize_u32(number.get()),
        }
    }
}

impl JsonSchema for Expected {
    fn schema_name() -> Cow<'static, str> {
        "Expected".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "oneOf": [{ "const": "auto" }, { "type": "integer", "minimum": 1 }] })
    }
}
