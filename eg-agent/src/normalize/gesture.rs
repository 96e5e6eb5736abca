//! Gestures of one momentary input: `click`, `hold`, `hold_end`.
//!
//! A sequence is a press and the presses that follow it closely. It ends in one verdict at most: a hold, or so many
//! clicks. A hold's end is no second verdict.

use super::debounce::Stamp;
use crate::config::Gestures;
use eg_hal::Moment;
use eg_proto::EventKind;
use std::time::Duration;

#[derive(Debug)]
pub(super) struct Sequence {
    wanted: Gestures,
    state: State,
    /// Presses of this sequence that were released again.
    clicks: u32,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum State {
    Idle,
    /// The input is held since then, without a verdict.
    Down(Stamp),
    /// The input is held since then, and reported so.
    Held(Stamp),
    /// Released then; another press may follow.
    Between(Stamp),
}

impl Sequence {
    pub(super) fn new(wanted: Gestures) -> Self {
        Self { wanted, state: State::Idle, clicks: 0 }
    }

    pub(super) fn press(&mut self, stamp: Stamp) {
        self.state = State::Down(stamp);
    }

    /// The verdict that a release brings at once.
    pub(super) fn release(&mut self, stamp: Stamp) -> Option<EventKind> {
        let state = std::mem::replace(&mut self.state, State::Idle);
        match state {
            State::Down(_) if self.wanted.click.is_some() => {
                self.clicks = self.clicks.saturating_add(1);
                self.state = State::Between(stamp);
                None
            }
            State::Held(since) => {
                let ms = millis(stamp.at.since(since.at));
                self.wanted.hold_end.then_some(EventKind::HoldEnd { ms })
            }
            State::Down(_) | State::Idle | State::Between(_) => None,
        }
    }

    /// Returns the moment at which a verdict is due. `resting` means that the wire is inactive though the release is
    /// not sure yet: no hold is judged meanwhile.
    pub(super) fn deadline(&self, resting: bool) -> Option<Moment> {
        match self.state {
            State::Down(since) if !resting => self.wanted.hold.map(|hold| since.at + hold),
            State::Between(since) => self.wanted.click.map(|window| since.at + window),
            State::Down(_) | State::Idle | State::Held(_) => None,
        }
    }

    /// The verdict that is due, and when it fell.
    pub(super) fn settle(&mut self, now: Moment, resting: bool) -> Option<(EventKind, Stamp)> {
        let due = self.deadline(resting).filter(|due| *due <= now)?;
        match self.state {
            State::Down(since) => {
                (self.state, self.clicks) = (State::Held(since), 0);
                let ms = millis(due.since(since.at));
                Some((EventKind::Hold { ms }, since.moved_to(due)))
            }
            State::Between(since) => {
                let count = std::mem::take(&mut self.clicks);
                self.state = State::Idle;
                Some((EventKind::Click { count }, since))
            }
            State::Idle | State::Held(_) => None,
        }
    }

    /// Ends the sequence without a verdict. A hold that was reported still ends with its release.
    pub(super) fn abandon(&mut self) {
        self.clicks = 0;
        if !matches!(self.state, State::Held(_)) {
            self.state = State::Idle;
        }
    }
}

fn millis(length: Duration) -> u64 {
    u64::try_from(length.as_millis()).unwrap_or(u64::MAX)
}
