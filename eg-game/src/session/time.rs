//! The timers of a session, and its pauses: a timer that is held runs on for what was left.

use crate::effect::Followed;
use crate::{Effect, Effects, TimerId, Timestamp};
use std::collections::{BTreeMap, VecDeque};
use std::time::Duration;

/// Number of pauses that are remembered: presses that an outage held back longer than that belong to no game any more.
const REMEMBERED: usize = 64;

#[derive(Debug, Default)]
pub(super) struct Time {
    /// Time at which each running timer ends. Empty while paused.
    due: BTreeMap<TimerId, (Kind, Timestamp)>,
    /// Time that was left of each timer when the pause began. Empty while running.
    held: BTreeMap<TimerId, (Kind, Duration)>,
    paused: Option<Timestamp>,
    /// Moment until which the game knows that time stands still.
    known_until: Timestamp,
    pauses: VecDeque<(Timestamp, Timestamp)>,
}

/// Kind of timer.
#[derive(Clone, Copy, Debug)]
enum Kind {
    Timer,
    Deadline,
}

impl Kind {
    fn start(self, timer: TimerId, delay: Duration, effects: &mut Effects) {
        match self {
            Self::Timer => effects.after(timer, delay),
            Self::Deadline => effects.deadline(timer, delay),
        }
    }
}

impl Time {
    pub(super) fn is_paused(&self) -> bool {
        self.paused.is_some()
    }

    /// `true` if the session was paused at that moment.
    pub(super) fn was_paused(&self, at: Timestamp) -> bool {
        self.paused.is_some_and(|from| from <= at)
            || self.pauses.iter().any(|(from, until)| *from <= at && at < *until)
    }

    /// Takes note of an effect that the game asked for at `now`; whether the core shall carry it out.
    pub(super) fn keep(&mut self, effect: &Effect, now: Timestamp) -> bool {
        match effect.followed() {
            Some(Followed::Starts { timer, delay, deadline }) => {
                let kind = if deadline { Kind::Deadline } else { Kind::Timer };
                self.start(timer, kind, delay, now)
            }
            Some(Followed::Cancels(timer)) if self.is_paused() => {
                self.held.remove(&timer);
                false
            }
            Some(Followed::Cancels(timer)) => {
                self.due.remove(&timer);
                true
            }
            Some(Followed::Ends) => {
                self.due.clear();
                self.held.clear();
                true
            }
            Some(Followed::Roster(..)) | None => true,
        }
    }

    fn start(&mut self, timer: TimerId, kind: Kind, delay: Duration, now: Timestamp) -> bool {
        if self.is_paused() {
            self.held.insert(timer, (kind, delay));
            return false;
        }
        self.due.insert(timer, (kind, now + delay));
        true
    }

    /// A timer ran out; false when it was not running.
    pub(super) fn ran_out(&mut self, timer: TimerId) -> bool {
        self.due.remove(&timer).is_some()
    }

    /// The core was down: what runs ends later. False while paused, when nothing runs.
    pub(super) fn outage(&mut self, outage: Duration) -> bool {
        self.due.values_mut().for_each(|(_, due)| *due = *due + outage);
        !self.is_paused()
    }

    pub(super) fn pause(&mut self, at: Timestamp, effects: &mut Effects) {
        for (timer, (kind, due)) in std::mem::take(&mut self.due) {
            effects.cancel(timer);
            self.held.insert(timer, (kind, due.since(at)));
        }
        self.paused = Some(at);
        self.known_until = at;
    }

    /// While paused: for how long time stood still since this was asked last.
    pub(super) fn stood_still(&mut self, now: Timestamp) -> Option<Duration> {
        self.paused?;
        let gap = now.since(self.known_until);
        self.known_until = now.max(self.known_until);
        (!gap.is_zero()).then_some(gap)
    }

    /// Goes on; false when it was not paused.
    pub(super) fn resume(&mut self, at: Timestamp, effects: &mut Effects) -> bool {
        let Some(from) = self.paused.take() else { return false };
        for (timer, (kind, left)) in std::mem::take(&mut self.held) {
            kind.start(timer, left, effects);
            self.due.insert(timer, (kind, at + left));
        }
        if self.pauses.len() == REMEMBERED {
            self.pauses.pop_front();
        }
        self.pauses.push_back((from, at));
        true
    }
}
