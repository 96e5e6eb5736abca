//! The core's clock as this slot knows it: pings and pongs in, offset ± bound out.
//!
//! Pure: time is an argument. A Pi has no clock of its own at start, so the core is the source of time: four stamps of a
//! ping and its pong give the offset between both clocks, wrong by at most half the round trip, and by what the two
//! crystals drift apart since.

use eg_hal::Moment;
use eg_proto::{ClockPing, ClockPong, EventTime, Source, Timestamp};
use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// What two crystals may drift apart: 50 µs a second.
const DRIFT_PPM: u64 = 50;
/// Samples that are kept.
const KEPT: usize = 8;
/// Pings that may still be answered.
const ASKED: usize = 8;

/// Offset between the core's clock and the slot's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Offset {
    /// Core minus slot, µs.
    pub micros: i64,
    /// The true offset lies within ± this many microseconds.
    pub bound_us: u64,
}

#[derive(Clone, Copy, Debug)]
struct Sample {
    offset: i64,
    half_trip: u64,
    at: Moment,
}

impl Sample {
    fn bound(&self, now: Moment) -> u64 {
        let age = now.0.abs_diff(self.at.0);
        self.half_trip + age.saturating_mul(DRIFT_PPM).div_ceil(1_000_000)
    }

    fn agrees(&self, other: &Self, now: Moment) -> bool {
        self.offset.abs_diff(other.offset) <= self.bound(now) + other.bound(now)
    }
}

/// The estimate itself.
#[derive(Debug, Default)]
pub struct ClockSync {
    asked: VecDeque<(u64, Moment)>,
    last: u64,
    samples: VecDeque<Sample>,
}

impl ClockSync {
    /// The next ping, to be sent at once.
    pub fn ping(&mut self, now: Moment) -> ClockPing {
        self.last += 1;
        if self.asked.len() == ASKED {
            self.asked.pop_front();
        }
        self.asked.push_back((self.last, now));
        ClockPing { n: self.last, t1_us: now.0 }
    }

    /// Takes an answer that arrived `now`. `false`: it answers no ping of ours, or makes no sense, and is ignored.
    pub fn pong(&mut self, pong: &ClockPong, now: Moment) -> bool {
        let Some(place) = self.asked.iter().position(|(n, _)| *n == pong.n) else { return false };
        let Some((_, sent)) = self.asked.remove(place) else { return false };
        let Some(sample) = measure(sent, pong, now) else { return false };
        // A core whose clock was set since makes all older samples wrong.
        self.samples.retain(|known| known.agrees(&sample, now));
        if self.samples.len() == KEPT {
            let worst = self.samples.iter().enumerate().max_by_key(|(_, known)| known.bound(now));
            if let Some((place, _)) = worst {
                self.samples.remove(place);
            }
        }
        self.samples.push_back(sample);
        true
    }

    /// The best estimate for `now`; `None` before the first answer.
    pub fn offset(&self, now: Moment) -> Option<Offset> {
        let best = self.samples.iter().min_by_key(|sample| sample.bound(now))?;
        Some(Offset { micros: best.offset, bound_us: best.bound(now) })
    }
}

fn measure(sent: Moment, pong: &ClockPong, now: Moment) -> Option<Sample> {
    let (t1, t4) = (i64::try_from(sent.0).ok()?, i64::try_from(now.0).ok()?);
    let (t2, t3) = (pong.t2_us.0, pong.t3_us.0);
    let held = t3.checked_sub(t2).filter(|held| *held >= 0)?;
    let trip = t4.checked_sub(t1)?.checked_sub(held)?;
    let half_trip = u64::try_from(trip).ok()?.div_ceil(2);
    let out = t2.checked_sub(t1)?;
    let back = t3.checked_sub(t4)?;
    let offset = i64::try_from((i128::from(out) + i128::from(back)).div_euclid(2)).ok()?;
    Some(Sample { offset, half_trip: half_trip + 1, at: now })
}

/// One slot's clock, shared by those who stamp and the one who asks. Clones are the same clock.
#[derive(Clone, Debug, Default)]
pub struct CoreClock(Arc<Mutex<ClockSync>>);

impl CoreClock {
    /// The time of an event that happened at `at` ± `unc_us` by the slot's clock, in the core's. Its moment is null
    /// before the first sync.
    pub fn event_time(&self, at: Moment, unc_us: u64, src: Source) -> EventTime {
        match self.sync().offset(at) {
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
        self.sync().offset(at).map(|offset| shift(at, offset))
    }

    /// A moment of the core's clock in the slot's; `None` before the first sync.
    pub fn slot_time(&self, at: Timestamp, now: Moment) -> Option<Moment> {
        let offset = self.sync().offset(now)?;
        let micros = at.0.saturating_sub(offset.micros);
        Some(Moment(u64::try_from(micros).unwrap_or(0)))
    }

    /// The estimate for `now`.
    pub fn offset(&self, now: Moment) -> Option<Offset> {
        self.sync().offset(now)
    }

    pub(crate) fn sync(&self) -> MutexGuard<'_, ClockSync> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn shift(at: Moment, offset: Offset) -> Timestamp {
    Timestamp(i64::try_from(at.0).unwrap_or(i64::MAX).saturating_add(offset.micros))
}

#[cfg(test)]
mod tests;
