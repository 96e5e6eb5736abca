//! Noise that a device heard and could not use: counted at once, told once a second at most.

use eg_hal::{Moment, Noise};
use std::time::Duration;

/// Pause between two times that it is told.
const PAUSE: Duration = Duration::from_secs(1);

/// The noise of one device, from its first opening on.
#[derive(Debug, Default)]
pub(super) struct NoiseMeter {
    heard: Option<Noise>,
    told: Option<Noise>,
    told_at: Option<Moment>,
}

impl NoiseMeter {
    /// Counts what was heard in one pass.
    pub(super) fn hear(&mut self, noise: Noise) {
        let before = self.heard.as_ref().map_or(0, |heard| heard.count);
        self.heard = Some(Noise { count: before.saturating_add(noise.count), ..noise });
    }

    /// Returns the moment at which there is something to tell.
    pub(super) fn deadline(&self) -> Option<Moment> {
        let news = self.heard != self.told;
        news.then(|| self.told_at.map_or(Moment::default(), |at| at + PAUSE))
    }

    /// Returns the noise that is told now, with the count of all of it; `None` before there was any.
    pub(super) fn tell(&mut self, now: Moment) -> Option<Noise> {
        if self.deadline().is_some_and(|due| due <= now) {
            self.told.clone_from(&self.heard);
            self.told_at = Some(now);
        }
        self.told.clone()
    }
}

#[cfg(test)]
mod tests {
    use super::NoiseMeter;
    use eg_hal::{Moment, Noise};

    fn noise(count: u64, last: &str) -> Noise {
        Noise { count, last: last.to_owned() }
    }

    #[test]
    fn the_first_is_told_at_once_and_a_flood_once_a_second_with_all_of_it() {
        let mut meter = NoiseMeter::default();
        let mut told = Vec::new();

        for millis in 0..2_500_u64 {
            let now = Moment(10_000_000 + millis * 1_000);
            meter.hear(noise(2, &millis.to_string()));
            let says = meter.tell(now).unwrap();
            if told.last() != Some(&says) {
                told.push(says);
            }
        }
        let due = meter.deadline().unwrap();
        told.push(meter.tell(due).unwrap());

        let expected =
            [noise(2, "0"), noise(2_002, "1000"), noise(4_002, "2000"), noise(5_000, "2499")];
        assert_eq!(told, expected);
        assert_eq!((meter.deadline(), due), (None, Moment(13_000_000)));
    }
}
