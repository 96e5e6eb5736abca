//! How well the clock of a slot is known, how long what it says takes to get here, and whether it is missed: measured,
//! never set.

use super::Slots;
use crate::engine::Engine;
use crate::engine::session::reorder::ReorderWindow;
use crate::ingest::{Arrival, Delivery};
use eg_proto::{ClockPing, Event, Presence, SlotClock, SlotId, Timestamp};
use std::collections::VecDeque;
use std::time::Duration;

/// Messages of a slot that tell how long one takes.
const RECENT: usize = 16;
/// For so long they do.
const MEMORY: Duration = Duration::from_secs(60);
/// A slot that was not heard for so long is waited for no more. Its agent asks for the time every ten seconds.
const SILENT: Duration = Duration::from_secs(30);
/// What a message may take beyond what was measured: this, and a quarter.
const SPARE: Duration = Duration::from_millis(2);
/// An agent that does not tell what waits in its outbox has sent it this long after it was heard again.
const SENT: Duration = Duration::from_millis(150);

/// What was measured of one slot.
#[derive(Clone, Debug, Default)]
pub(in crate::engine) struct LinkTiming {
    heard: Timestamp,
    /// What it told last of the core's clock, and when.
    clock: Option<(Timestamp, SlotClock)>,
    /// When a message arrived, what it took, and how uncertain its time was.
    took: VecDeque<(Timestamp, Duration, Duration)>,
    /// Since when it is missed: its link was lost, or this core was started, and what waits in its outbox has not come.
    missed: Option<Timestamp>,
    /// When it was first heard since.
    back: Option<Timestamp>,
    /// The journal knows that it is linked.
    linked: bool,
}

impl LinkTiming {
    /// A slot that was linked when the core before this one ended.
    pub(in crate::engine) fn missed(since: Timestamp) -> Self {
        Self { missed: Some(since), linked: true, ..Self::default() }
    }

    fn unc(&self, now: Timestamp) -> Duration {
        let clock = self.clock.filter(|(at, _)| now.since(*at) < SILENT);
        let clock = clock.map(|(_, clock)| Duration::from_micros(clock.bound_us));
        self.recent(now).map(|(_, unc)| unc).chain(clock).max().unwrap_or_default()
    }

    fn transit(&self, now: Timestamp) -> Duration {
        self.recent(now).map(|(took, _)| took).max().unwrap_or_default()
    }

    fn recent(&self, now: Timestamp) -> impl Iterator<Item = (Duration, Duration)> {
        let fresh = self.took.iter().filter(move |(at, ..)| now.since(*at) < MEMORY);
        fresh.map(|(_, took, unc)| (*took, *unc))
    }

    fn note(&mut self, at: Timestamp, took: Duration, unc_us: u64) {
        if self.took.len() == RECENT {
            self.took.pop_front();
        }
        self.took.push_back((at, took, Duration::from_micros(unc_us)));
        self.heard = at;
    }

    /// It asked for the time, and told how many events wait in its outbox. They are sent before it says that none does.
    fn pinged(&mut self, at: Timestamp, waiting: Option<u64>) {
        self.heard = at;
        let back = *self.back.get_or_insert(at);
        let has_come = waiting.map_or(at.since(back) >= SENT, |waiting| waiting == 0);
        if has_come {
            (self.missed, self.back) = (None, None);
        }
    }
}

impl Engine {
    /// Takes messages that tell of a clock alone out of `came`: nothing of them is kept on disk.
    pub(in crate::engine) fn take_clocks(&mut self, came: &mut Vec<Delivery>) {
        came.retain(|delivery| match delivery.what.as_slice() {
            [Arrival::Ping(slot, ping)] => {
                self.take_ping(slot, ping, delivery.at);
                false
            }
            _ => true,
        });
    }

    pub(in crate::engine) fn take_ping(&mut self, slot: &SlotId, ping: &ClockPing, at: Timestamp) {
        let Some(known) = self.slots.known.get_mut(slot) else { return };
        known.last_seen = Some(at);
        let reach = self.slots.timing.get_or_insert_with(slot.clone(), LinkTiming::default);
        reach.pinged(at, ping.waiting);
        if !std::mem::replace(&mut reach.linked, true) {
            self.slots.links.insert(slot.clone(), true);
        }
        let Some(clock) = ping.sync else { return };
        let before = known.clock.replace(clock);
        // A bound grows and shrinks all the time: pages are told when that can be seen.
        let seen = before.is_none_or(|before| {
            before.bound_us.abs_diff(clock.bound_us) > clock.bound_us / 4
                || before.beyond_ppb.is_some() != clock.beyond_ppb.is_some()
                || before.bent_ppb.is_some() != clock.bent_ppb.is_some()
        });
        self.feed.changed |= seen;
        let before = before.unwrap_or_default();
        if let (None, Some(ppb)) = (before.bent_ppb, clock.bent_ppb) {
            tracing::warn!(%slot, ppm = ppb / 1_000, "NTP, or something like it, bends this slot's clock");
        }
        if let (None, Some(ppb)) = (before.beyond_ppb, clock.beyond_ppb) {
            let beyond_ppm = ppb / 1_000;
            tracing::warn!(%slot, beyond_ppm, "this slot's clock differs in rate as no crystals do");
        }
        let sent = i64::try_from(ping.t1_us).unwrap_or(i64::MAX).saturating_add(clock.offset_us);
        reach.note(at, at.since(Timestamp(sent)), clock.bound_us);
        reach.clock = Some((at, clock));
    }
}

impl Slots {
    /// A press that came at once tells how long one takes.
    pub(in crate::engine) fn measure(&mut self, slot: &SlotId, event: &Event, at: Timestamp) {
        let (Some(happened), false) = (event.t.core_us, event.late) else { return };
        if !self.timing.contains_key(slot) && self.known.contains_key(slot) {
            self.timing.insert(slot.clone(), LinkTiming::default());
        }
        let Some(reach) = self.timing.get_mut(slot) else { return };
        reach.note(at, at.since(happened), event.t.unc_us);
    }

    /// An agent came or went. One that goes is missed until what waits in its outbox has come.
    pub(in crate::engine) fn mind(&mut self, slot: &SlotId, presence: Presence, at: Timestamp) {
        let Some(reach) = self.timing.get_mut(slot) else { return };
        if presence == Presence::Offline {
            reach.missed.get_or_insert(at);
            reach.back = None;
            if std::mem::take(&mut reach.linked) {
                self.links.insert(slot.clone(), false);
            }
        }
    }

    /// How long the session in this room waits for what may be earlier: as its worst slot needs.
    pub(in crate::engine) fn patience<'a>(
        &self,
        slots: impl Iterator<Item = &'a SlotId>,
        started: Timestamp,
        now: Timestamp,
    ) -> ReorderWindow {
        let mut worst = ReorderWindow { started, ..ReorderWindow::default() };
        for reach in slots.filter_map(|slot| self.timing.get(slot)) {
            worst.missed = worst.missed.max(reach.missed);
            if now.since(reach.heard) < SILENT {
                worst.unc = worst.unc.max(reach.unc(now));
                worst.transit = worst.transit.max(reach.transit(now));
            }
        }
        ReorderWindow { transit: worst.transit + worst.transit / 4 + SPARE, ..worst }
    }
}
