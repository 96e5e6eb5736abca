//! A key as a slot's file names it.

use crate::symbol::{code_of, nearest_to};
use eg_hal::schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::{Deserialize, Deserializer, Error, Visitor};
use std::borrow::Cow;
use std::fmt;

/// One key. Its code is that of the Linux uAPI.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Key(pub(crate) u16);

impl<'de> Deserialize<'de> for Key {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_str(KeyVisitor)
    }
}

struct KeyVisitor;

impl Visitor<'_> for KeyVisitor {
    type Value = Key;

    fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(
            "a key by its symbol (\"1\", \"a\", \"enter\") or its evdev name (KEY_1, BTN_SOUTH)",
        )
    }

    fn visit_str<E: Error>(self, word: &str) -> Result<Key, E> {
        code_of(word).map(Key).ok_or_else(|| {
            let hint = match nearest_to(word) {
                Some(near) => format!("did you mean {near:?}?"),
                None => {
                    "write its symbol (1, a, enter) or its evdev name (KEY_1, BTN_SOUTH)".to_owned()
                }
            };
            E::custom(format!("no key called {word:?}; {hint}"))
        })
    }

    /// A bare `1` of other formats than a slot's file: on a keyboard it is the key with that digit.
    fn visit_u64<E: Error>(self, digit: u64) -> Result<Key, E> {
        self.visit_str(&digit.to_string())
    }
}

impl JsonSchema for Key {
    fn schema_name() -> Cow<'static, str> {
        "Key".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "type": ["string", "integer"],
            "description": "a key by its symbol or its evdev name",
            "examples": ["1", "a", "enter", "KEY_1", "BTN_SOUTH"],
        })
    }
}
