//! The choices of a question.

use eg_game::schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::Deserialize;
use std::borrow::Cow;

/// At least two choices, all different whatever their case, without blank ones.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "Vec<String>")]
pub struct Options(Vec<String>);

/// These are no choices.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum OptionsError {
    /// Fewer than two.
    #[error("a question needs at least 2 options; found {found}")]
    TooFew {
        /// Number of options found.
        found: usize,
    },
    /// Two that a player could not tell apart.
    #[error("option {option:?} stands there twice; case does not tell two options apart")]
    Twice {
        /// The second of them.
        option: String,
    },
}

impl Options {
    /// The choices, in the order shown.
    pub fn as_slice(&self) -> &[String] {
        &self.0
    }
}

impl TryFrom<Vec<String>> for Options {
    type Error = OptionsError;

    fn try_from(lines: Vec<String>) -> Result<Self, OptionsError> {
        let mut options: Vec<String> = Vec::new();
        for line in &lines {
            let option = line.trim();
            if options.iter().any(|known| known.to_lowercase() == option.to_lowercase()) {
                return Err(OptionsError::Twice { option: option.to_owned() });
            }
            if !option.is_empty() {
                options.push(option.to_owned());
            }
        }
        match options.len() {
            found @ (0 | 1) => Err(OptionsError::TooFew { found }),
            _ => Ok(Self(options)),
        }
    }
}

impl JsonSchema for Options {
    fn schema_name() -> Cow<'static, str> {
        "Options".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "description": "At least two choices, all different, in the order shown.",
            "type": "array",
            "items": { "type": "string" },
            "minItems": 2,
            "uniqueItems": true,
        })
    }
}
