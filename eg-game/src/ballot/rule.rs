//! Rules by which a choice carries.

use super::{Count, Tally};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Rule by which a choice carries.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Rule {
    /// More weight than every other choice.
    #[default]
    Plurality,
    /// Strictly more than half of the weight of all who are asked; silence and abstention stand against it.
    Majority,
    /// The weight of all who are asked.
    Unanimous,
}

/// Verdict of a rule on a tally. A choice is its place among the options, from 0.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// This choice carries.
    Won(usize),
    /// These have the most, and equally much; in the order of the options. Only under plurality.
    Tie(Vec<usize>),
    /// Nobody chose any: not a tie.
    NoChoice,
    /// No choice has as much as the rule asks for.
    NotReached,
}

impl Rule {
    /// Verdict of this rule on `tally`.
    pub fn verdict(self, tally: &Tally) -> Verdict {
        let weight = |count: &Count| count.weight;
        let most = tally.counts.iter().map(weight).max().unwrap_or(0);
        if most == 0 {
            return Verdict::NoChoice;
        }
        let leads = |(place, count): (usize, &Count)| (count.weight == most).then_some(place);
        let leading: Vec<usize> = tally.counts.iter().enumerate().filter_map(leads).collect();
        let enough = match self {
            Self::Plurality => true,
            Self::Majority => 2 * u128::from(most) > u128::from(tally.asked_weight),
            Self::Unanimous => most == tally.asked_weight,
        };
        match (enough, leading.as_slice()) {
            (false, _) => Verdict::NotReached,
            (true, [only]) => Verdict::Won(*only),
            (true, _) => Verdict::Tie(leading),
        }
    }
}
