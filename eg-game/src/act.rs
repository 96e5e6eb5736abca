//! Acts of the operator, and the offers of a game to act.

use eg_proto::{Text, Timestamp};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// One act of the operator, as the journal keeps it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Act {
    /// Number in the core's journal.
    pub id: i64,
    /// Time of the act, in the core's clock.
    pub at: Timestamp,
    /// Name of the operator or game that acted.
    pub by: String,
    /// Reason in the operator's own words, where the act asks for one.
    #[serde(default)]
    pub reason: Option<String>,
    /// Name of the act: `start` comes first in every session, the others are those the game offers.
    pub name: String,
    /// Fields of the act, by name.
    #[serde(default)]
    pub args: Map<String, Value>,
}

/// The fields of an act do not fit it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{act}: {problem}")]
pub struct ActError {
    /// Name of the act.
    pub act: String,
    /// Field, its mistake, and what is wanted.
    pub problem: String,
}

impl Act {
    /// The seed of the session, in the act `start`: below 2⁵³, which every reader of JSON holds exactly. None in other
    /// acts, and in a session that was recorded before sessions had a seed. See [`Chance::of`](crate::Chance::of).
    pub fn seed(&self) -> Option<u64> {
        self.args.get("seed").and_then(Value::as_u64)
    }

    /// The fields as the game's own type.
    ///
    /// # Errors
    /// [`ActError`] with the field that does not fit.
    pub fn args<T: DeserializeOwned>(&self) -> Result<T, ActError> {
        serde_json::from_value(Value::Object(self.args.clone()))
            .map_err(|error| ActError { act: self.name.clone(), problem: error.to_string() })
    }
}

/// One act that the operator may do now; a page shows it as a button, with a form when it has fields.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct Offer {
    /// The act's name.
    pub name: &'static str,
    /// The button's words.
    pub label: Text,
    /// Fields that must be filled in.
    pub fields: Vec<Field>,
    /// `true` if a reason must be given.
    pub asks_reason: bool,
    /// `true` if it ends or undoes something: the page asks once more.
    pub grave: bool,
    /// Group of buttons in which it stands: pages put the game's own acts first.
    pub about: OfferGroup,
}

/// Group of acts, by what they change.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(rename = "About")]
pub enum OfferGroup {
    /// This game.
    #[default]
    Game,
    /// The session, in any game: pausing, ending.
    Session,
    /// The players, in any game.
    Players,
}

/// One field of an act's form.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct Field {
    /// Key in [`Act::args`].
    pub name: &'static str,
    /// Words beside the field.
    pub label: Text,
    /// Type of value.
    pub kind: FieldKind,
    /// Value at first.
    pub value: String,
}

impl Field {
    /// `true` if it takes text, one line or several.
    pub fn is_text(&self) -> bool {
        match self.kind {
            FieldKind::Text | FieldKind::Lines | FieldKind::OneOf(_) => true,
            FieldKind::Number | FieldKind::Tick => false,
        }
    }
}

/// Type of a field's value, and its form in [`Act::args`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum FieldKind {
    /// One line of text: a string.
    Text,
    /// Several, one a line: an array of strings.
    Lines,
    /// A whole number.
    Number,
    /// A tick: true or false.
    Tick,
    /// One of these: a string.
    OneOf(Vec<String>),
}

impl Offer {
    /// An act without fields.
    pub fn new(name: &'static str, label: Text) -> Self {
        Self {
            name,
            label,
            fields: Vec::new(),
            asks_reason: false,
            grave: false,
            about: OfferGroup::Game,
        }
    }

    /// Adds a field.
    #[must_use]
    pub fn field(
        mut self,
        name: &'static str,
        label: Text,
        kind: FieldKind,
        value: String,
    ) -> Self {
        self.fields.push(Field { name, label, kind, value });
        self
    }

    /// Asks for a reason.
    #[must_use]
    pub fn with_reason(mut self) -> Self {
        self.asks_reason = true;
        self
    }

    /// Asks once more before it is done.
    #[must_use]
    pub fn grave(mut self) -> Self {
        self.grave = true;
        self
    }

    pub(crate) fn about(mut self, about: OfferGroup) -> Self {
        self.about = about;
        self
    }
}
