//! How well the clock of a slot is known, how long what it says takes to get here, and whether it is missed: measured,
//! never set.

use eg_proto::{SlotClock, Timestamp};
use std::collections::VecDeque;
use std::time::Duration;

/// Messages of a slot that tell how long one takes.
const RECENT: usize = 16;
/// For so long they do.
const MEMORY: Duration = Duration::from_secs(60);
/// A slot that was not heard for so long is waited for no more. Its agent asks for the time every ten seconds.
pub(super) const SILENT: Duration = Duration::from_secs(30);
/// What a message may take beyond what was measured: this, and a quarter.
pub(super) const SPARE: Duration = Duration::from_millis(2);
/// An agent that does not tell what waits in its outbox has sent it this long after it was heard again.
const SENT: Duration = Duration::from_millis(150);

/// What was measured of one slot.
#[derive(Clone, Debug, Default)]
pub(in crate::engine) struct LinkTiming {
    pub(super) heard: Timestamp,
    /// What it told last of the core's clock, and when.
    pub(super) clock: Option<(Timestamp, SlotClock)>,
    /// When a message arrived, what it took, and how uncertain its time was.
    pub(super) took: VecDeque<(Timestamp, Duration, Duration)>,
    /// Since when it is missed: its link was lost, or this core was started, and what waits in its outbox has not come.
    pub(super) missed: Option<Timestamp>,
    /// When it was first heard since.
    pub(super) back: Option<Timestamp>,
    /// The journal knows that it is linked.
    pub(super) linked: bool,
}

impl LinkTiming {
    /// A slot that was linked when the core before this one ended.
    pub(in crate::engine) fn missed(since: Timestamp) -> Self {
        Self { missed: Some(since), linked: true, ..Self::default() }
    }

    pub(super) fn unc(&self, now: Timestamp) -> Duration {
        let clock = self.clock.filter(|(at, _)| now.since(*at) < SILENT);
        let clock = clock.map(|(_, clock)| Duration::from_micros(clock.bound_us));
        self.recent(now).map(|(_, unc)| unc).chain(clock).max().unwrap_or_default()
    }

    pub(super) fn transit(&self, now: Timestamp) -> Duration {
        self.recent(now).map(|(took, _)| took).max().unwrap_or_default()
    }

    fn recent(&self, now: Timestamp) -> impl Iterator<Item = (Duration, Duration)> {
        let fresh = self.took.iter().filter(move |(at, ..)| now.since(*at) < MEMORY);
        fresh.map(|(_, took, unc)| (*took, *unc))
    }

    pub(super) fn note(&mut self, at: Timestamp, took: Duration, unc_us: u64) {
        if self.took.len() == RECENT {
            self.took.pop_front();
        }
        self.took.push_back((at, took, Duration::from_micros(unc_us)));
        self.heard = at;
    }

    /// It asked for the time, and told how many events wait in its outbox. They are sent before it says that none does.
    pub(super) fn pinged(&mut self, at: Timestamp, waiting: Option<u64>) {
        self.heard = at;
        let back = *self.back.get_or_insert(at);
        let has_come = waiting.map_or(at.since(back) >= SENT, |waiting| waiting == 0);
        if has_come {
            (self.missed, self.back) = (None, None);
        }
    }
}
