//! The settings of a puzzle.

use crate::predicate::Predicate;
use eg_game::prelude::*;

/// The settings of a puzzle.
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// Condition that must hold for it to be solved.
    pub when: Predicate,
    /// Conditions that must hold before the show begins. Without it, that nothing of `when` stands right yet.
    #[serde(default)]
    pub start: Vec<Predicate>,
    /// Time for which everything must stand right: a tag that flickers solves nothing. `500ms` when nothing is said.
    #[serde(default = "half_a_second")]
    pub settle: Span,
}

fn half_a_second() -> Span {
    Span::from_millis(500)
}

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

impl Config {
    pub(crate) fn check(&self, roster: &Roster) -> Result<(), StartError> {
        let mut wrong = SettingProblems::default();
        let all = [("when", std::slice::from_ref(&self.when)), ("start", &self.start)];
        for (field, predicates) in all {
            for predicate in predicates {
                let mut leaves = Vec::new();
                predicate.leaves(&mut leaves);
                if leaves.is_empty() {
                    wrong.push(field, "it asks for nothing");
                }
                for leaf in leaves {
                    if let Err(problem) = leaf.check(roster) {
                        wrong.push(field, problem);
                    }
                }
            }
        }
        Ok(wrong.or(())?)
    }
}
