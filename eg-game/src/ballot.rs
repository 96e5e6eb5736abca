//! Ballots: who may vote, what each player chose, and what follows from it. Pure: time arrives as an argument.

mod candidates;
mod cast;
mod expected;
mod keys;
mod layout;
mod rule;
mod tally;
mod tie;

pub use cast::{Cast, CastError, Change, Paper, Vote, When};
pub use expected::Expected;
pub use keys::{KeyMap, Keys, Lacking, TwoMeanings};
pub use layout::Layout;
pub use rule::{Rule, Verdict};
pub use tally::{Count, Tally};
pub(crate) use tie::draw;
pub use tie::{Settlement, TieRule};

use crate::{Roster, RosterChange, Seat, SlotId};
use candidates::Candidates;

/// One open question's votes: a fixed set of players, at most one vote each.
///
/// A choice is its place among the options, from 0.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ballot {
    options: Vec<String>,
    /// The options that are players.
    candidates: Candidates,
    change: Change,
    voters: Vec<Voter>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Voter {
    slot: SlotId,
    weight: u32,
    slip: Paper,
}

impl Ballot {
    /// Opens a ballot on `options` for these players, in their order. A seat that comes twice counts once.
    pub fn open<'a>(
        options: impl IntoIterator<Item = impl Into<String>>,
        seats: impl IntoIterator<Item = &'a Seat>,
        change: Change,
    ) -> Self {
        let mut voters: Vec<Voter> = Vec::new();
        for seat in seats {
            if !voters.iter().any(|voter| voter.slot == seat.slot) {
                let slip = Paper::default();
                voters.push(Voter { slot: seat.slot.clone(), weight: seat.weight, slip });
            }
        }
        let options = options.into_iter().map(Into::into).collect();
        Self { options, candidates: Candidates::default(), change, voters }
    }

    /// Takes options that are the slot or the name of a player for that player, whatever the case. From then on
    /// [`follow`](Self::follow) lets them follow the roster: one who is out of the game is no candidate. Nothing
    /// happens in a session of the first revision of the rules.
    #[must_use]
    pub fn among(mut self, roster: &Roster) -> Self {
        if roster.rules() > 1 {
            self.candidates = Candidates::among(&self.options, roster);
        }
        self
    }

    /// Takes a player's vote, given at `when`.
    ///
    /// # Errors
    /// [`CastError`]: the ballot is as it was before.
    pub fn cast(&mut self, slot: &SlotId, vote: Vote, when: When) -> Result<Cast, CastError> {
        self.check(vote)?;
        match self.voters.iter_mut().find(|voter| voter.slot == *slot) {
            Some(voter) => voter.slip.mark(vote, when, self.change),
            None => Err(CastError::NotAsked),
        }
    }

    fn check(&self, vote: Vote) -> Result<(), CastError> {
        match vote {
            Vote::For(choice) if choice >= self.options.len() => Err(CastError::NoSuchOption),
            Vote::For(choice) if !self.stands(choice) => Err(CastError::Out),
            Vote::For(_) | Vote::Abstain => Ok(()),
        }
    }

    /// Takes a player out, with their vote: they were killed or excused. Fewer players are asked then.
    /// False when they were not in.
    pub fn withdraw(&mut self, slot: &SlotId) -> bool {
        let before = self.voters.len();
        self.voters.retain(|voter| voter.slot != *slot);
        self.voters.len() < before
    }

    /// Asks a player who was not asked, or no longer. Their paper is blank. False when they are in already.
    pub fn admit(&mut self, seat: &Seat) -> bool {
        if self.asks(&seat.slot) {
            return false;
        }
        let slip = Paper::default();
        self.voters.push(Voter { slot: seat.slot.clone(), weight: seat.weight, slip });
        true
    }

    /// Follows the roster: a candidate who is out of the game loses every vote, and one who is back may be chosen
    /// again. Who has lost their vote by that, in the order of the seats; they may vote again.
    pub fn follow(&mut self, roster: &Roster) -> Vec<SlotId> {
        let out = self.candidates.follow(roster);
        let mut struck = Vec::new();
        for voter in &mut self.voters {
            let votes = out.iter().map(|option| Vote::For(*option));
            // A paper may hold two votes: one that counts, and one that waits to be confirmed.
            if votes.filter(|vote| voter.slip.strike(*vote)).count() > 0 {
                struck.push(voter.slot.clone());
            }
        }
        struck
    }

    /// Follows players who change seats: each takes their paper along, and the votes for them.
    pub fn reseat(&mut self, change: &RosterChange) {
        self.candidates.reseat(change);
        for voter in &mut self.voters {
            voter.slot = change.seat_of(&voter.slot).clone();
        }
    }

    /// Writes a vote on a player's paper, whatever stands there and however it may change: the operator's act.
    ///
    /// # Errors
    /// [`CastError::NotAsked`], [`CastError::NoSuchOption`] or [`CastError::Out`]: the ballot is as it was before.
    pub fn put(&mut self, slot: &SlotId, vote: Vote, when: When) -> Result<(), CastError> {
        self.check(vote)?;
        let voter = self.voters.iter_mut().find(|voter| voter.slot == *slot);
        voter.ok_or(CastError::NotAsked)?.slip.put(vote, when);
        Ok(())
    }

    /// A player's paper as it is now, to [`lay back`](Self::lay_back) should the next vote turn out to be none.
    pub fn paper(&self, slot: &SlotId) -> Option<Paper> {
        self.voters.iter().find(|voter| voter.slot == *slot).map(|voter| voter.slip.clone())
    }

    /// Puts a paper back in place of a player's present one.
    pub fn lay_back(&mut self, slot: &SlotId, paper: Paper) {
        if let Some(voter) = self.voters.iter_mut().find(|voter| voter.slot == *slot) {
            voter.slip = paper;
        }
    }

    /// The choices, in the order shown.
    pub fn options(&self) -> &[String] {
        &self.options
    }

    /// `true` if the option at this place may be chosen: not when it is a player who is out of the game.
    pub fn stands(&self, option: usize) -> bool {
        self.candidates.stands(option)
    }

    /// The options that may be chosen, in the order shown.
    pub fn standing(&self) -> impl Iterator<Item = &String> {
        let options = self.options.iter().enumerate();
        options.filter(|(place, _)| self.stands(*place)).map(|(_, option)| option)
    }

    /// The player that the option at this place is, where [`among`](Self::among) took it for one.
    pub fn player(&self, option: usize) -> Option<&SlotId> {
        self.candidates.player(option)
    }

    /// `true` if this player is asked.
    pub fn asks(&self, slot: &SlotId) -> bool {
        self.voters.iter().any(|voter| voter.slot == *slot)
    }

    /// Players who are asked, in the order of the seats.
    pub fn voters(&self) -> impl Iterator<Item = &SlotId> {
        self.voters.iter().map(|voter| &voter.slot)
    }

    /// Number of players who are asked.
    pub fn asked(&self) -> u32 {
        number(self.voters.len())
    }

    /// Number of players who have voted, abstentions included.
    pub fn votes(&self) -> u32 {
        number(self.cast_votes().count())
    }

    /// Players who have voted, each with the vote, in the order of the seats.
    pub fn cast_votes(&self) -> impl Iterator<Item = (&SlotId, Vote)> {
        self.voters.iter().filter_map(|voter| Some((&voter.slot, voter.slip.vote()?)))
    }

    /// Vote of a player as it is now.
    pub fn vote_of(&self, slot: &SlotId) -> Option<Vote> {
        self.voters.iter().find(|voter| voter.slot == *slot)?.slip.vote()
    }

    /// Number of votes that a player has; 0 for one who is not asked.
    pub fn weight_of(&self, slot: &SlotId) -> u64 {
        let voter = self.voters.iter().find(|voter| voter.slot == *slot);
        voter.map_or(0, |voter| voter.weight.into())
    }

    /// Players who have not voted, in the order of the seats.
    pub fn missing(&self) -> impl Iterator<Item = &SlotId> {
        self.voters.iter().filter(|voter| voter.slip.vote().is_none()).map(|voter| &voter.slot)
    }

    /// Counts the votes.
    pub fn tally(&self) -> Tally {
        let mut tally = Tally::of(&self.options, |place| self.stands(place));
        for voter in &self.voters {
            tally.add(voter.slip.vote(), voter.weight);
        }
        tally
    }
}

/// A count of players: more than `u32` holds never stand in one room.
fn number(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}
