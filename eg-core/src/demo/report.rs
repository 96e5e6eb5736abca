//! Report of a night, for machines.

use crate::engine::read_model::Counts;
use eg_game::StepResult;
use serde::Serialize;

/// Report of one night as one JSON object.
#[derive(Debug, Serialize)]
pub(super) struct DemoReport<'a> {
    /// Seed of the night.
    pub(super) seed: u64,
    /// Result of the last step.
    pub(super) result: &'a StepResult,
    /// Results of all steps, in order.
    pub(super) results: &'a [StepResult],
    /// Counts of the events.
    pub(super) events: Events,
}

/// Counts of events on their way from the agents to the journal.
#[derive(Debug, Serialize)]
pub(super) struct Events {
    /// Number of events that the agents numbered.
    pub(super) sent: u64,
    /// Number of events that the core stored.
    pub(super) stored: u64,
    /// Number of events that arrived again, and were dropped.
    pub(super) duplicates: u64,
    /// Number of events that were numbered and never stored.
    pub(super) lost: u64,
}

impl Events {
    /// Compares the count of the agents with the counters of the core.
    pub(super) fn new(sent: u64, counts: Counts) -> Self {
        let Counts { stored, duplicates, .. } = counts;
        Self { sent, stored, duplicates, lost: sent.saturating_sub(stored) }
    }
}
