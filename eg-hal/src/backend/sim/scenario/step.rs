//! One step of a scenario.

use crate::sim::{Fault, Poke};
use std::time::Duration;

/// Step of a scenario: happens at one moment, and may end at a later one.
#[derive(Clone, Debug, PartialEq)]
pub struct Step {
    /// Time of the step, from the start or from the step before.
    pub offset: Duration,
    /// `true` if `offset` counts from the step before.
    pub from_last: bool,
    /// Action of the step.
    pub what: What,
    /// After how long it ends: a press is let go, a tag is taken away, a fault is over.
    pub lasts: Option<Duration>,
}

/// Action of a step.
#[derive(Clone, Debug, PartialEq)]
pub enum What {
    /// Somebody does something to an input.
    Act {
        /// The device's name in the slot's file.
        device: String,
        /// The input's name there.
        input: String,
        /// Act of the player.
        act: Act,
    },
    /// Something goes wrong.
    Fault(Fault),
}

/// Act of a player at an input. A press is one whatever the polarity: whoever carries it out knows the level.
#[derive(Clone, Debug, PartialEq)]
pub enum Act {
    /// Makes a two-state input active.
    Press,
    /// Makes it inactive.
    Release,
    /// Turns a dial by so many detents; clockwise is positive.
    Turn(i32),
    /// Moves an analogue input to a part of its range: 0.0 to 1.0.
    Set(f64),
    /// Presents a tag: hexadecimal.
    Tag(String),
    /// Takes the tag away.
    TagAway,
    /// Types a line.
    Type(String),
}

impl Act {
    /// Gives the act that ends this one; `None` for an act without an end.
    pub fn end(&self) -> Option<Self> {
        match self {
            Self::Press => Some(Self::Release),
            Self::Release => Some(Self::Press),
            Self::Tag(_) => Some(Self::TagAway),
            Self::Turn(_) | Self::Set(_) | Self::TagAway | Self::Type(_) => None,
        }
    }

    /// Gives the poke of a model, for an input that is active at this level; `true` is high.
    pub fn poke(&self, active: bool) -> Poke {
        match self {
            Self::Press => Poke::Level(active),
            Self::Release => Poke::Level(!active),
            Self::Turn(by) => Poke::Turn(*by),
            Self::Set(part) => Poke::Value(*part),
            Self::Tag(tag) => Poke::Tag(tag.clone()),
            Self::TagAway => Poke::TagAway,
            Self::Type(text) => Poke::Line(text.clone()),
        }
    }
}
