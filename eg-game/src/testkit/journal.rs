//! Journal of a table.

use crate::{Act, Effect, Effects, Input, Session, TimerId, Timestamp};
use std::time::Duration;

/// One thing that happened, with what it caused.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// Time at the table.
    pub at: Timestamp,
    /// Cause of the entry: an input, a timer, an act, or an outage.
    pub cause: Cause,
    /// Effects that the game asked for.
    pub effects: Vec<Effect>,
}

/// Cause of the entry: an input, a timer, an act, or an outage.
#[derive(Clone, Debug, PartialEq)]
pub enum Cause {
    /// Something at a slot.
    Input(Input),
    /// A timer ran out.
    Timer(TimerId),
    /// The operator acted.
    Act(Act),
    /// The core came back after so long.
    Resumed(Duration),
}

impl Cause {
    /// Tells `session` of it, at this moment; what it asks for.
    pub(super) fn happen(&self, session: &mut dyn Session, at: Timestamp) -> Vec<Effect> {
        let mut effects = Effects::default();
        match self {
            Self::Input(input) => session.on_input(input, &mut effects),
            Self::Timer(timer) => session.on_timer(*timer, at, &mut effects),
            Self::Act(act) => session.on_operator(act, &mut effects),
            Self::Resumed(outage) => session.on_resumed(*outage),
        }
        effects.into_vec()
    }
}
