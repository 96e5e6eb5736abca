//! Clock messages: pings and presses measure the links of slots, and sessions wait as long as the worst link needs.

use super::timing::{LinkTiming, SILENT, SPARE};
use super::{Slots, silence};
use crate::engine::Engine;
use crate::engine::session::reorder::ReorderWindow;
use crate::ingest::{Arrival, Delivery};
use eg_proto::{ClockPing, Event, EventKind, Presence, SlotId, Timestamp};
use std::sync::Arc;

impl Engine {
    /// Handles deliveries of a single ping and removes them from `came`: nothing of them is kept on disk.
    pub(in crate::engine) fn take_clocks(&mut self, came: &mut Vec<Delivery>) {
        came.retain(|delivery| match delivery.what.as_slice() {
            [Arrival::Ping(slot, ping)] => {
                self.take_ping(slot, ping, delivery.at);
                false
            }
            [Arrival::Lights(slot, leds)] => {
                self.light_outputs(slot, leds);
                false
            }
            _ => true,
        });
    }

    pub(in crate::engine) fn take_ping(&mut self, slot: &SlotId, ping: &ClockPing, at: Timestamp) {
        let Some(known) = self.slots.known.get_mut(slot).map(Arc::make_mut) else { return };
        known.last_seen = Some(at);
        self.light_waiting(slot, ping.waiting);
        let reach = self.slots.timing.get_or_insert_with(slot.clone(), LinkTiming::default);
        reach.pinged(at, ping.waiting);
        reach.limit = ping.next_ms.map(silence::limit);
        if !std::mem::replace(&mut reach.linked, true) {
            self.slots.links.insert(slot.clone(), true);
        }
        self.slots.expect(slot);
        self.slots.lives(slot);
        let Some(clock) = ping.sync else { return };
        let Some(known) = self.slots.known.get_mut(slot).map(Arc::make_mut) else { return };
        let Some(reach) = self.slots.timing.get_mut(slot) else { return };
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
    /// Measures the transit time of an event that is not late.
    pub(in crate::engine) fn measure(&mut self, slot: &SlotId, event: &Event, at: Timestamp) {
        let (Some(happened), false) = (event.t.core_us, event.late) else { return };
        if matches!(event.kind, EventKind::Press) {
            let panel = Arc::make_mut(self.panels.get_or_insert_with(slot.clone(), Arc::default));
            Arc::make_mut(&mut panel.arrived).record(at.since(happened));
        }
        if !self.timing.contains_key(slot) && self.known.contains_key(slot) {
            self.timing.insert(slot.clone(), LinkTiming::default());
        }
        let Some(reach) = self.timing.get_mut(slot) else { return };
        reach.note(at, at.since(happened), event.t.unc_us);
    }

    /// Notes that an agent has left: its slot is missed until everything in its outbox has come.
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

    /// Returns the reorder window of a session: that of its worst slot.
    pub(in crate::engine) fn window<'a>(
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
