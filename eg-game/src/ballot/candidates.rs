//! Options that are players: they follow the roster.

use crate::{Roster, RosterChange, SlotId};

/// Options of a ballot that are players.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Candidates(Vec<Candidate>);

/// The player that an option is.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Candidate {
    /// The place of the option.
    option: usize,
    slot: SlotId,
    /// `true` while they are alive, and so may be chosen.
    stands: bool,
}

impl Candidates {
    /// Takes options that are the slot or the name of a player for that player.
    pub(super) fn among(options: &[String], roster: &Roster) -> Self {
        let player = |(option, words): (usize, &String)| {
            let seat = roster.called(words)?;
            Some(Candidate { option, slot: seat.slot.clone(), stands: seat.alive })
        };
        Self(options.iter().enumerate().filter_map(player).collect())
    }

    /// Follows the roster. Places of the options that are players out of the game.
    pub(super) fn follow(&mut self, roster: &Roster) -> Vec<usize> {
        for candidate in &mut self.0 {
            candidate.stands = roster.seat(&candidate.slot).is_some_and(|seat| seat.alive);
        }
        let out = self.0.iter().filter(|candidate| !candidate.stands);
        out.map(|candidate| candidate.option).collect()
    }

    pub(super) fn reseat(&mut self, change: &RosterChange) {
        for candidate in &mut self.0 {
            candidate.slot = change.seat_of(&candidate.slot).clone();
        }
    }

    /// `true` if the option at this place may be chosen.
    pub(super) fn stands(&self, option: usize) -> bool {
        self.0.iter().all(|candidate| candidate.option != option || candidate.stands)
    }

    /// The player that the option at this place is.
    pub(super) fn player(&self, option: usize) -> Option<&SlotId> {
        let candidate = self.0.iter().find(|candidate| candidate.option == option);
        candidate.map(|candidate| &candidate.slot)
    }
}
