//! A step closes, and what comes of it.

use crate::alarm::Alarm;
use crate::config::Missing;
use crate::step::{Matter, Step};
use crate::{NightVote, Past, words};
use eg_game::prelude::*;
use std::collections::BTreeMap;

impl NightVote {
    /// A vote came in or changed: closes the step when all are in, after the grace, which every change starts anew.
    pub(crate) fn voted(&mut self, number: u32, now: Timestamp, effects: &mut Effects) {
        let Some(step) = self.step_mut(number) else { return };
        if step.poll.voted(now, effects) {
            self.close(number, now, effects);
            self.settle(number, now, effects);
        } else if step
            .matter
            .as_ref()
            .is_some_and(|it| *it != Matter::Missing || step.poll.may_close())
        {
            self.settle(number, now, effects);
        }
    }

    pub(crate) fn ran_out(
        &mut self,
        number: u32,
        timer: TimerId,
        at: Timestamp,
        effects: &mut Effects,
    ) {
        match self.step_mut(number).and_then(|step| step.poll.ran_out(timer)) {
            Some(PollEnd::AllVoted) => {
                self.close(number, at, effects);
                self.settle(number, at, effects);
            }
            Some(PollEnd::TimeOver) => self.time_is_over(number, at, effects),
            None => {}
        }
    }

    fn time_is_over(&mut self, number: u32, at: Timestamp, effects: &mut Effects) {
        let (missing, timeout) = (self.config.missing(), self.config.timeout);
        let Some(step) = self.step_mut(number) else { return };
        let complete = step.poll.is_complete();
        match missing {
            Missing::Extend if !complete => {
                timeout.into_iter().for_each(|timeout| step.poll.set_end(at + timeout.get()));
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
        let had_end = step.poll.ends().is_some();
        step.poll.close(at, effects);
        if had_end {
            effects.cancel(Alarm::Warning.timer(number));
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

    /// Outcome of a step by the rules.
    pub(crate) fn outcome(&self, number: u32) -> Outcome {
        let Some(step) = self.step(number) else {
            return Outcome::Decided(Vec::new(), words::no_choice());
        };
        let tally = step.ballot().tally();
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
        match tie.settle(tied, step.ballot(), revotes, step.number, self.seed) {
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
        let options = self.step(number).map_or(&[][..], |step| step.ballot().options());
        choices.iter().filter_map(|choice| options.get(*choice).cloned()).collect()
    }

    pub(crate) fn ask(&mut self, number: u32, matter: Matter, effects: &mut Effects) {
        let Some(step) = self.step_mut(number) else { return };
        if step.matter.as_ref() != Some(&matter) {
            step.matter = Some(matter);
            let why = self.step(number).map(|step| self.explained_step(step));
            effects.note(why.unwrap_or_default());
        }
    }

    /// The step is decided: these carry.
    pub(crate) fn conclude(
        &mut self,
        number: u32,
        carried: Vec<usize>,
        why: Text,
        effects: &mut Effects,
    ) {
        self.tell(number, effects, |step| step.poll.conclude(number, &carried, why));
    }

    /// The step is called off: its votes count for nothing and are not told.
    pub(crate) fn call_off(&mut self, number: u32, at: Timestamp, effects: &mut Effects) {
        self.close(number, at, effects);
        self.tell(number, effects, |step| {
            let result = step.poll.conclude(number, &[], words::called_off());
            StepResult { status: StepStatus::Aborted, tally: BTreeMap::new(), ..result }
        });
    }

    fn tell(
        &mut self,
        number: u32,
        effects: &mut Effects,
        result: impl FnOnce(&mut Step) -> StepResult,
    ) {
        let Some(step) = self.step_mut(number) else { return };
        let result = result(step);
        step.matter = None;
        step.illegal.clear();
        if !step.held_back.is_empty() {
            effects.note(words::late_left(step.held_back.len()));
            step.held_back.clear();
        }
        effects.result(result.clone());
        self.past.push(Past { result, superseded: false });
    }
}

/// Outcome of the votes by the rules.
pub(crate) enum Outcome {
    /// These carry.
    Decided(Vec<usize>, Text),
    /// These are tied and voted on again.
    Revote(Vec<usize>),
    /// These are tied and the operator chooses.
    Ask(Vec<usize>),
}
