//! A step closes, and what comes of it.

use crate::config::Missing;
use crate::step::{Matter, Stage};
use crate::{Alarm, NightVote, Past, words};
use eg_game::ballot::{Settlement, Verdict};
use eg_game::prelude::*;
use eg_game::{StepResult, StepStatus};

impl NightVote {
    /// A vote came in or changed: closes the step when all are in, after the grace, which every change starts anew.
    pub(crate) fn voted(&mut self, number: u32, now: Timestamp, effects: &mut Effects) {
        let Some(complete) = self.step(number).map(|step| self.may_close(step)) else { return };
        let span = self.config.grace.get();
        let Some(step) = self.step_mut(number) else { return };
        step.asks_to_close &= complete;
        let asks = step.asks_to_close;
        match &mut step.stage {
            Stage::Open { grace, .. } if !complete => {
                if grace.take().is_some() {
                    effects.cancel(Alarm::Grace.timer(number));
                }
            }
            Stage::Open { .. } if asks => {}
            Stage::Open { .. } if span.is_zero() => {
                self.close(number, now, effects);
                self.settle(number, now, effects);
            }
            Stage::Open { grace, .. } => {
                *grace = Some(now + span);
                effects.after(Alarm::Grace.timer(number), span);
            }
            Stage::Deciding(Matter::Missing) if complete => self.settle(number, now, effects),
            Stage::Deciding(Matter::Tie(_) | Matter::Left) => self.settle(number, now, effects),
            Stage::Deciding(Matter::Missing) | Stage::Closed => {}
        }
    }

    pub(crate) fn grace_is_over(&mut self, number: u32, at: Timestamp, effects: &mut Effects) {
        let Some(step) = self.step_mut(number) else { return };
        let Stage::Open { grace, .. } = &mut step.stage else { return };
        if grace.take().is_some() {
            self.close(number, at, effects);
            self.settle(number, at, effects);
        }
    }

    pub(crate) fn time_is_over(&mut self, number: u32, at: Timestamp, effects: &mut Effects) {
        let again = self.ends(at);
        let missing = self.config.missing();
        let Some(complete) = self.step(number).map(|step| self.is_complete(step)) else { return };
        let Some(step) = self.step_mut(number) else { return };
        let Stage::Open { ends, .. } = &mut step.stage else { return };
        if ends.take().is_none() {
            return;
        }
        match missing {
            Missing::Extend if !complete => {
                *ends = again;
                effects.note(words::extended());
                self.start_clock(number, at, effects);
            }
            Missing::Fail if !complete => {
                self.close(number, at, effects);
                self.conclude(number, Vec::new(), words::time_over(), effects);
            }
            Missing::Operator if !complete => {
                self.close(number, at, effects);
                self.ask(number, Matter::Missing, effects);
            }
            Missing::Abstain | Missing::Extend | Missing::Fail | Missing::Operator => {
                self.close(number, at, effects);
                self.settle(number, at, effects);
            }
        }
    }

    /// Ends the taking of votes. What follows is for the caller to say.
    pub(crate) fn close(&mut self, number: u32, at: Timestamp, effects: &mut Effects) {
        let Some(step) = self.step_mut(number) else { return };
        if let Stage::Open { grace, ends } = step.stage {
            if grace.is_some() {
                effects.cancel(Alarm::Grace.timer(number));
            }
            if ends.is_some() {
                effects.cancel(Alarm::Timeout.timer(number));
                effects.cancel(Alarm::Warning.timer(number));
            }
            step.shut(at);
        }
    }

    /// Decides by the rules; a tie may need another vote or the operator.
    pub(crate) fn settle(&mut self, number: u32, at: Timestamp, effects: &mut Effects) {
        match self.outcome(number) {
            Outcome::Decided(carried, why) => self.conclude(number, carried, why, effects),
            Outcome::Revote(tied) => self.revote(number, &tied, at, effects),
            Outcome::Ask(tied) => self.ask(number, Matter::Tie(tied), effects),
        }
    }

    /// Decides by the rules, now: a tie that needs more than them is won by nobody.
    pub(crate) fn settle_for_good(&mut self, number: u32, effects: &mut Effects) {
        match self.outcome(number) {
            Outcome::Decided(carried, why) => self.conclude(number, carried, why, effects),
            Outcome::Revote(tied) | Outcome::Ask(tied) => {
                let why = words::tied_nobody(&self.named(number, &tied));
                self.conclude(number, Vec::new(), why, effects);
            }
        }
    }

    /// What the rules make of a step's votes.
    pub(crate) fn outcome(&self, number: u32) -> Outcome {
        let Some(step) = self.step(number) else {
            return Outcome::Decided(Vec::new(), words::no_choice());
        };
        let tally = step.ballot.tally();
        let tied = match tally.verdict(self.config.rule) {
            Verdict::Won(choice) => {
                return Outcome::Decided(vec![choice], words::won(&tally, choice));
            }
            Verdict::NoChoice => return Outcome::Decided(Vec::new(), words::no_choice()),
            Verdict::NotReached => {
                return Outcome::Decided(Vec::new(), words::not_reached(self.config.rule, &tally));
            }
            Verdict::Tie(tied) => tied,
        };
        let names = self.named(number, &tied);
        let revotes = u32::try_from(step.rounds.len()).unwrap_or(u32::MAX);
        let tie = &self.config.tie;
        match tie.settle(tied, &step.ballot, revotes, step.number, self.seed) {
            Settlement::Nobody => Outcome::Decided(Vec::new(), words::tied_nobody(&names)),
            Settlement::One(choice) => {
                let won = self.named(number, &[choice]);
                let why = words::tied_one(tie, self.seed, &names, &won);
                Outcome::Decided(vec![choice], why)
            }
            Settlement::All(tied) => Outcome::Decided(tied, words::tied_all(&names)),
            Settlement::Revote(tied) => Outcome::Revote(tied),
            Settlement::Ask(tied) => Outcome::Ask(tied),
        }
    }

    /// The options at these places, as the step's ballot names them.
    pub(crate) fn named(&self, number: u32, choices: &[usize]) -> Vec<String> {
        let options = self.step(number).map_or(&[][..], |step| step.ballot.options());
        choices.iter().filter_map(|choice| options.get(*choice).cloned()).collect()
    }

    pub(crate) fn ask(&mut self, number: u32, matter: Matter, effects: &mut Effects) {
        let Some(step) = self.step_mut(number) else { return };
        let stage = Stage::Deciding(matter);
        if step.stage != stage {
            step.stage = stage;
            let why = self.step(number).map(|step| self.explained_step(step));
            effects.note(why.unwrap_or_default());
        }
    }

    /// The step is decided: these carry.
    pub(crate) fn conclude(
        &mut self,
        number: u32,
        carried: Vec<usize>,
        why: Say,
        effects: &mut Effects,
    ) {
        let complete = self.step(number).is_some_and(|step| self.is_complete(step));
        let status = if complete { StepStatus::Success } else { StepStatus::Incomplete };
        let tally = self.step(number).map(|step| step.ballot.tally().by_weight());
        let carried = self.named(number, &carried);
        self.tell(number, status, carried, tally.unwrap_or_default(), why, effects);
    }

    /// The step is called off: its votes count for nothing and are not told.
    pub(crate) fn call_off(&mut self, number: u32, at: Timestamp, effects: &mut Effects) {
        self.close(number, at, effects);
        let (status, tally) = (StepStatus::Aborted, std::collections::BTreeMap::new());
        self.tell(number, status, Vec::new(), tally, words::called_off(), effects);
    }

    fn tell(
        &mut self,
        number: u32,
        status: StepStatus,
        carried: Vec<String>,
        tally: std::collections::BTreeMap<String, u32>,
        why: Say,
        effects: &mut Effects,
    ) {
        let Some(expected) = self.step(number).map(|step| self.expected(step)) else { return };
        let Some(step) = self.step_mut(number) else { return };
        step.stage = Stage::Closed;
        step.struck.clear();
        step.illegal.clear();
        if !step.held_back.is_empty() {
            effects.note(words::late_left(step.held_back.len()));
            step.held_back.clear();
        }
        let outcome = if let [only] = carried.as_slice() { Some(only.clone()) } else { None };
        let result = StepResult {
            step: step.number,
            status,
            next_step: step.number.saturating_add(1),
            outcome,
            carried,
            tally,
            votes: step.ballot.votes(),
            expected,
            why,
        };
        effects.result(result.clone());
        self.past.push(Past { result, superseded: false });
    }
}

/// What the rules make of the votes.
pub(crate) enum Outcome {
    /// These carry.
    Decided(Vec<usize>, Say),
    /// These are tied and voted on again.
    Revote(Vec<usize>),
    /// These are tied and the operator chooses.
    Ask(Vec<usize>),
}
