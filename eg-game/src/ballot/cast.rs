//! One player's ballot paper: what stands on it, and how it may change.

use crate::{Input, Timestamp};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Vote of one player.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Vote {
    /// An option, by its place among them, from 0.
    For(usize),
    /// Abstention; counts as having voted.
    Abstain,
}

/// Rule for a player who chooses again.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Change {
    /// The last choice counts.
    #[default]
    #[schemars(extend("x-fr" = { "description": "Le dernier choix compte." }))]
    Last,
    /// The first choice counts.
    #[schemars(extend("x-fr" = { "description": "Le premier choix compte." }))]
    First,
    /// A choice counts once it was made twice in a row; so does a change of it.
    #[schemars(extend("x-fr" = { "description": "Un choix compte une fois fait deux fois de suite ; en changer aussi." }))]
    Confirm,
}

/// Time at which a vote was given: not before one moment and not after the other.
///
/// Which of two votes of one player came first is known when these do not overlap; else it is the order in which the
/// player's slot sent them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct When {
    /// The earliest moment at which it can have been.
    pub earliest: Timestamp,
    /// The latest.
    pub latest: Timestamp,
}

impl When {
    /// Time that is known exactly.
    pub const fn exactly(at: Timestamp) -> Self {
        Self { earliest: at, latest: at }
    }

    /// Time of an input, with its uncertainty.
    pub fn of(input: &Input) -> Self {
        let unc = std::time::Duration::from_micros(input.unc_us);
        Self { earliest: input.at - unc, latest: input.latest() }
    }

    fn surely_before(self, other: Self) -> bool {
        self.latest < other.earliest
    }
}

/// Effect of a vote on a player's paper.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cast {
    /// The player had not voted, and now has.
    Taken,
    /// Taken in place of another.
    Changed,
    /// No change: it stood there already.
    Same,
    /// Not counted until the player chooses it once more.
    Unconfirmed,
}

/// A vote was not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum CastError {
    /// The player is not among those who are asked.
    #[error("this player is not asked")]
    NotAsked,
    /// A place beyond the options.
    #[error("no option has this number")]
    NoSuchOption,
    /// The option is a player who is out of the game.
    #[error("this player is out of the game and cannot be chosen")]
    Out,
    /// The first choice counts, and it stands.
    #[error("the first choice counts and cannot be changed")]
    Final,
    /// A choice that was made later has already been taken.
    #[error("a later choice of this player already counts")]
    Overtaken,
}

/// One player's paper: what counts, and what waits to be confirmed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Paper {
    counts: Option<(Vote, When)>,
    waits: Option<(Vote, When)>,
}

impl Paper {
    pub(super) fn vote(&self) -> Option<Vote> {
        self.counts.map(|(vote, _)| vote)
    }

    /// Takes this vote off the paper, whether it counts or waits to be confirmed; false when it does neither.
    pub(super) fn strike(&mut self, vote: Vote) -> bool {
        let named = |mark: &mut (Vote, When)| mark.0 == vote;
        let counted = self.counts.take_if(named).is_some();
        self.waits.take_if(named).is_some() || counted
    }

    pub(super) fn put(&mut self, vote: Vote, when: When) {
        *self = Self { counts: Some((vote, when)), waits: None };
    }

    pub(super) fn mark(
        &mut self,
        vote: Vote,
        when: When,
        change: Change,
    ) -> Result<Cast, CastError> {
        match change {
            Change::Last => self.mark_last(vote, when),
            Change::First => self.mark_first(vote, when),
            Change::Confirm => self.mark_twice(vote, when),
        }
    }

    fn mark_last(&mut self, vote: Vote, when: When) -> Result<Cast, CastError> {
        let cast = match self.counts {
            None => Cast::Taken,
            Some((standing, since)) if when.surely_before(since) => {
                return if standing == vote { Ok(Cast::Same) } else { Err(CastError::Overtaken) };
            }
            Some((standing, _)) if standing == vote => Cast::Same,
            Some(_) => Cast::Changed,
        };
        self.counts = Some((vote, when));
        Ok(cast)
    }

    fn mark_first(&mut self, vote: Vote, when: When) -> Result<Cast, CastError> {
        let cast = match self.counts {
            None => Cast::Taken,
            Some((standing, since)) if !when.surely_before(since) => {
                return if standing == vote { Ok(Cast::Same) } else { Err(CastError::Final) };
            }
            Some((standing, _)) if standing == vote => Cast::Same,
            Some(_) => Cast::Changed,
        };
        self.counts = Some((vote, when));
        Ok(cast)
    }

    fn mark_twice(&mut self, vote: Vote, when: When) -> Result<Cast, CastError> {
        let newest = self.waits.or(self.counts);
        if newest.is_some_and(|(_, since)| when.surely_before(since)) {
            return Err(CastError::Overtaken);
        }
        if self.vote() == Some(vote) {
            self.waits = None;
            return Ok(Cast::Same);
        }
        if self.waits.is_none_or(|(waiting, _)| waiting != vote) {
            self.waits = Some((vote, when));
            return Ok(Cast::Unconfirmed);
        }
        self.waits = None;
        let had_voted = self.counts.replace((vote, when)).is_some();
        Ok(if had_voted { Cast::Changed } else { Cast::Taken })
    }
}

#[cfg(test)]
mod tests {
    use super::{Cast, CastError, Change, Paper, Vote, When};
    use crate::Timestamp;

    const A: Vote = Vote::For(0);
    const B: Vote = Vote::For(1);

    fn at(micros: i64) -> When {
        When::exactly(Timestamp(micros))
    }

    #[test]
    fn a_choice_that_arrives_after_a_later_one_does_not_replace_it() {
        let mut slip = Paper::default();
        slip.mark(B, at(5), Change::Last).unwrap();

        let cast = slip.mark(A, at(3), Change::Last);

        assert_eq!(cast, Err(CastError::Overtaken));
        assert_eq!(slip.vote(), Some(B));
    }

    #[test]
    fn when_times_overlap_the_order_of_the_slot_decides() {
        let mut slip = Paper::default();
        let vague = When { earliest: Timestamp(1), latest: Timestamp(9) };
        slip.mark(A, vague, Change::Last).unwrap();

        let cast = slip.mark(B, at(4), Change::Last);

        assert_eq!(cast, Ok(Cast::Changed));
        assert_eq!(slip.vote(), Some(B));
    }

    #[test]
    fn the_first_choice_in_time_counts_even_when_it_arrives_second() {
        let mut slip = Paper::default();
        slip.mark(B, at(5), Change::First).unwrap();

        let earlier = slip.mark(A, at(3), Change::First);
        let later = slip.mark(B, at(7), Change::First);

        assert_eq!(earlier, Ok(Cast::Changed));
        assert_eq!(later, Err(CastError::Final));
        assert_eq!(slip.vote(), Some(A));
    }

    #[test]
    fn an_unconfirmed_change_leaves_what_was_confirmed() {
        let mut slip = Paper::default();
        let mut mark = |vote, time| slip.mark(vote, at(time), Change::Confirm);

        let casts = [mark(A, 1), mark(A, 2), mark(B, 3), mark(A, 4), mark(B, 5), mark(B, 6)];

        let wanted = [
            Cast::Unconfirmed,
            Cast::Taken,
            Cast::Unconfirmed,
            Cast::Same,
            Cast::Unconfirmed,
            Cast::Changed,
        ];
        assert_eq!(casts, wanted.map(Ok));
        assert_eq!(slip.vote(), Some(B));
    }
}
