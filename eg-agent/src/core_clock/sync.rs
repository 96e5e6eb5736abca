//! The estimate itself. Pure: time is an argument.
//!
//! Four stamps of a ping and its pong bound the offset between both clocks: however unevenly the way out and the way
//! back share the round trip, the truth lies within ± half of it. From there the two crystals drift apart, each sample
//! is a cone that widens with its age, and the truth lies in all of them at once: their intersection is the estimate.

use super::Offset;
use eg_hal::Moment;
use eg_proto::{Boot, ClockPing, ClockPong, SlotClock};
use std::collections::VecDeque;
use std::time::Duration;

/// What two crystals may drift apart at the most, in parts per billion: 50 ppm each, as boards specify theirs.
const DRIFT: i64 = 100_000;
/// What a drift that was measured may change by meanwhile, in parts per billion: a board that warms up.
const WANDER: i64 = 10_000;
/// A drift is measured between samples at least so far apart.
const BASELINE: Duration = Duration::from_secs(10);
/// Samples that are kept: some minutes of them.
const KEPT: usize = 24;
/// The worst of so many round trips is what a message may take.
const RECENT: usize = 8;
/// Pings that may still be answered.
const ASKED: usize = 8;
/// The kernel counts no suspension shorter than this; two readings of its clocks may differ by a little.
const NAP: Duration = Duration::from_millis(5);

/// A range that holds the truth.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Range {
    low: i64,
    high: i64,
}

impl Range {
    /// What is in both; `None` when nothing is.
    fn and(self, other: Self) -> Option<Self> {
        let (low, high) = (self.low.max(other.low), self.high.min(other.high));
        (low <= high).then_some(Self { low, high })
    }
}

/// Nothing was measured: what any crystals do.
const ANY_DRIFT: Range = Range { low: -DRIFT, high: DRIFT };

#[derive(Clone, Copy, Debug)]
struct Sample {
    offset: i64,
    half_trip: u64,
    at: Moment,
}

impl Sample {
    /// Where the offset is at `moment`, before or after this sample, under such a drift.
    fn cone(&self, moment: Moment, drift: Range) -> Range {
        let after = i128::from(moment.0) - i128::from(self.at.0);
        let half = i64::try_from(self.half_trip).unwrap_or(i64::MAX);
        let (slow, fast) =
            if after < 0 { (drift.high, drift.low) } else { (drift.low, drift.high) };
        let moved = |rate: i64| i128::from(rate) * after;
        let low = moved(slow).div_euclid(1_000_000_000);
        let high = -(-moved(fast)).div_euclid(1_000_000_000);
        let add = |micros: i128| i64::try_from(micros).unwrap_or(i64::MAX);
        Range {
            low: self.offset.saturating_sub(half).saturating_add(add(low)),
            high: self.offset.saturating_add(half).saturating_add(add(high)),
        }
    }

    /// The mean drift from this sample to a later one; `None` when they are too close.
    fn drift_to(&self, later: &Self) -> Option<Range> {
        let span = later.at.since(self.at);
        if span < BASELINE {
            return None;
        }
        let span = i128::try_from(span.as_micros()).ok()?;
        let moved = i128::from(later.offset) - i128::from(self.offset);
        let doubt = i128::from(self.half_trip) + i128::from(later.half_trip);
        let rate = |micros: i128| i64::try_from(micros * 1_000_000_000 / span).ok();
        Some(Range { low: rate(moved - doubt)? - 1, high: rate(moved + doubt)? + 1 })
    }
}

/// What a slot knows of the core's clock.
#[derive(Debug)]
pub struct ClockSync {
    asked: VecDeque<(u64, Moment)>,
    last: u64,
    /// Oldest first, all of one run of the core's clock.
    samples: VecDeque<Sample>,
    drift: Range,
    core: Option<Boot>,
    /// How long this machine has been suspended since its start.
    slept: Option<Duration>,
    /// Before this moment its clock stood still for a time that nobody knows.
    valid_from: Moment,
}

impl Default for ClockSync {
    fn default() -> Self {
        Self {
            asked: VecDeque::new(),
            last: 0,
            samples: VecDeque::new(),
            drift: ANY_DRIFT,
            core: None,
            slept: None,
            valid_from: Moment(0),
        }
    }
}

impl ClockSync {
    /// The next ping, to be sent at once. It tells what is known so far.
    pub fn ping(&mut self, now: Moment) -> ClockPing {
        self.last += 1;
        if self.asked.len() == ASKED {
            self.asked.pop_front();
        }
        self.asked.push_back((self.last, now));
        ClockPing { n: self.last, t1_us: now.0, sync: self.told(now) }
    }

    /// Takes an answer that arrived `now`. `false`: it answers no ping of ours, or makes no sense, and is ignored.
    pub fn pong(&mut self, pong: &ClockPong, now: Moment) -> bool {
        let Some(place) = self.asked.iter().position(|(n, _)| *n == pong.n) else { return false };
        let Some((_, sent)) = self.asked.remove(place) else { return false };
        let Some(sample) = measure(sent, pong, now) else { return false };
        if pong.boot != self.core {
            // Another core, or one that was started again: its clock may go by another beginning.
            self.core = pong.boot;
            self.forget();
        }
        if self
            .estimate(sample.at)
            .is_some_and(|known| known.and(sample.cone(sample.at, self.drift)).is_none())
        {
            // A clock was set, or drifts as no crystal does: what was measured before is wrong.
            self.forget();
        }
        if self.samples.len() == KEPT {
            self.samples.pop_front();
        }
        self.samples.push_back(sample);
        self.drift = self.measured_drift();
        true
    }

    /// This machine has been suspended for so long altogether, as its kernel says. When that has grown, the clock has
    /// stood still, and nothing that was measured before holds any more.
    pub fn notice(&mut self, slept: Duration, now: Moment) {
        let before = self.slept.replace(slept);
        if before.is_some_and(|before| slept.abs_diff(before) > NAP) {
            self.forget();
            self.asked.clear();
            self.valid_from = now;
        }
    }

    /// The offset at a moment: now, or when something happened. `None` before the first answer, and for a moment before
    /// the machine was suspended last.
    pub fn offset(&self, at: Moment) -> Option<Offset> {
        let Range { low, high } = self.estimate(at).filter(|_| at >= self.valid_from)?;
        let bound_us = high.abs_diff(low).div_ceil(2);
        let micros = low.saturating_add(i64::try_from(bound_us).unwrap_or(i64::MAX));
        Some(Offset { micros, bound_us })
    }

    fn forget(&mut self) {
        self.samples.clear();
        self.drift = ANY_DRIFT;
    }

    fn estimate(&self, at: Moment) -> Option<Range> {
        let mut cones = self.samples.iter().rev().map(|sample| sample.cone(at, self.drift));
        let newest = cones.next()?;
        // Where older samples contradict the newer ones, the drift has wandered further than it may: the newer count.
        Some(cones.try_fold(newest, Range::and).unwrap_or(newest))
    }

    /// Every pair of samples bounds the mean drift between them; today's is not far from any of these.
    fn measured_drift(&self) -> Range {
        let mut drift = ANY_DRIFT;
        for (place, early) in self.samples.iter().enumerate() {
            for late in self.samples.iter().skip(place + 1) {
                let Some(mean) = early.drift_to(late) else { continue };
                let near = Range { low: mean.low - WANDER, high: mean.high + WANDER };
                let Some(both) = drift.and(near) else { return ANY_DRIFT };
                drift = both;
            }
        }
        drift
    }

    fn told(&self, now: Moment) -> Option<SlotClock> {
        let Offset { micros, bound_us } = self.offset(now)?;
        let trips = self.samples.iter().rev().take(RECENT).map(|sample| sample.half_trip);
        let measured = self.drift != ANY_DRIFT;
        Some(SlotClock {
            offset_us: micros,
            bound_us,
            trip_us: trips.max().unwrap_or(0).saturating_mul(2),
            drift_ppb: measured.then(|| i64::midpoint(self.drift.low, self.drift.high)),
            ahead_us: None,
        })
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
    // The clocks drift during the exchange too, and every stamp is cut to whole microseconds.
    let whole = u64::try_from(t4.checked_sub(t1)?).ok()?;
    let doubt = whole.saturating_mul(DRIFT.unsigned_abs()).div_ceil(1_000_000_000) + 2;
    Some(Sample { offset, half_trip: half_trip + doubt, at: now })
}
