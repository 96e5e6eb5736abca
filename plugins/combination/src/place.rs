//! Place of a thing in the room: an input of a slot.

use eg_game::prelude::*;

/// An input of a slot, written `slot-01/lid`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(try_from = "String")]
pub struct Place {
    /// The slot.
    pub slot: SlotId,
    /// Input of that slot.
    pub input: InputName,
}

impl TryFrom<String> for Place {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let wanted = || format!("{text:?} is no place; write one like slot-01/lid");
        let (slot, input) = text.split_once('/').ok_or_else(wanted)?;
        let slot = SlotId::new(slot).map_err(|error| format!("{}: {error}", wanted()))?;
        let input = InputName::new(input).map_err(|error| format!("{}: {error}", wanted()))?;
        Ok(Self { slot, input })
    }
}

impl std::fmt::Display for Place {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "{}/{}", self.slot, self.input)
    }
}

impl JsonSchema for Place {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Place".into()
    }

    fn json_schema(_: &mut eg_game::schemars::SchemaGenerator) -> eg_game::schemars::Schema {
        eg_game::schemars::json_schema!({
            "description": "An input of a slot, e.g. slot-01/lid.",
            "type": "string",
            "pattern": "^[a-z0-9-]+/[a-z0-9-]+$",
        })
    }
}
