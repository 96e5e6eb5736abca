//! Waiting: which inputs of a session are held back, and for how long.

use super::live::LiveSession;
use eg_game::{Input, Order, What};

impl LiveSession {
    /// Whether its game hears what happens in the order of time.
    pub(in crate::engine) fn hears_by_time(&self) -> bool {
        self.game.as_ref().is_some_and(|game| game.order() == Order::ByTime)
    }

    /// Whether deadlines wait for what may be earlier: not in the first revision of the rules.
    pub(in crate::engine) fn waits(&self) -> bool {
        self.roster.rules() > 1
    }

    /// Whether this input waits for its turn: in the order of time, or because a deadline comes first that is due, and
    /// before which something may still come.
    pub(in crate::engine) fn holds_back(&self, input: &Input) -> bool {
        let after_deadline = self.timers.first_awaited().is_some_and(|due| due < input.at);
        has_a_turn(input) && (self.hears_by_time() || after_deadline)
    }

    /// The numbers of what a deadline held back that has run out since, in a game that hears things as they arrive.
    pub(in crate::engine) fn freed(&self) -> Vec<i64> {
        self.queue.by(self.timers.first_awaited())
    }
}

/// Whether it has a time of its own: how things stand is known when the core learns it, and waits for nothing.
fn has_a_turn(input: &Input) -> bool {
    match input.what {
        What::Event { .. } | What::Choice { .. } => true,
        What::Slot(_) | What::Board { .. } | What::Controls(_) => false,
    }
}
