//! The timers of a session that run, and what waits with them for its turn.

use super::Run;
use eg_game::{Input, Order, TimerId};
use eg_proto::Timestamp;
use std::collections::BTreeMap;
use std::time::Duration;

/// The timers that run, each until its moment.
#[derive(Debug, Default)]
pub(in crate::engine) struct Timers(BTreeMap<TimerId, Timer>);

#[derive(Clone, Copy, Debug)]
struct Timer {
    due: Timestamp,
    /// It runs out only once nothing earlier can come.
    waits: bool,
}

impl Timers {
    pub(super) fn start(&mut self, timer: TimerId, due: Timestamp, waits: bool) {
        self.0.insert(timer, Timer { due, waits });
    }

    pub(super) fn stop(&mut self, timer: TimerId) {
        self.0.remove(&timer);
    }

    pub(super) fn clear(&mut self) {
        self.0.clear();
    }

    pub(super) fn shift(&mut self, span: Duration) {
        self.0.values_mut().for_each(|timer| timer.due = timer.due + span);
    }

    /// When a timer runs out; none when it does not run.
    pub(in crate::engine) fn due(&self, timer: TimerId) -> Option<Timestamp> {
        self.0.get(&timer).map(|timer| timer.due)
    }

    /// Whether a timer runs out only once nothing earlier can come.
    pub(in crate::engine) fn waits(&self, timer: TimerId) -> bool {
        self.0.get(&timer).is_some_and(|timer| timer.waits)
    }

    /// Every timer with its moment, for a digest of them.
    pub(in crate::engine) fn all(&self) -> Vec<(TimerId, Timestamp)> {
        self.0.iter().map(|(timer, running)| (*timer, running.due)).collect()
    }

    /// Whether any timer runs.
    pub(in crate::engine) fn any(&self) -> bool {
        !self.0.is_empty()
    }

    /// The next timer whose moment has come, and that moment. One that waits for what may be earlier is asked about by
    /// its moment: it has come when `settled` says so.
    pub(in crate::engine) fn next(
        &self,
        until: Timestamp,
        settled: impl Fn(Timestamp) -> bool,
    ) -> Option<(Timestamp, TimerId)> {
        let come = |timer: &Timer| timer.due <= until && (!timer.waits || settled(timer.due));
        let come = self.0.iter().filter(|(_, timer)| come(timer));
        come.map(|(timer, running)| (running.due, *timer)).min()
    }

    /// The moments at which a timer may run out: of those that wait, the ones that `settles` gives for theirs.
    pub(in crate::engine) fn wakes(
        &self,
        settles: impl Fn(Timestamp) -> Option<Timestamp>,
    ) -> Option<Timestamp> {
        let wakes = |timer: &Timer| if timer.waits { settles(timer.due) } else { Some(timer.due) };
        self.0.values().filter_map(wakes).min()
    }

    /// The first moment of a timer that waits.
    pub(super) fn first_awaited(&self) -> Option<Timestamp> {
        self.0.values().filter(|timer| timer.waits).map(|timer| timer.due).min()
    }
}

impl Run {
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
        input.what.has_turn() && (self.hears_by_time() || after_deadline)
    }

    /// The numbers of what a deadline held back that has run out since, in a game that hears things as they arrive.
    pub(in crate::engine) fn freed(&self) -> Vec<i64> {
        self.queue.by(self.timers.first_awaited())
    }
}
