//! Options that are players: they follow the roster.

use super::{Ballot, Vote, Voter};
use crate::{Roster, RosterChange, SlotId};

/// The player that an option is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Candidate {
    /// The place of the option.
    pub(super) option: usize,
    slot: SlotId,
    /// `true` while they are alive, and so may be chosen.
    pub(super) stands: bool,
}

impl Ballot {
    /// Takes options that are the slot or the name of a player for that player, whatever the case. From then on
    /// [`follow`](Self::follow) lets them follow the roster: one who is out of the game is no candidate. Nothing
    /// happens in a session of the first revision of the rules.
    #[must_use]
    pub fn among(mut self, roster: &Roster) -> Self {
        if roster.rules() > 1 {
            let player = |(option, words): (usize, &String)| {
                let seat = roster.called(words)?;
                Some(Candidate { option, slot: seat.slot.clone(), stands: seat.alive })
            };
            self.candidates = self.options.iter().enumerate().filter_map(player).collect();
        }
        self
    }

    /// Follows the roster: a candidate who is out of the game loses every vote, and one who is back may be chosen
    /// again. Who has lost their vote by that, in the order of the seats; they may vote again.
    pub fn follow(&mut self, roster: &Roster) -> Vec<SlotId> {
        let mut struck = Vec::new();
        for candidate in &mut self.candidates {
            candidate.stands = roster.seat(&candidate.slot).is_some_and(|seat| seat.alive);
            if !candidate.stands {
                let vote = Vote::For(candidate.option);
                let strike =
                    |voter: &mut Voter| voter.slip.strike(vote).then(|| voter.slot.clone());
                struck.extend(self.voters.iter_mut().filter_map(strike));
            }
        }
        self.voters
            .iter()
            .map(|voter| voter.slot.clone())
            .filter(|it| struck.contains(it))
            .collect()
    }

    pub(super) fn reseat_candidates(&mut self, change: &RosterChange) {
        for candidate in &mut self.candidates {
            candidate.slot = change.seat_of(&candidate.slot).clone();
        }
    }

    /// `true` if the option at this place may be chosen: not when it is a player who is out of the game.
    pub fn stands(&self, option: usize) -> bool {
        self.candidates.iter().all(|candidate| candidate.option != option || candidate.stands)
    }

    /// The options that may be chosen, in the order shown.
    pub fn standing(&self) -> impl Iterator<Item = &String> {
        let options = self.options.iter().enumerate();
        options.filter(|(place, _)| self.stands(*place)).map(|(_, option)| option)
    }

    /// The player that the option at this place is, where [`among`](Self::among) took it for one.
    pub fn player(&self, option: usize) -> Option<&SlotId> {
        let candidate = self.candidates.iter().find(|candidate| candidate.option == option);
        candidate.map(|candidate| &candidate.slot)
    }
}
