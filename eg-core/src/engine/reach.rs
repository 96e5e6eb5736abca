//! How well the clock of a slot is known, and how long what it says takes to get here: measured, never set.

use super::queue::Patience;
use super::{Delivery, Engine};
use crate::ingest::Arrival;
use eg_proto::{Event, SlotClock, SlotId, Timestamp};
use std::collections::VecDeque;
use std::time::Duration;

/// Presses of a slot that tell how long one takes.
const RECENT: usize = 16;
/// For so long they do.
const MEMORY: Duration = Duration::from_secs(60);
/// A slot that was not heard for so long is waited for no more. Its agent asks for the time every ten seconds.
const SILENT: Duration = Duration::from_secs(30);
/// What a message may take beyond what was measured: this, and a quarter.
const SPARE: Duration = Duration::from_millis(2);

/// What was measured of one slot.
#[derive(Clone, Debug, Default)]
pub(super) struct Reach {
    heard: Timestamp,
    /// What it told last of the core's clock, and when.
    clock: Option<(Timestamp, SlotClock)>,
    /// When it arrived, what it took, and how uncertain its time was.
    presses: VecDeque<(Timestamp, Duration, Duration)>,
}

impl Reach {
    fn unc(&self, now: Timestamp) -> Duration {
        let clock = self.clock(now).map(|clock| Duration::from_micros(clock.bound_us));
        self.recent(now).map(|(_, unc)| unc).chain(clock).max().unwrap_or_default()
    }

    fn transit(&self, now: Timestamp) -> Duration {
        let trip = self.clock(now).map(|clock| Duration::from_micros(clock.trip_us));
        self.recent(now).map(|(took, _)| took).chain(trip).max().unwrap_or_default()
    }

    fn clock(&self, now: Timestamp) -> Option<SlotClock> {
        self.clock.filter(|(at, _)| now.since(*at) < SILENT).map(|(_, clock)| clock)
    }

    fn recent(&self, now: Timestamp) -> impl Iterator<Item = (Duration, Duration)> {
        let fresh = self.presses.iter().filter(move |(at, ..)| now.since(*at) < MEMORY);
        fresh.map(|(_, took, unc)| (*took, *unc))
    }
}

impl Engine {
    /// Takes messages that tell of a clock alone out of `came`: nothing of them is kept on disk.
    pub(super) fn take_clocks(&mut self, came: &mut Vec<Delivery>) {
        came.retain(|delivery| match delivery.what.as_slice() {
            [Arrival::Clock(slot, clock)] => {
                self.take_clock(slot, *clock, delivery.at);
                false
            }
            _ => true,
        });
    }

    pub(super) fn take_clock(&mut self, slot: &SlotId, clock: SlotClock, at: Timestamp) {
        let Some(known) = self.slots.get_mut(slot) else { return };
        let before = known.clock.map(|before| before.bound_us);
        // A bound grows and shrinks all the time: pages are told when that can be seen.
        self.changed |=
            before.is_none_or(|before| before.abs_diff(clock.bound_us) > clock.bound_us / 4);
        known.clock = Some(clock);
        known.last_seen = Some(at);
        let reach = self.reach.get_or_insert_with(slot.clone(), Reach::default);
        (reach.clock, reach.heard) = (Some((at, clock)), at);
    }

    /// A press that came at once tells how long one takes.
    pub(super) fn measure(&mut self, slot: &SlotId, event: &Event, at: Timestamp) {
        let (Some(happened), false) = (event.t.core_us, event.late) else { return };
        if !self.reach.contains_key(slot) && self.slots.contains_key(slot) {
            self.reach.insert(slot.clone(), Reach::default());
        }
        let Some(reach) = self.reach.get_mut(slot) else { return };
        if reach.presses.len() == RECENT {
            reach.presses.pop_front();
        }
        let unc = Duration::from_micros(event.t.unc_us);
        reach.presses.push_back((at, at.since(happened), unc));
        reach.heard = at;
    }

    /// How long the session in this room waits for what may be earlier: as its worst slot needs.
    pub(super) fn patience<'a>(
        &self,
        slots: impl Iterator<Item = &'a SlotId>,
        now: Timestamp,
    ) -> Patience {
        let reach = slots.filter_map(|slot| self.reach.get(slot));
        let live = reach.filter(|reach| now.since(reach.heard) < SILENT);
        let worst = live.fold(Patience::default(), |worst, reach| Patience {
            unc: worst.unc.max(reach.unc(now)),
            transit: worst.transit.max(reach.transit(now)),
        });
        Patience { transit: worst.transit + worst.transit / 4 + SPARE, ..worst }
    }
}
