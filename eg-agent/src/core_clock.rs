//! The core's clock as this slot knows it: pings and pongs in, offset ± bound out.
//!
//! A Pi has no clock of its own at start and the room may have no internet, so the core is the source of time. The
//! slot's side is `CLOCK_MONOTONIC`, by which the kernel stamps edges: no step of the wall clock moves it. It stands
//! still while the machine is suspended, which `CLOCK_BOOTTIME` tells; the offset is then measured anew.

mod sync;

pub use eg_hal::Moment;
pub use sync::ClockSync;

use eg_hal::clock;
use eg_proto::{ClockPing, ClockPong, EventTime, Source, Timestamp};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Offset between the core's clock and the slot's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Offset {
    /// Core minus slot, µs.
    pub micros: i64,
    /// The true offset lies within ± this many microseconds.
    pub bound_us: u64,
}

/// One slot's clock, shared by those who stamp and the one who asks. Clones are the same clock.
#[derive(Clone, Debug, Default)]
pub struct CoreClock(Arc<Mutex<ClockSync>>);

impl CoreClock {
    /// The time of an event that happened at `at` ± `unc_us` by the slot's clock, in the core's. Its moment is null
    /// before the first sync, and where a suspension lies between it and now.
    pub fn event_time(&self, at: Moment, unc_us: u64, src: Source) -> EventTime {
        match self.awake().offset(at) {
            Some(offset) => EventTime {
                core_us: Some(shift(at, offset)),
                unc_us: unc_us.saturating_add(offset.bound_us),
                src,
            },
            None => EventTime { core_us: None, unc_us, src },
        }
    }

    /// A moment in the core's clock; `None` before the first sync.
    pub fn core_time(&self, at: Moment) -> Option<Timestamp> {
        self.awake().offset(at).map(|offset| shift(at, offset))
    }

    /// A moment of the core's clock in the slot's; `None` before the first sync.
    pub fn slot_time(&self, at: Timestamp, now: Moment) -> Option<Moment> {
        let offset = self.awake().offset(now)?;
        let micros = at.0.saturating_sub(offset.micros);
        Some(Moment(u64::try_from(micros).unwrap_or(0)))
    }

    /// The estimate for `now`.
    pub fn offset(&self, now: Moment) -> Option<Offset> {
        self.awake().offset(now)
    }

    /// The next ping, to be sent at once. `wall` is the slot's own date: it is told how far that is ahead of the core's.
    pub fn ping(&self, now: Moment, wall: Timestamp) -> ClockPing {
        let mut ping = self.awake().ping(now);
        if let Some(sync) = &mut ping.sync {
            let offset = Offset { micros: sync.offset_us, bound_us: sync.bound_us };
            sync.ahead_us = Some(wall.0.saturating_sub(shift(now, offset).0));
        }
        ping
    }

    /// Takes an answer that arrived `now`. `false`: it answers no ping of ours, or makes no sense, and is ignored.
    pub fn pong(&self, pong: &ClockPong, now: Moment) -> bool {
        self.awake().pong(pong, now)
    }

    /// The estimate, after a look at whether this machine was suspended meanwhile.
    fn awake(&self) -> MutexGuard<'_, ClockSync> {
        let mut sync = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        sync.notice(clock::slept(), clock::now());
        sync
    }
}

fn shift(at: Moment, offset: Offset) -> Timestamp {
    Timestamp(i64::try_from(at.0).unwrap_or(i64::MAX).saturating_add(offset.micros))
}

#[cfg(test)]
mod tests;
