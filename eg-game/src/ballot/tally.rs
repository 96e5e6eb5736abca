//! Counting of votes.

use super::Vote;
use std::collections::BTreeMap;

/// The votes of a ballot, counted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// One a choice, in the order of the options.
    pub counts: Vec<Count>,
    /// Players who abstained.
    pub abstentions: u32,
    /// Players who were asked.
    pub asked: u32,
    /// Weight of all of them: the whole of which a majority is more than half.
    pub asked_weight: u64,
}

/// One choice's votes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Count {
    /// The choice.
    pub option: String,
    /// Players who chose it.
    pub players: u32,
    /// Weight of all of them; the same number when everybody has one vote.
    pub weight: u64,
    /// `true` if it may be chosen: not when it is a player who is out of the game.
    pub stands: bool,
}

impl Tally {
    pub(super) fn of(options: &[String], stands: impl Fn(usize) -> bool) -> Self {
        let empty = |(place, option): (usize, &String)| {
            let (option, stands) = (option.clone(), stands(place));
            Count { option, players: 0, weight: 0, stands }
        };
        Self { counts: options.iter().enumerate().map(empty).collect(), ..Self::default() }
    }

    /// The choices that are shown: all but players who are out of the game.
    pub fn shown(&self) -> impl Iterator<Item = &Count> {
        self.counts.iter().filter(|count| count.stands)
    }

    pub(super) fn add(&mut self, vote: Option<Vote>, weight: u32) {
        self.asked += 1;
        self.asked_weight += u64::from(weight);
        match vote {
            None => {}
            Some(Vote::Abstain) => self.abstentions += 1,
            Some(Vote::For(choice)) => {
                if let Some(count) = self.counts.get_mut(choice) {
                    count.players += 1;
                    count.weight += u64::from(weight);
                }
            }
        }
    }

    /// Players who voted, abstentions included.
    pub fn votes(&self) -> u32 {
        self.counts.iter().map(|count| count.players).sum::<u32>() + self.abstentions
    }

    /// `true` if somebody has more or less than one vote, so that players and weights are different numbers.
    pub fn weighted(&self) -> bool {
        self.asked_weight != u64::from(self.asked)
            || self.counts.iter().any(|count| count.weight != u64::from(count.players))
    }

    /// Weight by choice, of those that are [`shown`](Self::shown).
    pub fn by_weight(&self) -> BTreeMap<String, u32> {
        let weight = |count: &Count| u32::try_from(count.weight).unwrap_or(u32::MAX);
        self.shown().map(|count| (count.option.clone(), weight(count))).collect()
    }
}
