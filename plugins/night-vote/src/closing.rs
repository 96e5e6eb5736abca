//! A step closes, and what comes of it.

use crate::config::Missing;
use crate::step::{Matter, Stage};
use crate::{GRACE, NightVote, Past, TIMEOUT, words};
use eg_game::ballot::{Settlement, Verdict};
use eg_game::prelude::*;
use eg_game::{StepResult, StepStatus};

impl NightVote {
    /// A vote came in or changed: closes the step when all are in, after the grace, which every change starts anew.
    pub(crate) fn voted(&mut self, now: Timestamp, effects: &mut Effects) {
        let Some(complete) = self.step.as_ref().map(|step| self.is_complete(step)) else { return };
        let grace = self.config.grace.get();
        let Some(step) = &mut self.step else { return };
        match &mut step.stage {
            Stage::Open { .. } if complete && grace.is_zero() => {
                self.close(now, effects);
                self.settle(now, effects);
            }
            Stage::Open { grace: ends, .. } if complete => {
                *ends = Some(now + grace);
                effects.after(GRACE, grace);
            }
            Stage::Deciding(Matter::Missing) if complete => self.settle(now, effects),
            Stage::Deciding(Matter::Tie(_)) => self.settle(now, effects),
            Stage::Open { .. } | Stage::Deciding(Matter::Missing) | Stage::Closed => {}
        }
    }

    pub(crate) fn grace_is_over(&mut self, at: Timestamp, effects: &mut Effects) {
        let Some(step) = &mut self.step else { return };
        let Stage::Open { grace, .. } = &mut step.stage else { return };
        if grace.take().is_some() {
            self.close(at, effects);
            self.settle(at, effects);
        }
    }

    pub(crate) fn time_is_over(&mut self, at: Timestamp, effects: &mut Effects) {
        let again = self.ends(at);
        let Some(complete) = self.step.as_ref().map(|step| self.is_complete(step)) else { return };
        let Some(step) = &mut self.step else { return };
        let Stage::Open { ends, .. } = &mut step.stage else { return };
        if ends.take().is_none() {
            return;
        }
        match self.config.missing() {
            Missing::Extend if !complete => {
                *ends = again;
                effects.note(words::extended());
                self.start_timeout(effects);
            }
            Missing::Fail if !complete => {
                self.close(at, effects);
                self.conclude(Vec::new(), words::time_over(), effects);
            }
            Missing::Operator if !complete => {
                self.close(at, effects);
                self.ask(Matter::Missing, effects);
            }
            Missing::Abstain | Missing::Extend | Missing::Fail | Missing::Operator => {
                self.close(at, effects);
                self.settle(at, effects);
            }
        }
    }

    /// Ends the taking of votes. What follows is for the caller to say.
    pub(crate) fn close(&mut self, at: Timestamp, effects: &mut Effects) {
        let Some(step) = &mut self.step else { return };
        if let Stage::Open { grace, ends } = step.stage {
            if grace.is_some() {
                effects.cancel(GRACE);
            }
            if ends.is_some() {
                effects.cancel(TIMEOUT);
            }
            step.shut(at);
        }
    }

    /// Decides by the rules; a tie may need another vote or the operator.
    pub(crate) fn settle(&mut self, at: Timestamp, effects: &mut Effects) {
        match self.outcome() {
            Outcome::Decided(carried, why) => self.conclude(carried, why, effects),
            Outcome::Revote(tied) => self.revote(&tied, at, effects),
            Outcome::Ask(tied) => self.ask(Matter::Tie(tied), effects),
        }
    }

    /// Decides by the rules, now: a tie that needs more than them is won by nobody.
    pub(crate) fn settle_for_good(&mut self, effects: &mut Effects) {
        match self.outcome() {
            Outcome::Decided(carried, why) => self.conclude(carried, why, effects),
            Outcome::Revote(tied) | Outcome::Ask(tied) => {
                let why = words::tied_nobody(&self.named(&tied));
                self.conclude(Vec::new(), why, effects);
            }
        }
    }

    fn outcome(&self) -> Outcome {
        let Some(step) = &self.step else {
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
        let names = self.named(&tied);
        let revotes = u32::try_from(step.rounds.len()).unwrap_or(u32::MAX);
        match self.config.tie.settle(tied, &step.ballot, revotes, step.number) {
            Settlement::Nobody => Outcome::Decided(Vec::new(), words::tied_nobody(&names)),
            Settlement::One(choice) => {
                let why = words::tied_one(&self.config.tie, &names, &self.named(&[choice]));
                Outcome::Decided(vec![choice], why)
            }
            Settlement::All(tied) => Outcome::Decided(tied, words::tied_all(&names)),
            Settlement::Revote(tied) => Outcome::Revote(tied),
            Settlement::Ask(tied) => Outcome::Ask(tied),
        }
    }

    /// The options at these places, as the step's ballot names them.
    pub(crate) fn named(&self, choices: &[usize]) -> Vec<String> {
        let options = self.step.as_ref().map_or(&[][..], |step| step.ballot.options());
        choices.iter().filter_map(|choice| options.get(*choice).cloned()).collect()
    }

    fn ask(&mut self, matter: Matter, effects: &mut Effects) {
        let Some(step) = &mut self.step else { return };
        let stage = Stage::Deciding(matter);
        if step.stage != stage {
            step.stage = stage;
            effects.note(self.explained());
        }
    }

    /// The step is decided: these carry.
    pub(crate) fn conclude(&mut self, carried: Vec<usize>, why: Say, effects: &mut Effects) {
        let complete = self.step.as_ref().is_some_and(|step| self.is_complete(step));
        let status = if complete { StepStatus::Success } else { StepStatus::Incomplete };
        let tally = self.step.as_ref().map(|step| step.ballot.tally().by_weight());
        self.tell(status, self.named(&carried), tally.unwrap_or_default(), why, effects);
    }

    /// The step is called off: its votes count for nothing and are not told.
    pub(crate) fn call_off(&mut self, at: Timestamp, effects: &mut Effects) {
        self.close(at, effects);
        let tally = std::collections::BTreeMap::new();
        self.tell(StepStatus::Aborted, Vec::new(), tally, words::called_off(), effects);
    }

    fn tell(
        &mut self,
        status: StepStatus,
        carried: Vec<String>,
        tally: std::collections::BTreeMap<String, u32>,
        why: Say,
        effects: &mut Effects,
    ) {
        let Some(expected) = self.step.as_ref().map(|step| self.expected(step)) else { return };
        let Some(step) = &mut self.step else { return };
        step.stage = Stage::Closed;
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
enum Outcome {
    /// These carry.
    Decided(Vec<usize>, Say),
    /// These are tied and voted on again.
    Revote(Vec<usize>),
    /// These are tied and the operator chooses.
    Ask(Vec<usize>),
}
