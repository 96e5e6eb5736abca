//! How sessions begin: by which rules, and from which seed.

use eg_game::{Chance, RULES};

/// Bits of a seed: every reader of JSON holds such a number exactly.
const BITS: u32 = 53;

/// How new sessions begin. Stands in no file: a rehearsal and a demo give a seed, and a session that is played again
/// begins as it did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NewSessions {
    /// The revision of the rules, see [`eg_game::Roster::rules`].
    pub rules: u16,
    /// What their seeds are drawn from.
    pub seeds: Seeds,
}

impl Default for NewSessions {
    fn default() -> Self {
        Self { rules: RULES, seeds: Seeds::System }
    }
}

/// What the seeds of sessions are drawn from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Seeds {
    /// Each from the operating system's generator.
    System,
    /// Each from this seed and the session's number: the same ones in every run.
    From(u64),
    /// No draw: every session has this one.
    Only(u64),
}

impl Seeds {
    /// The seed of the session with this number, below 2⁵³.
    pub(crate) fn draw(self, session: i64) -> u64 {
        let drawn = match self {
            Self::System => rand::random(),
            Self::From(seed) => {
                Chance::from_seed(seed.wrapping_add(session.unsigned_abs())).next_u64()
            }
            Self::Only(seed) => return seed,
        };
        drawn >> (u64::BITS - BITS)
    }
}

#[cfg(test)]
mod tests {
    use super::Seeds;

    #[test]
    fn seeds_that_are_drawn_from_one_are_the_same_in_every_run_and_another_in_every_session() {
        let drawn =
            |seed| (1..=3).map(|session| Seeds::From(seed).draw(session)).collect::<Vec<_>>();

        assert_eq!(drawn(7), drawn(7));
        assert_ne!(drawn(7), drawn(8));
        assert!(drawn(7).windows(2).all(|pair| pair[0] != pair[1]));
    }

    #[test]
    fn every_reader_of_json_holds_a_seed() {
        let seeds = (0..100).flat_map(|n| [Seeds::System.draw(n), Seeds::From(9).draw(n)]);

        assert!(seeds.into_iter().all(|seed| seed < 1 << 53));
    }
}
