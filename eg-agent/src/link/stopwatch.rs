//! Times the events of this start on their way to the core.

use crate::core_clock::CoreClock;
use crate::outbox::Row;
use crate::state::SlotStatus;
use eg_hal::{Moment, clock};
use eg_proto::{Ack, Boot};
use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Events under way that are timed at once; further ones are sent all the same.
const UNDER_WAY: usize = 256;

/// Times the events of one start. Clones share it.
#[derive(Clone, Debug)]
pub(super) struct Stopwatch {
    slot_status: SlotStatus,
    clock: CoreClock,
    boot: Boot,
    /// Number of each event that was sent, and the moment at which it was; oldest first.
    under_way: Arc<Mutex<VecDeque<(u64, Moment)>>>,
}

impl Stopwatch {
    /// Makes one for the start that `slot_status` tells of.
    pub(super) fn new(slot_status: SlotStatus, clock: CoreClock) -> Self {
        let boot = slot_status.read().boot;
        Self { slot_status, clock, boot, under_way: Arc::default() }
    }

    /// Starts for rows that are about to be handed to the connection. What waited through an outage is not timed.
    pub(super) fn sending(&self, rows: &[Row]) {
        let now = clock::now();
        let mut under_way = self.under_way();
        for row in rows.iter().filter(|row| !row.late && row.boot == self.boot) {
            if under_way.len() < UNDER_WAY {
                under_way.push_back((row.seq, now));
            }
        }
    }

    /// Notes that the connection has them.
    pub(super) fn sent(&self, rows: &[Row]) {
        let now = clock::now();
        let fresh = rows.iter().filter(|row| !row.late && row.boot == self.boot);
        let times = fresh.filter_map(|row| row.age(&self.clock, now));
        self.slot_status.update(|state| {
            times.for_each(|time| state.latency.sent.record(time));
            // The acknowledgement follows, and is shown.
            false
        });
    }

    /// Notes an acknowledgement of the core.
    pub(super) fn acked(&self, ack: &Ack) {
        if ack.boot != self.boot {
            return;
        }
        let now = clock::now();
        let mut under_way = self.under_way();
        let done = under_way.partition_point(|(seq, _)| *seq <= ack.seq);
        let times: Vec<_> = under_way.drain(..done).map(|(_, sent)| now.since(sent)).collect();
        drop(under_way);
        if !times.is_empty() {
            self.slot_status.update(|state| {
                times.iter().for_each(|time| state.latency.acked.record(*time));
                true
            });
        }
    }

    /// Stops for everything: it comes again.
    pub(super) fn stop(&self) {
        self.under_way().clear();
    }

    fn under_way(&self) -> MutexGuard<'_, VecDeque<(u64, Moment)>> {
        self.under_way.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
