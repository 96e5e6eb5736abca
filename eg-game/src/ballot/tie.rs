//! Rules for ties. The order of the options never decides.

use super::{Ballot, Vote};
#[cfg(doc)]
use crate::Act;
use crate::SlotId;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::num::NonZeroU32;

/// Rule that decides a tie.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[schemars(transform = crate::random_alone)]
pub enum TieRule {
    /// Nobody carries.
    #[schemars(extend("x-fr" = { "description": "Personne ne l’emporte." }))]
    None,
    /// This number of further votes among the tied choices, then nobody.
    #[schemars(extend("x-fr" = { "title": "Tours", "description": "Ce nombre de nouveaux votes entre les ex æquo, puis personne." }))]
    RevoteTied(NonZeroU32),
    /// A draw: `random` from the session's own seed, another in every session; `random: 7` from this one, so that the
    /// same step and the same tied choices always give the same one.
    #[schemars(extend("x-fr" = { "title": "Graine", "description": "Un tirage au sort : par la graine de la partie, autre à chaque partie, ou par ce nombre, toujours le même." }))]
    Random(Option<u64>),
    /// The choice of the player at this slot, when it is one of the tied; else nobody.
    #[schemars(extend("x-fr" = { "title": "Poste", "description": "Le choix du joueur de ce poste, s’il est parmi les ex æquo ; sinon personne." }))]
    Chair(SlotId),
    /// All the tied choices carry.
    #[schemars(extend("x-fr" = { "description": "Tous les ex æquo l’emportent." }))]
    All,
    /// The operator decides.
    #[schemars(extend("x-fr" = { "description": "La régie décide." }))]
    Operator,
}

impl Default for TieRule {
    /// One further vote among the tied choices, then nobody.
    fn default() -> Self {
        Self::RevoteTied(NonZeroU32::MIN)
    }
}

/// Outcome of a tie. A choice is its place among the options, from 0.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Settlement {
    /// Nobody carries.
    Nobody,
    /// This choice carries.
    One(usize),
    /// All of these carry.
    All(Vec<usize>),
    /// Vote again among these.
    Revote(Vec<usize>),
    /// The operator chooses among these.
    Ask(Vec<usize>),
}

impl TieRule {
    /// The seed that a tie is drawn from, when it is drawn; `session` is the session's own, see [`Act::seed`].
    pub fn draws_from(&self, session: u64) -> Option<u64> {
        match self {
            Self::Random(seed) => Some(seed.unwrap_or(session)),
            Self::None | Self::RevoteTied(_) | Self::Chair(_) | Self::All | Self::Operator => None,
        }
    }

    /// Settles a tie among `tied` of `ballot`, after so many further votes. `step` goes into a draw, so that two steps
    /// of one night draw apart; so does `session`, the session's own seed, unless the rule names another.
    pub fn settle(
        &self,
        tied: Vec<usize>,
        ballot: &Ballot,
        revotes: u32,
        step: u32,
        session: u64,
    ) -> Settlement {
        match self {
            Self::None => Settlement::Nobody,
            Self::RevoteTied(times) if revotes < times.get() => Settlement::Revote(tied),
            Self::RevoteTied(_) => Settlement::Nobody,
            Self::Random(seed) => {
                let seed = seed.unwrap_or(session);
                let text = |place: &usize| ballot.options().get(*place);
                let lot = |place: &usize| text(place).map(|text| draw(seed, step, text));
                tied.into_iter().max_by_key(lot).map_or(Settlement::Nobody, Settlement::One)
            }
            Self::Chair(slot) => match ballot.vote_of(slot) {
                Some(Vote::For(choice)) if tied.contains(&choice) => Settlement::One(choice),
                Some(Vote::For(_) | Vote::Abstain) | None => Settlement::Nobody,
            },
            Self::All => Settlement::All(tied),
            Self::Operator => Settlement::Ask(tied),
        }
    }
}

/// A choice's lot: depends on the seed, the step and the choice's words, so the order of the options cannot matter.
pub(crate) fn draw(seed: u64, step: u32, option: &str) -> u64 {
    let seed = mix(seed ^ u64::from(step).rotate_left(32));
    option.bytes().fold(seed, |lot, byte| mix(lot ^ u64::from(byte)))
}

/// The finalizer of SplitMix64 (Steele, Lea, Flood 2014), which a journal of any age must find unchanged.
fn mix(state: u64) -> u64 {
    let state = state.wrapping_add(0x9E37_79B9_7F4A_7C15);
    let state = (state ^ (state >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    let state = (state ^ (state >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    state ^ (state >> 31)
}

#[cfg(test)]
mod tests {
    use super::{Settlement, TieRule};
    use crate::Seat;
    use crate::ballot::{Ballot, Change};

    fn drawn(seed: u64, options: [&str; 3]) -> String {
        let ballot = Ballot::open(options, &Vec::<Seat>::new(), Change::Last);
        let settled = TieRule::Random(Some(seed)).settle(vec![0, 1, 2], &ballot, 0, 1, 99);
        let Settlement::One(choice) = settled else { panic!("{settled:?}") };
        options[choice].to_owned()
    }

    #[test]
    fn a_draw_does_not_know_the_order_of_the_options() {
        for seed in 0..100 {
            assert_eq!(drawn(seed, ["A", "B", "C"]), drawn(seed, ["C", "A", "B"]));
        }
    }

    #[test]
    fn a_draw_favours_no_option() {
        let wins = (0..3000).filter(|seed| drawn(*seed, ["A", "B", "C"]) == "A").count();

        assert!((900..1100).contains(&wins), "{wins} of 3000");
    }

    #[test]
    fn a_draw_without_a_seed_is_the_sessions() {
        let ballot = Ballot::open(["A", "B", "C"], &Vec::<Seat>::new(), Change::Last);
        let drawn = |rule: TieRule, session| rule.settle(vec![0, 1, 2], &ballot, 0, 1, session);

        let of_session: Vec<_> = (0..20).map(|seed| drawn(TieRule::Random(None), seed)).collect();

        let named = (0..20).map(|seed| drawn(TieRule::Random(Some(seed)), 99));
        assert_eq!(of_session, named.collect::<Vec<_>>());
        assert_eq!(TieRule::Random(None).draws_from(7), Some(7));
        assert_eq!(TieRule::Random(Some(3)).draws_from(7), Some(3));
        assert_eq!(TieRule::All.draws_from(7), None);
    }

    #[test]
    fn a_draw_from_one_seed_stays_what_it_was() {
        let drawn: Vec<_> = (0..6).map(|seed| drawn(seed, ["A", "B", "C"])).collect();

        assert_eq!(drawn.concat(), "BAACAC");
    }
}
