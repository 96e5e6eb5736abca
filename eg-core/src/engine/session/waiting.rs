//! Hold-back of a session's inputs until their turn.

use super::live::LiveSession;
use eg_game::{Input, Order};

impl LiveSession {
    /// Returns `true` if the game takes inputs in order of time instead of arrival.
    pub(in crate::engine) fn hears_by_time(&self) -> bool {
        self.game.as_ref().is_some_and(|game| game.order() == Order::ByTime)
    }

    /// Returns `true` if deadlines wait for earlier inputs: not in the first revision of the rules.
    pub(in crate::engine) fn waits(&self) -> bool {
        self.roster.rules() > 1
    }

    /// Returns `true` if this input is held: by a game that takes inputs in order of time, or because a deadline before
    /// it may still be preceded by other inputs.
    pub(in crate::engine) fn holds_back(&self, input: &Input) -> bool {
        let after_deadline = self.timers.first_awaited().is_some_and(|due| due < input.at);
        input.what.has_turn() && (self.hears_by_time() || after_deadline)
    }

    /// Returns the numbers of held inputs that no waiting deadline precedes any more, in a game that takes inputs as
    /// they arrive.
    pub(in crate::engine) fn freed(&self) -> Vec<i64> {
        self.queue.by(self.timers.first_awaited())
    }
}
