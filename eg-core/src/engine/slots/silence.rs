//! Silent slots: one that tells how often it pings, and then says nothing, has left without a word.

use super::timing::LinkTiming;
use super::{Slot, Slots};
use crate::engine::Engine;
use crate::engine::transaction::Transaction;
use crate::journal::JournalError;
use eg_proto::{Presence, SlotId, Timestamp};
use std::sync::Arc;
use std::time::Duration;

/// Number of pings of a slot that may fail to come before it counts as lost.
const PINGS: u32 = 3;
/// Margin beside them, for a network that stalls.
const MARGIN: Duration = Duration::from_secs(1);
/// Range of the interval of pings that is believed, ms.
const INTERVALS: std::ops::RangeInclusive<u32> = 1_000..=60_000;
/// Delay of a round from which on the core itself was not listening: it was stopped, or its disk refused.
const OVERSLEPT: Duration = Duration::from_secs(1);

/// Time that never comes.
const NEVER: Timestamp = Timestamp(i64::MAX);

/// Returns the silence after which a slot counts as lost whose next ping follows within `next_ms`.
pub(super) fn limit(next_ms: u32) -> Duration {
    let interval = next_ms.clamp(*INTERVALS.start(), *INTERVALS.end());
    Duration::from_millis(u64::from(interval)) * PINGS + MARGIN
}

impl Engine {
    /// Takes slots that are silent for offline, and those that speak again for online.
    pub(in crate::engine) fn mind_silence(
        &mut self,
        tx: &mut Transaction,
    ) -> Result<(), JournalError> {
        for slot in self.slots.back.clone() {
            self.take_presence(tx, tx.now, &slot, Presence::Online)?;
        }
        for slot in self.slots.silent(tx.now) {
            tracing::warn!(%slot, "this slot is silent and counts as offline");
            self.take_presence(tx, tx.now, &slot, Presence::Offline)?;
        }
        Ok(())
    }
}

impl Slots {
    /// Notes that the core listens to slots from `at` on; `None`: that it cannot, because its link is lost.
    pub(in crate::engine) fn listen(&mut self, at: Option<Timestamp>) {
        self.listening = at;
        self.calm.set(None);
    }

    /// Notes that a slot has pinged or come online: it may be the next one to fall silent.
    pub(super) fn expect(&mut self, slot: &SlotId) {
        let at = self.timing.get(slot).and_then(|reach| self.limit_of(slot, reach));
        if let (Some(calm), Some(at)) = (self.calm.get(), at) {
            self.calm.set(Some(calm.min(at)));
        }
    }

    /// Notes a sign of life of a slot, which may count as offline.
    pub(super) fn lives(&mut self, slot: &SlotId) {
        let offline = |known: &Arc<Slot>| known.presence == Presence::Offline;
        if self.known.get(slot).is_some_and(offline) && self.announced.contains_key(slot) {
            self.back.insert(slot.clone());
        }
    }

    /// Returns the slots that have been silent for too long at `now`. None is while the core itself did not listen.
    fn silent(&mut self, now: Timestamp) -> Vec<SlotId> {
        if self.silent_at().is_none_or(|at| at > now) {
            return Vec::new();
        }
        // What was expected may be too early: slots have pinged since.
        self.calm.set(None);
        if self.silent_at().is_some_and(|at| now.since(at) > OVERSLEPT) {
            self.listen(Some(now));
        }
        let silent = self.limits().filter(|(_, at)| *at <= now);
        let silent = silent.map(|(slot, _)| slot.clone()).collect();
        self.calm.set(None);
        silent
    }

    /// Returns a time before which no slot counts as silent: that of the next one, or an earlier one. All slots are looked
    /// at once until that time comes, and not at every ping.
    pub(in crate::engine) fn silent_at(&self) -> Option<Timestamp> {
        let calm = self.calm.get().unwrap_or_else(|| {
            let next = self.limits().map(|(_, at)| at).min().unwrap_or(NEVER);
            self.calm.set(Some(next));
            next
        });
        Some(calm).filter(|at| *at < NEVER)
    }

    /// Returns the slots that are online and tell how often they ping, each with the time from which on it is silent.
    fn limits(&self) -> impl Iterator<Item = (&SlotId, Timestamp)> {
        let limits = self.timing.iter();
        limits.filter_map(|(slot, reach)| Some((slot, self.limit_of(slot, reach)?)))
    }

    /// Returns the time from which on a slot is silent, if it is online and tells how often it pings.
    fn limit_of(&self, slot: &SlotId, reach: &LinkTiming) -> Option<Timestamp> {
        let online = |known: &Arc<Slot>| known.presence == Presence::Online;
        let (limit, since) = (reach.limit?, self.listening?);
        self.known.get(slot).is_some_and(online).then(|| reach.heard.max(since) + limit)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn no_slot_falls_silent_unseen_and_none_before_its_time(
            steps in prop::collection::vec((0..6_u8, 0..4_u8, 0..40_u32), 1..60),
        ) {
            let ids: [SlotId; 4] = ["a", "b", "c", "d"].map(|id| id.parse().unwrap());
            let (mut slots, mut now) = (Slots::default(), Timestamp(1_000_000_000));
            for (step, slot, seconds) in steps {
                let slot = &ids[usize::from(slot)];
                match step {
                    0..=2 => {
                        let reach = slots.timing.get_or_insert_with(slot.clone(), LinkTiming::default);
                        reach.pinged(now, None);
                        reach.limit = Some(limit(seconds * 1_000));
                        slots.expect(slot);
                    }
                    3 => {
                        let known = slots.known.get_or_insert_with(slot.clone(), || Slot::unheard().into());
                        Arc::make_mut(known).presence = Presence::Online;
                        slots.expect(slot);
                    }
                    4 => now = now + Duration::from_secs(seconds.into()),
                    _ => slots.listen((seconds > 3).then_some(now)),
                }
                let next = slots.limits().map(|(_, at)| at).min();
                prop_assert!(slots.silent_at() <= next.or(slots.silent_at()));
                prop_assert_eq!(slots.silent_at().is_some(), next.is_some());
                let overslept = next.is_some_and(|at| now.since(at) > OVERSLEPT);
                let due: Vec<SlotId> = slots.limits().filter(|(_, at)| *at <= now).map(|it| it.0.clone()).collect();
                let silent = slots.silent(now);
                if !overslept {
                    prop_assert_eq!(&silent, &due);
                }
                for slot in silent {
                    Arc::make_mut(slots.known.get_mut(&slot).unwrap()).presence = Presence::Offline;
                }
            }
        }
    }
}
