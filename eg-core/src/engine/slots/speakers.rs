//! Speakers: alerts when two machines use the id of one slot, and when that is over.

use super::twins::{CALM, SpeakerHistory};
use crate::engine::alerts::Alert;
use crate::engine::read_model::Twin;
use crate::engine::{Engine, text};
use crate::ingest::Speaker;
use eg_proto::{SlotId, Timestamp};
use std::sync::Arc;

impl Engine {
    /// Notes that a machine speaks as a slot, and raises the alert if it is a second one.
    pub(in crate::engine) fn take_speaker(&mut self, slot: &SlotId, who: Speaker, at: Timestamp) {
        let Some(known) = self.slots.known.get_mut(slot).map(Arc::make_mut) else { return };
        let traces = self.slots.speakers.get_or_insert_with(slot.clone(), SpeakerHistory::default);
        if !traces.pass(who, at) {
            return;
        }
        let Some(twin) = traces.twin() else { return };
        if known.twin.is_none() {
            let Twin { boots, addresses, .. } = &twin;
            tracing::warn!(%slot, ?boots, ?addresses, "two machines call themselves so; give one of them another id");
        }
        self.alerts.insert(Alert::Twin(slot.clone()), text::twin(slot, &twin));
        known.twin = Some(twin);
        self.feed.changed = true;
    }

    /// Removes alerts about twins that have been quiet for [`CALM`].
    pub(in crate::engine) fn forget_twins(&mut self, now: Timestamp) {
        let over = self.twins().filter(|(_, traces)| traces.is_over(now));
        for slot in over.map(|(slot, _)| slot.clone()).collect::<Vec<_>>() {
            tracing::info!(%slot, "one machine calls itself so again");
            self.slots.speakers.remove(&slot);
            self.alerts.remove(&Alert::Twin(slot.clone()));
            if let Some(known) = self.slots.known.get_mut(&slot).map(Arc::make_mut) {
                known.twin = None;
            }
            self.feed.changed = true;
        }
    }

    /// Returns the time at which the next twin may be forgotten.
    pub(in crate::engine) fn twins_until(&self) -> Option<Timestamp> {
        self.twins().filter_map(|(_, traces)| traces.last).min().map(|last| last + CALM)
    }

    /// Returns the slots as which a second machine was noticed, each with its speakers. There are few, and each has an alert.
    fn twins(&self) -> impl Iterator<Item = (&SlotId, &SpeakerHistory)> {
        self.alerts.keys().filter_map(|alert| {
            let Alert::Twin(slot) = alert else { return None };
            Some((slot, self.slots.speakers.get(slot)?))
        })
    }
}
