//! Chance from a seed: the same in every run.

/// SplitMix64 (Steele, Lea, Flood 2014).
pub(super) struct Chance(u64);

impl Chance {
    pub(super) fn of(seed: u64) -> Self {
        Self(seed)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let state = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let state = (state ^ (state >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        state ^ (state >> 31)
    }

    /// From 0, below `end`; 0 when there is nothing below.
    pub(super) fn below(&mut self, end: u64) -> u64 {
        self.next().checked_rem(end).unwrap_or(0)
    }

    /// From 1 to `last`.
    pub(super) fn one_to(&mut self, last: u64) -> usize {
        usize::try_from(self.below(last) + 1).unwrap_or(1)
    }

    pub(super) fn pick<'a, T>(&mut self, from: &'a [T]) -> Option<&'a T> {
        let end = u64::try_from(from.len()).unwrap_or(0);
        from.get(usize::try_from(self.below(end)).unwrap_or(0))
    }

    pub(super) fn shuffle<T>(&mut self, all: &mut [T]) {
        for place in (1..all.len()).rev() {
            let end = u64::try_from(place + 1).unwrap_or(1);
            all.swap(place, usize::try_from(self.below(end)).unwrap_or(0));
        }
    }
}
