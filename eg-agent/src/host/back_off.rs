//! Pauses of a device before it is opened again. Pure: chance is an argument.

use std::time::Duration;

const SHORTEST: Duration = Duration::from_millis(300);
const LONGEST: Duration = Duration::from_secs(5);

/// Doubles from 0.3 s to 5 s, each pause up to a quarter longer, so that devices of one bus do not come back in one
/// instant.
#[derive(Debug, Default)]
pub(super) struct BackOff(u32);

impl BackOff {
    /// The next pause. `chance` is 0.0 to 1.0.
    pub(super) fn next(&mut self, chance: f64) -> Duration {
        let pause = SHORTEST.saturating_mul(1 << self.0.min(8)).min(LONGEST);
        self.0 = self.0.saturating_add(1);
        pause.mul_f64(1.0 + 0.25 * chance.clamp(0.0, 1.0)).min(LONGEST)
    }

    /// The device held: the next pause is short again.
    pub(super) fn reset(&mut self) {
        self.0 = 0;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn doubles_to_five_seconds_and_starts_over() {
        let mut back_off = BackOff::default();

        let pauses: Vec<u128> = (0..6).map(|_| back_off.next(0.0).as_millis()).collect();
        back_off.reset();

        assert_eq!(pauses, [300, 600, 1200, 2400, 4800, 5000]);
        assert_eq!(back_off.next(1.0).as_millis(), 375);
    }
}
