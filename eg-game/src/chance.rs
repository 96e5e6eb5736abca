//! Chance from a seed: the same seed gives the same numbers on every machine, for ever.

use crate::Act;
use schemars::Schema;
use serde_json::json;

/// Random numbers from a seed, by SplitMix64 (Steele, Lea, Flood 2014): the numbers of one seed are the same on every
/// machine and in every version, so a session that draws from its own seed replays.
///
/// The core draws the seed of a session from the operating system and stores it in the act `start`; keep the
/// [`Chance`] of that act in the game. Good for games, not for secrets.
///
/// ```
/// # use eg_game::prelude::*;
/// use eg_game::Chance;
///
/// struct Potato { chance: Chance, holder: Option<SlotId>, players: Vec<SlotId> }
///
/// impl Potato {
///     fn act(&mut self, act: &Act) {
///         if act.name == "start" {
///             self.chance = Chance::of(act);
///             self.holder = self.chance.pick(&self.players).cloned();
///         }
///     }
/// }
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chance {
    state: u64,
}

impl Chance {
    /// The numbers of a seed, from the first.
    pub const fn from_seed(seed: u64) -> Self {
        Self { state: seed }
    }

    /// The numbers of the session that this act starts. An act without a seed, recorded before sessions had one, gives
    /// those of its time.
    pub fn of(start: &Act) -> Self {
        Self::from_seed(start.seed().unwrap_or_else(|| start.at.0.unsigned_abs()))
    }

    /// The next number, any of all `u64`.
    pub fn next_u64(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let state = (self.state ^ (self.state >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let state = (state ^ (state >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        state ^ (state >> 31)
    }

    /// A number from 0, below `end`, each as likely as any other; 0 when `end` is 0.
    pub fn below(&mut self, end: u64) -> u64 {
        // Numbers beyond the last whole multiple of `end` would favour the small ones: they are drawn again.
        let rest = (u64::MAX % end.max(1) + 1) % end.max(1);
        loop {
            let number = self.next_u64();
            if number <= u64::MAX - rest {
                return number % end.max(1);
            }
        }
    }

    /// Number from 1 to `last`, each as likely as any other.
    pub(crate) fn one_to(&mut self, last: u64) -> usize {
        usize::try_from(self.below(last) + 1).unwrap_or(1)
    }

    /// One of these, each as likely as any other; none of nothing.
    pub fn pick<'a, T>(&mut self, from: &'a [T]) -> Option<&'a T> {
        let end = u64::try_from(from.len()).unwrap_or(u64::MAX);
        from.get(usize::try_from(self.below(end)).unwrap_or(0))
    }

    /// Puts all of these into an order, each order as likely as any other.
    pub fn shuffle<T>(&mut self, all: &mut [T]) {
        for place in (1..all.len()).rev() {
            let end = u64::try_from(place).unwrap_or(u64::MAX).saturating_add(1);
            all.swap(place, usize::try_from(self.below(end)).unwrap_or(0));
        }
    }
}

/// Lets the schema of a setting take `random` alone, beside `random` with a seed; for
/// `#[schemars(transform = eg_game::random_alone)]` on an enum with a variant `Random(Option<u64>)`.
pub fn random_alone(schema: &mut Schema) {
    if let Some(all) = schema.get_mut("oneOf").and_then(|all| all.as_array_mut()) {
        let said = "A draw from the session's own seed, another in every session.";
        let french = "Un tirage au sort par la graine de la partie, autre à chaque partie.";
        all.push(json!({
            "const": "random",
            "type": "string",
            "description": said,
            "x-fr": { "description": french },
        }));
    }
}

#[cfg(test)]
mod tests {
    use super::Chance;
    use proptest::prelude::*;

    /// The reference's numbers of seed 1234567: <https://prng.di.unimi.it/splitmix64.c>.
    #[test]
    fn the_numbers_of_a_seed_stay_what_they_were() {
        let mut chance = Chance::from_seed(1_234_567);

        let numbers = [(); 5].map(|()| chance.next_u64());

        let wanted = [
            6_457_827_717_110_365_317,
            3_203_168_211_198_807_973,
            9_817_491_932_198_370_423,
            4_593_380_528_125_082_431,
            16_408_922_859_458_223_821,
        ];
        assert_eq!(numbers, wanted);
    }

    #[test]
    fn what_is_drawn_from_a_seed_stays_what_it_was() {
        let mut chance = Chance::from_seed(7);
        let mut order: Vec<u8> = (0..8).collect();

        let numbers = [6, 6, 52, 1, 0].map(|end| chance.below(end));
        chance.shuffle(&mut order);

        assert_eq!((numbers, order), ([3, 0, 22, 0, 0], vec![2, 4, 3, 7, 6, 0, 5, 1]));
    }

    #[test]
    fn no_side_of_a_die_is_favoured() {
        let mut chance = Chance::from_seed(1);
        let mut sides = [0_u32; 6];

        (0..60_000).for_each(|_| sides[usize::try_from(chance.below(6)).unwrap()] += 1);

        assert!(sides.iter().all(|count| (9_600..10_400).contains(count)), "{sides:?}");
    }

    proptest! {
        #[test]
        fn the_same_seed_gives_the_same_numbers(seed: u64, ends in prop::collection::vec(any::<u64>(), 1..50)) {
            let drawn = |mut chance: Chance| ends.iter().map(|end| chance.below(*end)).collect::<Vec<_>>();

            prop_assert_eq!(drawn(Chance::from_seed(seed)), drawn(Chance::from_seed(seed)));
        }

        #[test]
        fn a_number_is_below_its_end(seed: u64, end: u64) {
            let number = Chance::from_seed(seed).below(end);

            prop_assert!(number < end.max(1));
        }

        #[test]
        fn what_is_picked_is_one_of_them(seed: u64, from in prop::collection::vec(any::<u8>(), 0..9)) {
            let picked = Chance::from_seed(seed).pick(&from).copied();

            prop_assert_eq!(picked.is_none(), from.is_empty());
            prop_assert!(picked.is_none_or(|picked| from.contains(&picked)));
        }

        #[test]
        fn shuffling_keeps_everything(seed: u64, all in prop::collection::vec(any::<u8>(), 0..40)) {
            let mut shuffled = all.clone();
            Chance::from_seed(seed).shuffle(&mut shuffled);

            let sorted = |mut all: Vec<u8>| { all.sort_unstable(); all };
            prop_assert_eq!(sorted(shuffled), sorted(all));
        }
    }
}
