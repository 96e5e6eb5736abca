//! Levels of a chip's pins, reported when they change.

use crate::{Channel, Readings, Trigger};

/// Remembers the levels that were reported and reports those that differ: a chip answers every look with all its pins,
/// and the host wants changes only. Channel n is the n-th level.
///
/// ```
/// # use eg_hal::{LevelTracker, Moment, Readings, Source, Trigger, bits};
/// # let mut readings = Readings::new(Moment(0), Source::Poll, 0);
/// let mut levels = LevelTracker::default();
/// levels.report(bits(0b01_u8).take(2), Trigger::Poll, &mut readings);
/// assert_eq!(readings.drain().count(), 2, "every level at first");
///
/// levels.report(bits(0b11_u8).take(2), Trigger::Poll, &mut readings);
/// assert_eq!(readings.drain().count(), 1, "then changes");
/// ```
#[derive(Clone, Debug, Default)]
pub struct LevelTracker {
    /// Last level of each channel, in order.
    reported: Vec<bool>,
}

impl LevelTracker {
    /// Takes the levels of one look and gives each channel whose level changed, with its new level. A channel that was
    /// not there before has changed.
    pub fn changes(&mut self, levels: impl IntoIterator<Item = bool>) -> Vec<(Channel, bool)> {
        let mut changed = Vec::new();
        for (channel, (place, high)) in (0..).zip(levels.into_iter().enumerate()) {
            match self.reported.get_mut(place) {
                Some(reported) if *reported == high => continue,
                Some(reported) => *reported = high,
                None => self.reported.push(high),
            }
            changed.push((channel, high));
        }
        changed
    }

    /// Takes the levels of one look and reports those that changed. An edge that triggered the look stamps them, except
    /// in the first report: levels that nobody saw change have no edge.
    pub fn report(
        &mut self,
        levels: impl IntoIterator<Item = bool>,
        trigger: Trigger,
        readings: &mut Readings,
    ) {
        let trigger = if self.reported.is_empty() { Trigger::Poll } else { trigger };
        for (channel, high) in self.changes(levels) {
            readings.level_by(channel, high, trigger);
        }
    }
}

/// Gives the bits of a register as levels, the lowest bit first: 8 of a `u8`, 16 of a `u16`, 32 of a `u32`.
pub fn bits<T: Into<u32>>(register: T) -> impl Iterator<Item = bool> {
    let register = register.into();
    (0..8 * size_of::<T>()).map(move |bit| register >> bit & 1 == 1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Edge, Moment, Source};

    const EDGE: Edge = Edge { high: false, at: Moment(900), src: Source::Kernel, seq: 1 };

    fn reported(tracker: &mut LevelTracker, levels: &[bool]) -> Vec<(Channel, bool, Moment)> {
        let mut readings = Readings::new(Moment(5_000), Source::Poll, 0);
        tracker.report(levels.iter().copied(), Trigger::Edge(EDGE), &mut readings);
        let level = |reading| matches!(reading, crate::Reading::Level(true));
        readings.drain().map(|sample| (sample.channel, level(sample.reading), sample.at)).collect()
    }

    #[test]
    fn every_level_is_reported_once_and_then_each_change() {
        let mut tracker = LevelTracker::default();

        let first = reported(&mut tracker, &[true, false]);
        let same = reported(&mut tracker, &[true, false]);
        let moved = reported(&mut tracker, &[true, true]);

        assert_eq!(first, [(0, true, Moment(5_000)), (1, false, Moment(5_000))]);
        assert_eq!((same, moved), (vec![], vec![(1, true, EDGE.at)]));
    }

    #[test]
    fn a_register_has_as_many_levels_as_bits() {
        assert_eq!(bits(0b101_u8).collect::<Vec<_>>()[..3], [true, false, true]);
        assert_eq!((bits(0_u8).count(), bits(0_u16).count(), bits(u32::MAX).count()), (8, 16, 32));
    }
}
