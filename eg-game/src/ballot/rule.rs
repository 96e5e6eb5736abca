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
    #[schemars(extend("x-fr" = { "description": "Plus de poids que chaque autre choix." }))]
    Plurality,
    /// Strictly more than half of the weight of all who are asked; silence and abstention stand against it.
    #[schemars(extend("x-fr" = { "description": "Strictement plus de la moitié du poids de tous ceux qui votent ; le silence et l’abstention comptent contre." }))]
    Majority,
    /// The weight of all who are asked.
    #[schemars(extend("x-fr" = { "description": "Le poids de tous ceux qui votent." }))]
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

impl Tally {
    /// `true` if a choice carries whatever those choose who have chosen nothing yet, and while nobody changes their
    /// mind. An abstention may still become a choice.
    pub fn is_decided(&self, rule: Rule) -> bool {
        let Verdict::Won(choice) = rule.verdict(self) else { return false };
        let cast: u64 = self.counts.iter().map(|count| count.weight).sum();
        let open = self.asked_weight.saturating_sub(cast);
        let weight = |place: usize| self.counts.get(place).map_or(0, |count| count.weight);
        let others = (0..self.counts.len()).filter(|place| *place != choice);
        // The other rules ask for a share of all who are asked: more votes for others take nothing from it.
        rule != Rule::Plurality || others.map(weight).all(|other| weight(choice) > other + open)
    }

    /// Verdict of `rule` on these votes.
    pub fn verdict(&self, rule: Rule) -> Verdict {
        rule.verdict(self)
    }
}
