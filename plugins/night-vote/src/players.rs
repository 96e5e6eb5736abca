//! Players who leave, come back, change seats, or for whom the operator chooses; and slots that are lost.

use crate::closing::Outcome;
use crate::config::Secrecy;
use crate::step::{Matter, Stage, Step};
use crate::{NightVote, words};
use eg_game::ballot::{TieRule, Vote, When};
use eg_game::prelude::*;
use eg_game::{Choosing, RosterChange, Seat};

/// The word by which the operator lets a player abstain.
const ABSTAIN: &str = "abstain";

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
        if !step.ballot.withdraw(slot) {
            return;
        }
        step.gone.push(slot.clone());
        self.votes_left(number, effects);
    }

    /// Lets the options of a step that are players follow the roster: votes for one who is out are withdrawn, and those
    /// who gave them may choose again.
    pub(crate) fn follow(&mut self, number: u32, effects: &mut Effects) {
        let Some(step) = self.steps.iter_mut().find(|step| step.number == number) else { return };
        let mut struck = step.ballot.follow(&self.roster);
        let Step { ballot, held_back, .. } = step;
        held_back.retain(|held| !matches!(held.vote, Vote::For(choice) if !ballot.stands(choice)));
        struck.retain(|slot| self.roster.seat(slot).is_some_and(Seat::plays));
        if struck.is_empty() {
            return;
        }
        step.struck.extend(struck.iter().cloned());
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

    /// Votes are gone with somebody who left: a tie may be another, and a step that is complete all the same asks before
    /// it closes.
    fn votes_left(&mut self, number: u32, effects: &mut Effects) {
        let complete = self.step(number).is_some_and(|step| self.is_complete(step));
        // A grace once begun ran on in the first revision, although votes were missing again.
        let stops = self.roster.rules() > 1;
        let Some(step) = self.step_mut(number) else { return };
        match &mut step.stage {
            Stage::Deciding(Matter::Tie(_)) => {
                let matter = match self.outcome(number) {
                    Outcome::Ask(tied) => Matter::Tie(tied),
                    Outcome::Decided(..) | Outcome::Revote(_) => Matter::Left,
                };
                self.ask(number, matter, effects);
            }
            _ if complete => self.ask_before_closing(number, effects),
            Stage::Open { grace, .. } if stops => {
                step.asks_to_close = false;
                if grace.take().is_some() {
                    effects.cancel(crate::Alarm::Grace.timer(number));
                }
            }
            Stage::Open { .. }
            | Stage::Deciding(Matter::Missing | Matter::Left)
            | Stage::Closed => {}
        }
    }

    fn ask_before_closing(&mut self, number: u32, effects: &mut Effects) {
        let Some(step) = self.step_mut(number) else { return };
        if let Stage::Open { grace, .. } = &mut step.stage {
            if grace.take().is_some() {
                effects.cancel(crate::Alarm::Grace.timer(number));
            }
            if !std::mem::replace(&mut step.asks_to_close, true) {
                effects.note(words::complete_without());
            }
        }
    }

    /// A player is back: the steps that asked them before ask them again. Their vote is not.
    fn ask_again(&mut self, number: u32, slot: &SlotId, at: Timestamp, effects: &mut Effects) {
        let Some(seat) = self.roster.seat(slot).filter(|seat| seat.plays()).cloned() else {
            return;
        };
        let Some(step) = self.step_mut(number) else { return };
        if step.gone.contains(slot) {
            step.gone.retain(|gone| gone != slot);
            step.ballot.admit(&seat);
            self.voted(number, at, effects);
        }
    }

    fn reseat(&mut self, change: &RosterChange) {
        for step in &mut self.steps {
            step.ballot.reseat(change);
            step.illegal.clear();
            step.struck = step.struck.iter().map(|slot| change.seat_of(slot).clone()).collect();
            for slot in &mut step.gone {
                *slot = change.seat_of(slot).clone();
            }
            for held in &mut step.held_back {
                held.slot = change.seat_of(&held.slot).clone();
            }
        }
        if let TieRule::Chair(slot) = &mut self.config.tie {
            *slot = change.seat_of(slot).clone();
        }
        self.hands.forget_papers();
    }

    pub(crate) fn to_choose(&self) -> Option<Choosing> {
        let mut choosing = Choosing::default();
        for step in self.live().filter(|step| step.is_open()) {
            let asked = self.roster.seats.iter().map(|seat| &seat.slot);
            let asked = asked.filter(|slot| step.ballot.asks(slot));
            let new: Vec<_> =
                asked.filter(|slot| !choosing.slots.contains(slot)).cloned().collect();
            choosing.slots.extend(new);
            let abstain = ABSTAIN.to_owned();
            for option in step.ballot.standing().chain([&abstain]) {
                if !choosing.options.contains(option) {
                    choosing.options.push(option.clone());
                }
            }
        }
        (!choosing.slots.is_empty()).then_some(choosing)
    }

    fn choose_for(
        &mut self,
        slot: &SlotId,
        choice: &str,
        at: Timestamp,
        effects: &mut Effects,
    ) -> Result<(), Say> {
        let means = |options: &[String]| {
            let place = options.iter().position(|option| option == choice);
            place.map(Vote::For).or((choice == ABSTAIN).then_some(Vote::Abstain))
        };
        let open = self.live().filter(|step| step.is_open() && step.ballot.asks(slot));
        let chosen = open.filter_map(|step| Some((step, means(step.ballot.options())?))).next();
        let Some((step, vote)) = chosen else { return Err(words::not_now()) };
        let number = step.number;
        if let Some(refusal) = self.illegal(step, slot, vote) {
            return Err(refusal.say());
        }
        let Some(step) = self.step_mut(number) else { return Err(words::not_now()) };
        let before = step.ballot.vote_of(slot);
        step.ballot.put(slot, vote, When::exactly(at)).map_err(|_| words::not_now())?;
        step.struck.remove(slot);
        if before != Some(vote) {
            self.voted(number, at, effects);
        }
        Ok(())
    }
}
