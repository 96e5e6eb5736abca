//! Waits before the next attempt. Pure: chance is an argument.

use std::time::Duration;

const SHORTEST: Duration = Duration::from_millis(300);
/// A broker on the same network is asked this often at least: whoever waits for it waits for its presses.
const LONGEST: Duration = Duration::from_secs(3);

/// Doubles from 0.3 s to 3 s, each wait shortened by up to half so that a room of agents does not
/// come back in one instant.
#[derive(Debug, Default)]
pub(crate) struct BackOff {
    failures: u32,
}

impl BackOff {
    /// The next wait. `chance` is 0.0 to 1.0; 1.0 gives the longest.
    pub(crate) fn next(&mut self, chance: f64) -> Duration {
        let full = SHORTEST.saturating_mul(1 << self.failures.min(10)).min(LONGEST);
        self.failures = self.failures.saturating_add(1);
        full.mul_f64(0.5 + 0.5 * chance.clamp(0.0, 1.0)).max(SHORTEST)
    }

    /// Starts over: the last connection held.
    pub(crate) fn reset(&mut self) {
        self.failures = 0;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn doubles_up_to_three_seconds_and_starts_over() {
        let mut back_off = BackOff::default();

        let waits: Vec<u128> = (0..9).map(|_| back_off.next(1.0).as_millis()).collect();
        back_off.reset();

        assert_eq!(waits, [300, 600, 1200, 2400, 3000, 3000, 3000, 3000, 3000]);
        assert_eq!(back_off.next(1.0).as_millis(), 300);
    }

    #[test]
    fn spreads_the_waits_over_half_of_each() {
        let mut back_off = BackOff { failures: 20 };

        let (early, late) = (back_off.next(0.0), back_off.next(1.0));

        assert_eq!((early, late), (LONGEST / 2, LONGEST));
    }
}
