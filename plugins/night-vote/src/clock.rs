//! The timers of the steps: the grace, the time, and the warnings before its end.

use crate::alarm::Alarm;
use crate::config::Decided;
use crate::{NightVote, words};
use eg_game::prelude::*;

impl NightVote {
    /// Rules by which the poll of this step closes.
    pub(crate) fn poll_rules(&self, step: u32) -> PollRules {
        let decided = self.config.decided == Decided::Close;
        PollRules::new(Alarm::Grace.timer(step), Alarm::Timeout.timer(step))
            .grace(self.config.grace.get())
            .timeout(self.config.timeout.map(Span::get))
            .expected(self.config.expected)
            .when_decided(decided.then_some(self.config.rule))
    }

    /// Starts the timers of an open step that ends then, anew when they run.
    pub(crate) fn start_clock(&mut self, number: u32, now: Timestamp, effects: &mut Effects) {
        let warnings: Vec<Duration> = self.config.warnings.iter().map(|span| span.get()).collect();
        let Some(step) = self.step_mut(number) else { return };
        let Some(ends) = step.poll.ends() else { return };
        let left = ends.since(now);
        step.warned = None;
        step.poll.start_clock(now, effects);
        match next_warning(&warnings, left) {
            Some(warning) => effects.after(Alarm::Warning.timer(number), left - warning),
            None => effects.cancel(Alarm::Warning.timer(number)),
        }
    }

    pub(crate) fn warn(&mut self, number: u32, at: Timestamp, effects: &mut Effects) {
        let warnings: Vec<Duration> = self.config.warnings.iter().map(|span| span.get()).collect();
        let Some(step) = self.step_mut(number) else { return };
        let Some(ends) = step.poll.ends() else { return };
        let left = ends.since(at);
        step.warned = Some(left);
        effects.note(words::time_left(left));
        if let Some(warning) = next_warning(&warnings, left) {
            effects.after(Alarm::Warning.timer(number), left - warning);
        }
    }

    /// A vote came in: near the end, that moves the end.
    pub(crate) fn soft_close(&mut self, number: u32, now: Timestamp, effects: &mut Effects) {
        let soft = self.config.soft_close.get();
        let Some(step) = self.step_mut(number) else { return };
        if step.poll.ends().is_some_and(|ends| ends.since(now) < soft) {
            step.poll.set_end(now + soft);
            step.poll.start_clock(now, effects);
            effects.note(words::soft_closed(soft));
        }
    }
}

/// The longest warning that is still ahead when so much time is left.
fn next_warning(warnings: &[Duration], left: Duration) -> Option<Duration> {
    warnings.iter().copied().filter(|warning| *warning < left && !warning.is_zero()).max()
}
