//! What happened at a table.

use crate::{Act, Effect, Input, TimerId, Timestamp};
use std::time::Duration;

/// One thing that happened, with what it caused.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// When, at the table.
    pub at: Timestamp,
    /// What happened.
    pub cause: Cause,
    /// What the game asked for.
    pub effects: Vec<Effect>,
}

/// What happened.
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
