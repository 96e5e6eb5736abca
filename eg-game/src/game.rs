//! The trait an author implements.

use crate::{Act, Audience, Effects, Input, Offer, Roster, TimerId, Timestamp, View};
use schemars::JsonSchema;
use serde::de::DeserializeOwned;

/// One game module.
///
/// Every method is a pure step of a reducer: no clock, no I/O, no chance of its own. A panic ends that session alone.
pub trait Game: Sized + Send + 'static {
    /// The name in YAML and in the API: lower-case, hyphenated, unique among the games of a core.
    const KIND: &'static str;

    /// The `config:` of a session. Derive `Deserialize` with `deny_unknown_fields`, and `JsonSchema`.
    type Config: DeserializeOwned + JsonSchema;

    /// Sets the game up for the players in `roster`. The act `start` follows at once and brings the time.
    ///
    /// # Errors
    /// A setting that cannot work for this roster, named by field.
    fn start(config: Self::Config, roster: &Roster) -> Result<Self, StartError>;

    /// Something happened at a slot of the roster.
    fn on_input(&mut self, input: &Input, effects: &mut Effects);

    /// A timer asked for with [`Effects::after`] ran out. Time in which the core was down does not count.
    fn on_timer(&mut self, timer: TimerId, at: Timestamp, effects: &mut Effects) {
        let _ = (timer, at, effects);
    }

    /// The operator acted. An act that cannot be done now is answered with [`Effects::refuse_act`] and changes nothing.
    fn on_operator(&mut self, act: &Act, effects: &mut Effects) {
        let _ = act;
        effects.refuse_act(crate::Say::new(
            "ce jeu ne connaît pas cette action",
            "this game has no such act",
        ));
    }

    /// What the operator may do now, in the order of the buttons.
    fn offers(&self) -> Vec<Offer> {
        Vec::new()
    }

    /// What this audience may see. Pages render any module from it.
    fn view(&self, for_whom: &Audience) -> View;

    /// Why things stand as they do, in one sentence.
    fn explain(&self) -> crate::Say;
}

/// A session's settings cannot work.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{field}: {problem}")]
pub struct StartError {
    /// The field of `config:`.
    pub field: &'static str,
    /// What is wrong and what would work.
    pub problem: String,
}

impl StartError {
    /// Names the field and the problem.
    pub fn new(field: &'static str, problem: impl Into<String>) -> Self {
        Self { field, problem: problem.into() }
    }
}
