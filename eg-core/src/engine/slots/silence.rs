//! Silent slots: one that tells how often it pings, and then says nothing, has left without a word.

use super::Slots;
use crate::engine::Engine;
use crate::engine::transaction::Transaction;
use crate::journal::JournalError;
use eg_proto::{Presence, SlotId, Timestamp};
use std::time::Duration;

/// Number of pings of a slot that may fail to come before it counts as lost.
const PINGS: u32 = 3;
/// Margin beside them, for a network that stalls.
const MARGIN: Duration = Duration::from_secs(1);
/// Range of the interval of pings that is believed, ms.
const INTERVALS: std::ops::RangeInclusive<u32> = 1_000..=60_000;
/// Delay of a round from which on the core itself was not listening: it was stopped, or its disk refused.
const OVERSLEPT: Duration = Duration::from_secs(1);

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
    }

    /// Notes a sign of life of a slot, which may count as offline.
    pub(super) fn lives(&mut self, slot: &SlotId) {
        let offline = |known: &super::Slot| known.presence == Presence::Offline;
        if self.known.get(slot).is_some_and(offline) && self.announced.contains_key(slot) {
            self.back.insert(slot.clone());
        }
    }

    /// Returns the slots that have been silent for too long at `now`. None is while the core itself did not listen.
    fn silent(&mut self, now: Timestamp) -> Vec<SlotId> {
        if self.silent_at().is_some_and(|at| now.since(at) > OVERSLEPT) {
            self.listening = Some(now);
        }
        let silent = self.limits().filter(|(_, at)| *at <= now);
        silent.map(|(slot, _)| slot.clone()).collect()
    }

    /// Returns the time at which the next slot counts as silent.
    pub(in crate::engine) fn silent_at(&self) -> Option<Timestamp> {
        self.limits().map(|(_, at)| at).min()
    }

    /// Returns the slots that are online and tell how often they ping, each with the time from which on it is silent.
    fn limits(&self) -> impl Iterator<Item = (&SlotId, Timestamp)> {
        let listening = self.listening;
        let online = |slot: &SlotId| {
            self.known.get(slot).is_some_and(|known| known.presence == Presence::Online)
        };
        self.timing.iter().filter_map(move |(slot, reach)| {
            let (limit, since) = (reach.limit.filter(|_| online(slot))?, listening?);
            Some((slot, reach.heard.max(since) + limit))
        })
    }
}
