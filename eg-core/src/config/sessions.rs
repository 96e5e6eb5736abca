//! Start of sessions: the rules by which and the seed from which they are played.

use eg_game::{Chance, RULES};

/// Number of bits of a seed: every JSON reader holds such a number exactly.
const BITS: u32 = 53;

/// Rules and seeds of new sessions. Not part of any file: a rehearsal and a demo set a seed, and a replayed session
/// begins as it did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NewSessions {
    /// Revision of the rules; see [`eg_game::Roster::rules`].
    pub rules: u16,
    /// Source of the seeds.
    pub seeds: Seeds,
}

impl Default for NewSessions {
    fn default() -> Self {
        Self { rules: RULES, seeds: Seeds::System }
    }
}

/// Source of the seeds of sessions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Seeds {
    /// Operating system's generator, for each session anew.
    System,
    /// Seed from which, with the session's number, each is derived: the same ones in every run.
    From(u64),
    /// Seed of every session.
    Only(u64),
}

impl Seeds {
    /// Returns the seed of the session with this number, below 2⁵³ unless it is [`Only`](Self::Only) a greater one.
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
