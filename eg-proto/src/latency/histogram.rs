//! Histogram of times with buckets that grow as the times do: eight to an octave, as an HDR histogram of one digit has.

use super::Spread;
use std::time::Duration;

/// Buckets of one octave.
const PARTS: usize = 8;
/// Shortest time that has a bucket of its own, as a power of two, µs.
const FIRST: u32 = 4;

/// Histogram of times from 16 µs to 16 s; shorter and longer ones are in the first and the last bucket.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Histogram {
    /// Empty before the first time.
    buckets: Vec<u32>,
    count: u64,
    max_us: u64,
}

impl Histogram {
    /// Adds a time.
    pub fn record(&mut self, time: Duration) {
        let us = u64::try_from(time.as_micros()).unwrap_or(u64::MAX);
        self.buckets.resize(Spread::OCTAVES * PARTS, 0);
        let bucket = &mut self.buckets[bucket(us)];
        *bucket = bucket.saturating_add(1);
        self.count += 1;
        self.max_us = self.max_us.max(us);
    }

    /// Returns the number of times.
    pub fn count(&self) -> u64 {
        self.count
    }

    /// Returns the time that this share of all kept, µs, at most an eighth too high. 0 when there is none.
    fn quantile_us(&self, share: f64) -> u64 {
        let rank = (self.count as f64 * share).ceil() as u64;
        let mut seen = 0;
        let found = self.buckets.iter().position(|count| {
            seen += u64::from(*count);
            seen >= rank.max(1)
        });
        found.map_or(0, |place| end_us(place).min(self.max_us))
    }

    /// Returns the distribution as the core is told it.
    pub fn told(&self) -> Spread {
        let octave = |parts: &[u32]| parts.iter().map(|count| u64::from(*count)).sum();
        let mut octaves: Vec<u64> = self.buckets.chunks(PARTS).map(octave).collect();
        octaves.truncate(octaves.iter().rposition(|count| *count > 0).map_or(0, |last| last + 1));
        Spread {
            n: self.count,
            p50_us: self.quantile_us(0.5),
            p95_us: self.quantile_us(0.95),
            p99_us: self.quantile_us(0.99),
            max_us: self.max_us,
            octaves,
        }
    }
}

/// Returns the place of the bucket of a time.
fn bucket(us: u64) -> usize {
    let us = us.max(1 << FIRST);
    let octave = us.ilog2() - FIRST;
    let part = usize::try_from(us >> (octave + 1)).unwrap_or(0) % PARTS;
    let place = usize::try_from(octave).unwrap_or(usize::MAX).saturating_mul(PARTS) + part;
    place.min(Spread::OCTAVES * PARTS - 1)
}

/// Returns the longest time of a bucket, µs; of the last one that is no bound.
fn end_us(place: usize) -> u64 {
    if place + 1 == Spread::OCTAVES * PARTS {
        return u64::MAX;
    }
    let (octave, part) = (place / PARTS, place % PARTS);
    ((PARTS + part + 1) << (octave + 1)) as u64 - 1
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn of(times: &[u64]) -> Spread {
        let mut histogram = Histogram::default();
        times.iter().for_each(|us| histogram.record(Duration::from_micros(*us)));
        histogram.told()
    }

    #[test]
    fn nothing_that_was_measured_is_nothing_told() {
        assert_eq!(of(&[]), Spread::default());
    }

    #[test]
    fn short_and_long_times_are_counted_too() {
        let told = of(&[0, 31, 32, 40_000_000]);

        assert_eq!((told.n, told.max_us, told.p99_us), (4, 40_000_000, 40_000_000));
        assert_eq!((told.octaves[0], told.octaves[1], told.octaves.len()), (2, 1, Spread::OCTAVES));
        assert_eq!(told.octaves[Spread::OCTAVES - 1], 1);
    }

    #[test]
    fn an_octave_ends_where_the_wire_says_it_does() {
        for octave in 0..Spread::OCTAVES - 1 {
            let end = Spread::end_us(octave);
            assert_eq!(of(&[end - 1]).octaves.len(), octave + 1);
            assert_eq!(of(&[end]).octaves.len(), octave + 2);
        }
    }

    proptest! {
        #[test]
        fn a_quantile_is_at_most_an_eighth_too_high(mut times in prop::collection::vec(16_u64..8_000_000, 1..200)) {
            let told = of(&times);
            times.sort_unstable();
            let last = times.len() - 1;
            for (share, said) in [(0.5, told.p50_us), (0.95, told.p95_us), (0.99, told.p99_us)] {
                let rank = ((times.len() as f64 * share).ceil() as usize).clamp(1, times.len());
                let real = times[rank - 1];
                prop_assert!(said >= real && said <= real + real / 8, "{said} for {real}");
            }
            prop_assert_eq!(told.max_us, times[last]);
            prop_assert_eq!(told.octaves.iter().sum::<u64>(), told.n);
        }
    }
}
