//! Players who leave, come back, change seats, or for whom the operator chooses; and slots that are lost.

use crate::closing::Outcome;
use crate::config::Secrecy;
use crate::step::Matter;
use crate::{NightVote, words};
use eg_game::prelude::*;

impl NightVote {
    pub(crate) fn players_changed(
        &mut self,
        change: &RosterChange,
        act: &Act,
        roster: &Roster,
        effects: &mut Effects,
    ) {
        self.roster = roster.clone();
        match change {
            RosterChange::Killed(slot) | RosterChange::Excused(slot) => {
                for number in self.numbers() {
                    self.follow(number, effects);
                    self.withdraw(number, slot, effects);
                }
            }
            RosterChange::Revived(slot) | RosterChange::Readmitted(slot) => {
                for number in self.numbers() {
                    self.follow(number, effects);
                    self.ask_again(number, slot, act.at, effects);
                }
            }
            RosterChange::Proxy { slot, choice } => {
                if let Err(why) = self.choose_for(slot, choice, act.at, effects) {
                    effects.refuse_act(why);
                }
            }
            RosterChange::Reseated { .. } => self.reseat(change),
            _ => {}
        }
    }

    /// The numbers of the steps that take votes or wait for the operator.
    pub(crate) fn numbers(&self) -> Vec<u32> {
        self.live().map(|step| step.number).collect()
    }

    /// Takes a player out of a step, with their vote. A step that is complete by that asks before it closes.
    fn withdraw(&mut self, number: u32, slot: &SlotId, effects: &mut Effects) {
        let Some(step) = self.step_mut(number) else { return };
        step.held_back.retain(|held| held.slot != *slot);
        if step.poll.withdraw(slot) {
            self.votes_left(number, effects);
        }
    }

    /// Lets the options of a step that are players follow the roster: votes for one who is out are withdrawn, and those
    /// who gave them may choose again.
    pub(crate) fn follow(&mut self, number: u32, effects: &mut Effects) {
        let Some(step) = self.steps.iter_mut().find(|step| step.number == number) else { return };
        let struck = step.poll.strike(&self.roster);
        let ballot = step.poll.ballot();
        step.held_back
            .retain(|held| !matches!(held.vote, Vote::For(choice) if !ballot.stands(choice)));
        if struck.is_empty() {
            return;
        }
        effects.note(words::struck(struck.len()));
        // In a hidden vote everybody feels the same, whomever they had chosen.
        let everybody = self.config.secrecy == Secrecy::Hidden;
        for seat in &self.roster.seats {
            if everybody || struck.contains(&seat.slot) {
                effects.cue(&seat.slot, Cue::Refused);
            }
        }
        self.hands.forget_papers();
        self.votes_left(number, effects);
    }

    /// Votes are gone with somebody who left: a tie may be another, and a step that is complete all the same asks
    /// before it closes.
    fn votes_left(&mut self, number: u32, effects: &mut Effects) {
        let Some(step) = self.step_mut(number) else { return };
        if step.poll.votes_left(effects) {
            effects.note(Poll::closing_question());
        }
        if let Some(Matter::Tie(_)) = step.matter {
            let matter = match self.outcome(number) {
                Outcome::Ask(tied) => Matter::Tie(tied),
                Outcome::Decided(..) | Outcome::Revote(_) => Matter::Left,
            };
            self.ask(number, matter, effects);
        }
    }

    /// A player is back: the steps that asked them before ask them again. Their vote is not.
    fn ask_again(&mut self, number: u32, slot: &SlotId, at: Timestamp, effects: &mut Effects) {
        let Some(step) = self.steps.iter_mut().find(|step| step.number == number) else { return };
        if step.poll.readmit(slot, &self.roster) {
            self.voted(number, at, effects);
        }
    }

    fn reseat(&mut self, change: &RosterChange) {
        for step in &mut self.steps {
            step.poll.reseat(change);
            step.illegal.clear();
            for held in &mut step.held_back {
                held.slot = change.seat_of(&held.slot).clone();
            }
        }
        if let TieRule::Chair(slot) = &mut self.config.tie {
            *slot = change.seat_of(slot).clone();
        }
        self.hands.forget_papers();
    }

    fn choose_for(
        &mut self,
        slot: &SlotId,
        choice: &str,
        at: Timestamp,
        effects: &mut Effects,
    ) -> Result<(), Text> {
        let open = self.steps.iter().filter(|step| step.is_open() && step.ballot().asks(slot));
        let chosen = open.filter_map(|step| Some((step, step.poll.vote_named(choice)?))).next();
        let Some((step, vote)) = chosen else { return Err(words::not_now()) };
        let number = step.number;
        if let Some(refusal) = self.illegal(step, slot, vote) {
            return Err(refusal.say());
        }
        let Some(step) = self.step_mut(number) else { return Err(words::not_now()) };
        if step.poll.choose_for(slot, vote, at).map_err(|_| words::not_now())? {
            self.voted(number, at, effects);
        }
        Ok(())
    }
}
