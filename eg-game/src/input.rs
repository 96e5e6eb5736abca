//! Inputs: anything that happened at a slot, as a game sees it.

use crate::Controls;
use eg_proto::{DeviceName, EventKind, InputName, Presence, SlotId, Timestamp};
use std::time::Duration;

/// One thing that happened at a slot of the roster.
#[derive(Clone, Debug, PartialEq)]
pub struct Input {
    /// Number in the core's journal: the same in every replay.
    pub id: i64,
    /// Slot at which it happened. The slot is the player.
    pub slot: SlotId,
    /// Content: an event, a choice, or how things stand.
    pub what: InputData,
    /// Time at which it happened at the source, in the core's clock. Never the time of arrival.
    pub at: Timestamp,
    /// `at` is true within ± this many microseconds.
    pub unc_us: u64,
    /// The time that passes for the session: when the core took it in, or, in a game that hears
    /// [by time](crate::Order::ByTime), the moment at which it has its turn. Inputs that cannot be told apart share
    /// one.
    pub now: Timestamp,
    /// `true` if it was sent from an outbox after an outage.
    pub late: bool,
    /// `true` if the game has been handed something that happened after it: it arrived when the core had waited long
    /// enough. Only for games that claim [`Order::ByTime`](crate::Order::ByTime).
    pub overtaken: bool,
    /// `true` if it comes from a simulated device.
    pub sim: bool,
}

/// Content of an [`Input`].
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum InputData {
    /// An event at an input of a board.
    Event {
        /// Board, by its name in the slot's file.
        device: DeviceName,
        /// Input of that board.
        input: InputName,
        /// Kind of event, with its values.
        kind: EventKind,
    },
    /// A choice by name, from an agent or page of the old contract.
    Choice {
        /// The step it is meant for.
        step: u32,
        /// One of the options, as the sender wrote it.
        choice: String,
    },
    /// The slot itself was lost, or is back. Until the first of these a slot counts as connected.
    Slot(Presence),
    /// A board of the slot was lost, or works again. Until the first of these a board counts as working.
    Board {
        /// Board, by its name in the slot's file.
        device: DeviceName,
        /// `true` if it works.
        ready: bool,
    },
    /// The slot told what it has. The SDK keeps it in the [`Roster`](crate::Roster) and tells the game by
    /// [`Game::on_controls`](crate::Game::on_controls) alone.
    Controls(Controls),
}

impl Input {
    /// The latest moment at which it can have happened: `at` and its uncertainty.
    pub fn latest(&self) -> Timestamp {
        self.at + Duration::from_micros(self.unc_us)
    }

    /// The input's name when it was pressed: a momentary input went active, or a maintained one was switched on.
    pub fn pressed(&self) -> Option<&InputName> {
        match &self.what {
            InputData::Event {
                input,
                kind: EventKind::Press | EventKind::Switch { on: true },
                ..
            } => Some(input),
            InputData::Event { .. }
            | InputData::Choice { .. }
            | InputData::Slot(_)
            | InputData::Board { .. }
            | InputData::Controls(_) => None,
        }
    }

    /// `true` if a player did it: a press, a tag, a key, a turn, a choice. `false` for reports of how things stand.
    pub fn is_deed(&self) -> bool {
        let InputData::Event { kind, .. } = &self.what else {
            return matches!(self.what, InputData::Choice { .. });
        };
        matches!(
            kind,
            EventKind::Press
                | EventKind::Switch { on: true }
                | EventKind::Turn { .. }
                | EventKind::Tag { .. }
                | EventKind::Key { .. }
                | EventKind::Line { .. }
                | EventKind::Click { .. }
                | EventKind::Hold { .. }
                | EventKind::Chord { .. }
        )
    }
}

impl InputData {
    /// `true` for an event or a choice: in a game that takes inputs by time, it waits for its turn.
    pub fn has_turn(&self) -> bool {
        matches!(self, Self::Event { .. } | Self::Choice { .. })
    }
}
