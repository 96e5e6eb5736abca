//! Timing of a slot's link, measured and never configured: uncertainty of the clock, transit time of messages, and
//! whether the slot is missed.

use eg_proto::{SlotClock, Timestamp};
use std::collections::VecDeque;
use std::time::Duration;

/// Number of recent messages of a slot from which transit is measured.
const RECENT: usize = 24;
/// Age at which a message no longer counts for transit.
const MEMORY: Duration = Duration::from_secs(60);
/// Silence after which a slot's link no longer counts. Its agent asks for the time every three seconds, and up to 0.1.0 every ten.
pub(super) const SILENT: Duration = Duration::from_secs(30);
/// Margin added to the measured transit time, beside a quarter of it.
pub(super) const SPARE: Duration = Duration::from_millis(2);
/// Time after which an agent that does not report its outbox is taken to have sent all of it.
const SENT: Duration = Duration::from_millis(150);

/// Measurements of one slot's link.
#[derive(Clone, Debug, Default)]
pub(in crate::engine) struct LinkTiming {
    pub(super) heard: Timestamp,
    /// Last report of its clock synchronization, and when that came.
    pub(super) clock: Option<(Timestamp, SlotClock)>,
    /// Arrival, transit time and uncertainty of each recent message.
    pub(super) took: VecDeque<(Timestamp, Duration, Duration)>,
    /// Time since which the slot is missed: its link was lost, or this core was started, and its outbox has not been
    /// emptied.
    pub(super) missed: Option<Timestamp>,
    /// Time at which it was first heard again since.
    pub(super) back: Option<Timestamp>,
    /// `true` if it is marked as linked.
    pub(super) linked: bool,
    /// Silence after which the slot counts as lost; `None` for an agent that does not tell how often it pings.
    pub(super) limit: Option<Duration>,
}

impl LinkTiming {
    /// Builds the timing of a slot that was linked when the core before this one ended.
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

    /// Handles a ping. The slot is no longer missed once it reports an empty outbox, or [`SENT`] after it came back if
    /// its agent reports none.
    pub(super) fn pinged(&mut self, at: Timestamp, waiting: Option<u64>) {
        self.heard = at;
        let back = *self.back.get_or_insert(at);
        let has_come = waiting.map_or(at.since(back) >= SENT, |waiting| waiting == 0);
        if has_come {
            (self.missed, self.back) = (None, None);
        }
    }
}
