//! What a night came to, for machines.

use crate::engine::read_model::Counts;
use eg_game::StepResult;
use serde::Serialize;

/// One night in one object.
#[derive(Debug, Serialize)]
pub(super) struct DemoReport<'a> {
    /// The seed it was played with.
    pub(super) seed: u64,
    /// The last step's result.
    pub(super) result: &'a StepResult,
    /// Every step's result.
    pub(super) results: &'a [StepResult],
    /// What became of the events.
    pub(super) events: Events,
}

/// What became of the events.
#[derive(Debug, Serialize)]
pub(super) struct Events {
    /// Numbered by the agents.
    pub(super) sent: u64,
    /// Stored by the core.
    pub(super) stored: u64,
    /// Came again, and were dropped.
    pub(super) duplicates: u64,
    /// Numbered and never stored.
    pub(super) lost: u64,
}

impl Events {
    /// From what the agents numbered and what the core counted.
    pub(super) fn new(sent: u64, counts: Counts) -> Self {
        let Counts { stored, duplicates, .. } = counts;
        Self { sent, stored, duplicates, lost: sent.saturating_sub(stored) }
    }
}
