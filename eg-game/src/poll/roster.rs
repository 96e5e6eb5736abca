//! Players who leave, come back, change seats, or for whom the operator chooses.

use super::Poll;
use crate::ballot::{CastError, Vote, When};
use crate::{Act, Cue, Effects, ProxyChoices, Roster, RosterChange, Seat, SlotId, Text, Timestamp};

/// Word by which the operator lets a player abstain.
const ABSTAIN: &str = "abstain";

impl Poll {
    /// Follows a change of the roster, and notes in the session's log what becomes of votes. Call it from
    /// [`Game::on_roster`](crate::Game::on_roster). `true` when the poll shall close now, as in [`voted`](Self::voted).
    pub fn on_roster(
        &mut self,
        change: &RosterChange,
        act: &Act,
        roster: &Roster,
        effects: &mut Effects,
    ) -> bool {
        self.reseat(change);
        if !self.is_open() {
            return false;
        }
        self.follow(roster, effects);
        if change.gone().is_some_and(|slot| self.withdraw(slot)) {
            let asked = self.asks_to_close;
            self.votes_left(effects);
            if self.asks_to_close {
                effects.note(Self::closing_question());
            }
            // Until the third revision a poll that asked went on asking, although a vote was missing again.
            self.asks_to_close |= asked && self.revision < 3;
        }
        let changed = match change {
            RosterChange::Proxy { slot, choice } => self
                .vote_named(choice)
                .and_then(|vote| self.choose_for(slot, vote, act.at).ok())
                .unwrap_or_else(|| {
                    let (fr, en) =
                        ("cette action n'est pas possible maintenant", "this cannot be done now");
                    effects.refuse_act(Text::new(fr, en));
                    false
                }),
            RosterChange::Killed(_)
            | RosterChange::Revived(_)
            | RosterChange::Excused(_)
            | RosterChange::Readmitted(_)
            | RosterChange::Reseated { .. } => {
                change.back().is_some_and(|slot| self.readmit(slot, roster))
            }
        };
        changed && self.voted(act.at, effects)
    }

    /// Lets options that are players follow the roster: votes for a player who is out are withdrawn, and those who gave
    /// them feel it and may vote again.
    pub fn follow(&mut self, roster: &Roster, effects: &mut Effects) {
        let struck = self.strike(roster);
        if struck.is_empty() {
            return;
        }
        effects.note(Text::new(
            format!("votes retirés, le joueur choisi est hors jeu : {}", struck.len()),
            format!("votes withdrawn, the player chosen is out of the game: {}", struck.len()),
        ));
        struck.iter().for_each(|slot| effects.cue(slot, Cue::Refused));
        self.votes_left(effects);
    }

    /// Withdraws the votes for players who are out, and lists the players in play who gave them, in the order of the
    /// seats. Tell them, then call [`votes_left`](Self::votes_left).
    pub fn strike(&mut self, roster: &Roster) -> Vec<SlotId> {
        let mut struck = self.ballot.follow(roster);
        struck.retain(|slot| roster.seat(slot).is_some_and(Seat::plays));
        self.struck.extend(struck.iter().cloned());
        struck
    }

    /// Takes a player out, with the vote. `true` if they were asked; call [`votes_left`](Self::votes_left) then.
    pub fn withdraw(&mut self, slot: &SlotId) -> bool {
        let asked = self.ballot.withdraw(slot);
        if asked {
            self.gone.push(slot.clone());
        }
        asked
    }

    /// Stops the grace after votes are gone. `true` when the poll asks to be closed from now on, because no vote is
    /// missing all the same.
    pub fn votes_left(&mut self, effects: &mut Effects) -> bool {
        let complete = self.is_complete();
        let Some(clock) = &mut self.clock else { return false };
        // A grace once begun ran on in the first revision, although votes were missing again.
        if !complete && self.revision < 2 {
            return false;
        }
        if clock.grace.take().is_some() {
            effects.cancel(self.rules.grace_timer);
        }
        !std::mem::replace(&mut self.asks_to_close, complete) && complete
    }

    /// Asks a player who is back in play, with a blank paper. `true` if they were asked before they left; call
    /// [`voted`](Self::voted) then.
    pub fn readmit(&mut self, slot: &SlotId, roster: &Roster) -> bool {
        let seat = roster.seat(slot).filter(|seat| seat.plays());
        let Some(seat) = seat.filter(|seat| self.gone.contains(&seat.slot)) else { return false };
        self.gone.retain(|gone| gone != slot);
        self.ballot.admit(seat);
        true
    }

    /// Follows players who change seats: each takes everything along.
    pub fn reseat(&mut self, change: &RosterChange) {
        self.ballot.reseat(change);
        self.struck = self.struck.iter().map(|slot| change.seat_of(slot).clone()).collect();
        self.gone.iter_mut().for_each(|slot| *slot = change.seat_of(slot).clone());
    }

    /// Writes down a vote that the operator gives for a player. `true` if it is another than before; call
    /// [`voted`](Self::voted) then.
    ///
    /// # Errors
    /// [`CastError`]: the ballot is as it was before.
    pub fn choose_for(
        &mut self,
        slot: &SlotId,
        vote: Vote,
        at: Timestamp,
    ) -> Result<bool, CastError> {
        let before = self.ballot.vote_of(slot);
        self.ballot.put(slot, vote, When::exactly(at))?;
        self.struck.remove(slot);
        Ok(before != Some(vote))
    }

    /// Vote that the operator means by this word: one of the options, or `abstain`.
    pub fn vote_named(&self, choice: &str) -> Option<Vote> {
        let place = self.ballot.options().iter().position(|option| option == choice);
        place.map(Vote::For).or((choice == ABSTAIN).then_some(Vote::Abstain))
    }

    /// Players who are asked and words that the operator may choose for them, in all of these polls that are open; for
    /// [`Game::proxy_choices`](crate::Game::proxy_choices). `None` when nobody is asked.
    pub fn proxy_choices<'a>(
        polls: impl IntoIterator<Item = &'a Self>,
        roster: &Roster,
    ) -> Option<ProxyChoices> {
        let mut choosing = ProxyChoices::default();
        let abstain = ABSTAIN.to_owned();
        for poll in polls.into_iter().filter(|poll| poll.is_open()) {
            for seat in roster.seats.iter().filter(|seat| poll.ballot.asks(&seat.slot)) {
                if !choosing.slots.contains(&seat.slot) {
                    choosing.slots.push(seat.slot.clone());
                }
            }
            for option in poll.ballot.standing().chain([&abstain]) {
                if !choosing.options.contains(option) {
                    choosing.options.push(option.clone());
                }
            }
        }
        (!choosing.slots.is_empty()).then_some(choosing)
    }

    /// Question to the operator when the poll [asks to be closed](Self::asks_to_close).
    pub fn closing_question() -> Text {
        Text::new(
            "un joueur est parti et plus aucun vote ne manque : faut-il clore ?",
            "a player left and no vote is missing any more: close it?",
        )
    }
}
