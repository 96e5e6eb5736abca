//! Timers of a session that run, and whether they wait for earlier inputs.

use eg_game::TimerId;
use eg_proto::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::time::Duration;

/// Reason of the failure of a session that starts timers without end.
pub(in crate::engine) const ENDLESS: &str = "its timers run out without end";
/// Number of timers that may fire in one round without time passing: a game that starts more of them has lost its way.
pub(in crate::engine) const TIMERS: usize = 10_000;
/// Smallest difference of time, by which a timer yields to an input of the same moment.
pub(in crate::engine) const MOMENT: Duration = Duration::from_micros(1);

/// Name of a timer within one session. Those of a game are written as they were before sessions had others.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(untagged)]
pub(in crate::engine) enum TimerName {
    /// Timer that the game has started.
    Game(TimerId),
    /// End of the hint that was given by the act of this number.
    HintEnd { hint: i64 },
}

/// Running timers, each with its moment.
#[derive(Debug, Default)]
pub(in crate::engine) struct Timers(BTreeMap<TimerName, Timer>);

#[derive(Clone, Copy, Debug)]
struct Timer {
    due: Timestamp,
    /// `true` if the timer fires only once nothing earlier can come.
    waits: bool,
}

impl Timers {
    pub(super) fn start(&mut self, timer: TimerName, due: Timestamp, waits: bool) {
        self.0.insert(timer, Timer { due, waits });
    }

    pub(super) fn stop(&mut self, timer: TimerName) {
        self.0.remove(&timer);
    }

    pub(super) fn clear(&mut self) {
        self.0.clear();
    }

    pub(super) fn shift(&mut self, span: Duration) {
        self.0.values_mut().for_each(|timer| timer.due = timer.due + span);
    }

    /// Returns the time at which a timer fires; `None` if it does not run.
    pub(in crate::engine) fn due(&self, timer: TimerName) -> Option<Timestamp> {
        self.0.get(&timer).map(|timer| timer.due)
    }

    /// Returns `true` if a timer fires only once nothing earlier can come.
    pub(in crate::engine) fn waits(&self, timer: TimerName) -> bool {
        self.0.get(&timer).is_some_and(|timer| timer.waits)
    }

    /// Returns every timer with its moment, in order of the timers' names.
    pub(in crate::engine) fn all(&self) -> Vec<(TimerName, Timestamp)> {
        self.0.iter().map(|(timer, running)| (*timer, running.due)).collect()
    }

    /// Returns `true` if any timer runs.
    pub(in crate::engine) fn any(&self) -> bool {
        !self.0.is_empty()
    }

    /// Returns the next timer that is due by `until`, and its moment. A timer that waits for earlier inputs is due only
    /// when `settled` returns `true` for its moment.
    pub(in crate::engine) fn next(
        &self,
        until: Timestamp,
        settled: impl Fn(Timestamp) -> bool,
    ) -> Option<(Timestamp, TimerName)> {
        let come = |timer: &Timer| timer.due <= until && (!timer.waits || settled(timer.due));
        let come = self.0.iter().filter(|(_, timer)| come(timer));
        come.map(|(timer, running)| (running.due, *timer)).min()
    }

    /// Returns the earliest time at which a timer may fire. For timers that wait, `settles` converts their moment to
    /// that time.
    pub(in crate::engine) fn wakes(
        &self,
        settles: impl Fn(Timestamp) -> Option<Timestamp>,
    ) -> Option<Timestamp> {
        let wakes = |timer: &Timer| if timer.waits { settles(timer.due) } else { Some(timer.due) };
        self.0.values().filter_map(wakes).min()
    }

    /// Returns the first moment of a timer that waits for earlier inputs.
    pub(super) fn first_awaited(&self) -> Option<Timestamp> {
        self.0.values().filter(|timer| timer.waits).map(|timer| timer.due).min()
    }
}
