//! By how much the clock that the kernel stamps with is ahead of the raw one, or behind it. Pure: looks are arguments.
//!
//! NTP bends `CLOCK_MONOTONIC`, by 0.05 % as a rule and by 10 % at the most, and tells nobody. Whoever looks at both
//! clocks sees it: what one of them gained between two looks is known exactly, and where it gained it is known within
//! that.

use eg_hal::Moment;
use eg_hal::clock::Look;
use std::collections::VecDeque;
use std::time::Duration;

/// Looks that are kept are so far apart; the latest is kept always.
const APART: Duration = Duration::from_secs(1);
/// Looks that are kept: a minute and more.
const KEPT: usize = 64;
/// Largest bend of a clock: one part in so many (adjtimex(2): `tick` may be 10 % off).
const STEEPEST: u64 = 10;
/// A rate is measured over at least so much time.
const BASELINE: Duration = Duration::from_secs(5);
/// A clock that is bent by less than this, in parts per billion, is not bent.
const STRAIGHT: u64 = 1_000;
/// Two looks may differ by so many microseconds although nothing bends the clock.
const NOISE_US: u64 = 25;

/// Recent looks at both clocks, from which the bend is measured.
#[derive(Debug, Default)]
pub(super) struct Bend(VecDeque<Point>);

#[derive(Clone, Copy, Debug)]
struct Point {
    now: Moment,
    /// Raw minus bent, µs.
    ahead: i64,
}

impl Bend {
    /// Takes a look in. One that is older than the latest tells nothing.
    pub(super) fn look(&mut self, look: &Look) {
        let micros = |at: Moment| i64::try_from(at.0).unwrap_or(i64::MAX);
        let point = Point { now: look.now, ahead: micros(look.raw) - micros(look.now) };
        let before = self.0.len().checked_sub(2).and_then(|place| self.0.get(place));
        let close = before.is_some_and(|before| look.now.since(before.now) < APART);
        match self.0.back_mut() {
            Some(last) if last.now >= look.now => return,
            Some(last) if close => *last = point,
            Some(_) | None => self.0.push_back(point),
        }
        if self.0.len() > KEPT {
            self.0.pop_front();
        }
    }

    /// A moment by the raw clock, and within how many microseconds that is true.
    pub(super) fn raw(&self, at: Moment) -> (Moment, u64) {
        let place = self.0.partition_point(|point| point.now <= at);
        let before = place.checked_sub(1).and_then(|place| self.0.get(place));
        let (ahead, doubt) = match (before, self.0.get(place)) {
            (None, None) => (0, 0),
            (Some(one), None) | (None, Some(one)) => (one.ahead, far(at, one.now)),
            (Some(one), Some(other)) => {
                let (whole, part) = (far(one.now, other.now).max(1), far(one.now, at));
                let gained = other.ahead - one.ahead;
                let share = i128::from(gained) * i128::from(part) / i128::from(whole);
                let near = part.min(far(at, other.now));
                let ahead = one.ahead + i64::try_from(share).unwrap_or(0);
                (ahead, gained.unsigned_abs().min(near.div_ceil(STEEPEST)))
            }
        };
        let doubt = if place == self.0.len() { doubt.div_ceil(STEEPEST) } else { doubt };
        (Moment(at.0.saturating_add_signed(ahead)), doubt)
    }

    /// By how many parts per billion the clock is bent: positive when it runs fast. `None` when it is not.
    pub(super) fn rate(&self) -> Option<i64> {
        let (first, last) = (self.0.front()?, self.0.back()?);
        let span = last.now.since(first.now);
        let gained = first.ahead - last.ahead;
        if span < BASELINE || gained.unsigned_abs() < NOISE_US {
            return None;
        }
        let span = i128::try_from(span.as_micros()).ok()?;
        let rate = i64::try_from(i128::from(gained) * 1_000_000_000 / span).ok()?;
        (rate.unsigned_abs() >= STRAIGHT).then_some(rate)
    }
}

fn far(one: Moment, other: Moment) -> u64 {
    one.0.abs_diff(other.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A clock that is bent by so much in its first ten seconds, and goes as the raw one after them.
    fn bent(raw_us: u64, ppm: u64) -> Moment {
        Moment(raw_us + raw_us.min(10_000_000) * ppm / 1_000_000)
    }

    fn looked(ppm: u64, at: impl IntoIterator<Item = u64>) -> Bend {
        let mut bend = Bend::default();
        for raw in at {
            bend.look(&Look { now: bent(raw, ppm), raw: Moment(raw), ..Look::default() });
        }
        bend
    }

    #[test]
    fn a_moment_between_two_looks_is_known_within_what_it_says() {
        for ppm in [0, 40, 500, 80_000] {
            let bend = looked(ppm, [0, 4_000_000, 12_000_000]);

            for raw in (0..12_000_000).step_by(77_777) {
                let (told, doubt) = bend.raw(bent(raw, ppm));

                assert!(told.0.abs_diff(raw) <= doubt + 1, "{raw}: {told:?} ± {doubt} at {ppm}");
            }
        }
    }

    #[test]
    fn a_moment_just_before_a_look_is_known_to_some_microseconds() {
        let bend = looked(500, [0, 9_000_000, 9_500_000]);

        let (told, doubt) = bend.raw(bent(9_499_990, 500));

        assert!(told.0.abs_diff(9_499_990) <= 1 && doubt <= 2, "{told:?} ± {doubt}");
    }

    #[test]
    fn nothing_is_added_where_nothing_bends_the_clock() {
        let bend = looked(0, (0..90).map(|second| second * 1_000_000));

        assert_eq!(bend.raw(Moment(88_345_678)), (Moment(88_345_678), 0));
        assert_eq!(bend.rate(), None);
    }

    #[test]
    fn tells_how_much_the_clock_is_bent() {
        let bend = looked(500, (0..10).map(|second| second * 1_000_000));

        let rate = bend.rate().unwrap();

        assert!(rate.abs_diff(500_000) < 500, "{rate}");
    }
}
