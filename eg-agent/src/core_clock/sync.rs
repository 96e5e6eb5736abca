//! The estimate itself. Pure: time is an argument.
//!
//! Four stamps of a ping and its pong bound the offset between both clocks: however unevenly the way out and the way
//! back share the round trip, the truth lies within ± half of it. From there the two crystals drift apart, each sample
//! is a cone that widens with its age, and the truth lies in all of them at once: their intersection is the estimate.

use super::offset::Offset;
use eg_hal::Moment;
use eg_proto::{Boot, ClockPing, ClockPong, SlotClock};
use std::collections::VecDeque;
use std::time::Duration;

/// Most that two crystals may drift apart, in parts per billion: 50 ppm each, as boards specify theirs.
const DRIFT: i64 = 100_000;
/// Most that the clocks may drift apart before it is known that both are such crystals: a virtual machine's may be
/// none.
const UNKNOWN: i64 = 500_000;
/// Clocks that were not seen to differ more for so long are crystals, however little the link lets one see.
const PROBATION: Duration = Duration::from_secs(120);
/// Clocks that seem to differ by more than this, in parts per billion, do not drift: one of them was set.
const SET: i64 = 10_000_000;
/// Time after which clocks that went as no crystals do are trusted again to go as they went.
const MISTRUST: Duration = Duration::from_secs(300);
/// Most by which a measured drift may change meanwhile, in parts per billion: a board that warms up.
const WANDER: i64 = 10_000;
/// A drift is measured between samples at least so far apart.
const BASELINE: Duration = Duration::from_secs(2);
/// Samples that are kept: some minutes of them.
const KEPT: usize = 80;
/// The worst of so many round trips is what a message may take.
const RECENT: usize = 24;
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
    /// Intersects two ranges; `None` when they do not meet.
    fn and(self, other: Self) -> Option<Self> {
        let (low, high) = (self.low.max(other.low), self.high.min(other.high));
        (low <= high).then_some(Self { low, high })
    }

    /// Returns the gap between two ranges; zero when they touch.
    fn gap(self, other: Self) -> i64 {
        let (low, high) = (self.low.max(other.low), self.high.min(other.high));
        low.saturating_sub(high).max(0)
    }

    /// Both ends are not further from zero than this.
    fn extent(self) -> i64 {
        self.low.saturating_abs().max(self.high.saturating_abs())
    }
}

/// Range of a drift of which nothing was measured: as far as clocks may drift apart by this law.
const fn any_drift(law: i64) -> Range {
    Range { low: -law, high: law }
}

#[derive(Clone, Copy, Debug)]
struct Sample {
    offset: i64,
    half_trip: u64,
    at: Moment,
}

impl Sample {
    /// Returns the range of the offset at `moment`, before or after this sample, under such a drift.
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
        Some(Range {
            low: rate(moved - doubt)?.saturating_sub(1),
            high: rate(moved + doubt)?.saturating_add(1),
        })
    }
}

/// Estimate of the core's clock: samples of its offset, and the drift between both clocks.
#[derive(Debug)]
pub struct ClockSync {
    asked: VecDeque<(u64, Moment)>,
    last: u64,
    /// Oldest first, all of one run of the core's clock.
    samples: VecDeque<Sample>,
    drift: Range,
    /// Bound of the drift: that of crystals, or what the clocks were seen to do.
    law: i64,
    /// `true` once it was seen that the clocks are crystals, or that they are none.
    seen: bool,
    /// Moment at which they were last seen to break the law.
    broken: Option<Moment>,
    /// `true` while the clocks go otherwise than measured, soon after they broke the bound: the measured drift does not
    /// count then.
    restless: bool,
    core: Option<Boot>,
    /// Time for which this machine has been suspended since its start.
    slept: Option<Duration>,
    /// Moment before which the clock stood still for a time that nobody knows.
    valid_from: Moment,
}

impl Default for ClockSync {
    fn default() -> Self {
        Self {
            asked: VecDeque::new(),
            last: 0,
            samples: VecDeque::new(),
            drift: any_drift(UNKNOWN),
            law: UNKNOWN,
            seen: false,
            broken: None,
            restless: false,
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
        ClockPing { n: self.last, t1_us: now.0, sync: self.told(now), waiting: None, next_ms: None }
    }

    /// Takes an answer that arrived `now`. `false`: it answers no ping of ours, or makes no sense, and is ignored.
    pub fn pong(&mut self, pong: &ClockPong, now: Moment) -> bool {
        let Some(place) = self.asked.iter().position(|(n, _)| *n == pong.n) else { return false };
        let Some((_, sent)) = self.asked.remove(place) else { return false };
        let Some(sample) = measure(sent, pong, now, self.law) else { return false };
        if pong.boot != self.core {
            // Another core, or one that was started again: its clock may go by another beginning.
            self.core = pong.boot;
            self.forget();
        }
        let known = self.estimate(sample.at);
        let gap = known.map_or(0, |known| known.gap(sample.cone(sample.at, self.drift)));
        if gap > 0 {
            self.contradicted(gap, sample.at);
        }
        if self.samples.len() == KEPT {
            self.samples.pop_front();
        }
        self.samples.push_back(sample);
        self.learn(sample.at);
        true
    }

    /// A sample lies so far outside of what was expected: a clock was set, or the two drift as no crystals do. What was
    /// measured before is wrong.
    fn contradicted(&mut self, gap: i64, at: Moment) {
        let since = self.samples.back().map_or(Duration::ZERO, |last| at.since(last.at));
        let since = i128::try_from(since.as_micros()).unwrap_or(i128::MAX).max(1);
        let rate = i64::try_from(i128::from(gap) * 1_000_000_000 / since).unwrap_or(i64::MAX);
        let needed = self.drift.extent().saturating_add(rate);
        if needed <= SET {
            let again = self.broken.is_some_and(|before| at.since(before) < MISTRUST);
            self.restless |= again && needed <= self.law;
            self.widen(needed, at);
        }
        self.forget();
    }

    fn widen(&mut self, needed: i64, at: Moment) {
        self.broken = Some(at);
        self.law = self.law.max(needed + needed / 4).min(SET);
    }

    /// Decides whether both clocks are crystals, once enough of them was seen. Until then what was measured counts, and
    /// no law.
    fn see(&mut self, at: Moment) {
        let since = self.samples.front().map_or(Duration::ZERO, |first| at.since(first.at));
        let Some(range) = self.measured(self.law).filter(|_| !self.seen) else { return };
        if range.gap(any_drift(DRIFT)) > 0 {
            (self.seen, self.broken) = (true, Some(at));
        } else if range.extent() <= DRIFT + 2 * WANDER || since >= PROBATION {
            (self.seen, self.law) = (true, DRIFT);
        }
    }

    /// Measures the drift from all samples. A law that was widened holds until the clocks have kept to that of crystals
    /// for long enough.
    fn learn(&mut self, at: Moment) {
        self.see(at);
        let trusted = self.broken.is_none_or(|broken| at.since(broken) >= MISTRUST);
        self.restless &= !trusted;
        if trusted && self.beyond().is_some() && self.measured(DRIFT).is_some() {
            (self.law, self.broken) = (DRIFT, None);
        }
        let beyond = self.means().map(|mean| mean.gap(any_drift(self.law))).max().unwrap_or(0);
        if beyond > 0 {
            let needed = self.law.saturating_add(beyond).min(SET);
            self.widen(needed, at);
        }
        let measured = self.measured(self.law).filter(|_| !self.restless);
        self.drift = measured.unwrap_or(any_drift(self.law));
    }

    /// Takes over how long this machine has been suspended altogether, as its kernel says. When that has grown, the
    /// clock has stood still, and nothing that was measured before holds any more: that is so when this is `true`.
    pub fn notice(&mut self, slept: Duration, now: Moment) -> bool {
        let before = self.slept.replace(slept);
        let stood = before.is_some_and(|before| slept.abs_diff(before) > NAP);
        if stood {
            self.forget();
            self.asked.clear();
            self.valid_from = now;
        }
        stood
    }

    /// The start of the core that answered last; `None` before the first answer, and for a core that does not tell.
    pub fn core(&self) -> Option<Boot> {
        self.core
    }

    /// By how much more than crystals the two clocks may differ in rate, as they were seen to: parts per billion. `None`:
    /// they go as crystals do.
    pub fn beyond(&self) -> Option<u64> {
        (self.seen && self.law > DRIFT).then(|| (self.law - DRIFT).unsigned_abs())
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
        self.drift = any_drift(self.law);
    }

    fn estimate(&self, at: Moment) -> Option<Range> {
        let mut cones = self.samples.iter().rev().map(|sample| sample.cone(at, self.drift));
        let newest = cones.next()?;
        // Where older samples contradict the newer ones, the drift has wandered further than it may: the newer count.
        Some(cones.try_fold(newest, Range::and).unwrap_or(newest))
    }

    /// Every pair of samples bounds the mean drift between them.
    fn means(&self) -> impl Iterator<Item = Range> {
        let later = |place: usize| self.samples.iter().skip(place + 1);
        let pairs = self.samples.iter().enumerate();
        pairs.flat_map(move |(place, early)| later(place).filter_map(|late| early.drift_to(late)))
    }

    /// Today's drift is not far from any of these, if the clocks keep to this law. `None`: they do not agree.
    fn measured(&self, law: i64) -> Option<Range> {
        self.means().try_fold(any_drift(law), |drift, mean| {
            drift.and(Range {
                low: mean.low.saturating_sub(WANDER),
                high: mean.high.saturating_add(WANDER),
            })
        })
    }

    /// Returns the estimate as the core is told it; `None` before the first answer.
    pub(super) fn told(&self, now: Moment) -> Option<SlotClock> {
        let Offset { micros, bound_us } = self.offset(now)?;
        let trips = self.samples.iter().rev().take(RECENT).map(|sample| sample.half_trip);
        let measured = self.drift != any_drift(self.law);
        Some(SlotClock {
            offset_us: micros,
            bound_us,
            trip_us: trips.max().unwrap_or(0).saturating_mul(2),
            drift_ppb: measured.then(|| i64::midpoint(self.drift.low, self.drift.high)),
            beyond_ppb: self.beyond(),
            bent_ppb: None,
            ahead_us: None,
        })
    }
}

fn measure(sent: Moment, pong: &ClockPong, now: Moment, law: i64) -> Option<Sample> {
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
    let doubt = whole.saturating_mul(law.unsigned_abs()).div_ceil(1_000_000_000) + 2;
    Some(Sample { offset, half_trip: half_trip + doubt, at: now })
}
