//! A step opens: for the first time, among the tied, or once more.

use crate::step::Step;
use crate::{NightVote, TIMEOUT};
use eg_game::Question;
use eg_game::ballot::{Ballot, Expected};
use eg_game::prelude::*;

impl NightVote {
    /// The ballot of a question, for those who are asked now.
    pub(crate) fn ballot(&self, options: &[String], role: Option<&str>) -> Ballot {
        Ballot::open(options, self.roster.alive(role), self.config.change)
    }

    /// Opens a new step. Whatever was open has been closed.
    pub(crate) fn open_step(
        &mut self,
        question: Question,
        role: Option<String>,
        at: Timestamp,
        effects: &mut Effects,
    ) {
        let ballot = self.ballot(&question.options, role.as_deref());
        let asked = ballot.asked();
        self.supersede(question.step);
        let mut step = Step::new(question, role, ballot);
        step.open(at, self.ends(at));
        effects.open(step.as_question());
        self.step = Some(step);
        self.start_timeout(effects);
        self.warn_about_number(asked, effects);
    }

    /// Votes again among the tied, who are places in the ballot's options.
    pub(crate) fn revote(&mut self, tied: &[usize], at: Timestamp, effects: &mut Effects) {
        let ends = self.ends(at);
        let Some(step) = &self.step else { return };
        let option = |place: &usize| step.ballot.options().get(*place).cloned();
        let options: Vec<String> = tied.iter().filter_map(option).collect();
        let ballot = self.ballot(&options, step.role.as_deref());
        let Some(step) = &mut self.step else { return };
        step.rounds.push(step.ballot.tally());
        step.open_anew(ballot, at, ends);
        effects.open(step.as_question());
        let tied = crate::words::join(&options);
        effects.note(Say::new(
            format!("égalité entre {} : on vote encore", tied.fr),
            format!("a tie between {}: voting again", tied.en),
        ));
        self.start_timeout(effects);
    }

    /// Takes votes again on the step whose result is out: that result no longer holds.
    pub(crate) fn reopen(&mut self, clear: bool, at: Timestamp, effects: &mut Effects) {
        let ends = self.ends(at);
        let Some(step) = &self.step else { return };
        let number = step.number;
        let fresh = clear.then(|| self.ballot(&step.options, step.role.as_deref()));
        self.supersede(number);
        let Some(step) = &mut self.step else { return };
        match fresh {
            Some(ballot) => {
                step.rounds.clear();
                step.open_anew(ballot, at, ends);
            }
            None => step.open(at, ends),
        }
        effects.open(step.as_question());
        effects.note(Say::new(
            format!("étape {number} rouverte : le résultat précédent ne vaut plus"),
            format!("step {number} reopened: the earlier result no longer holds"),
        ));
        self.start_timeout(effects);
    }

    pub(crate) fn ends(&self, at: Timestamp) -> Option<Timestamp> {
        self.config.timeout.map(|timeout| at + timeout.get())
    }

    pub(crate) fn start_timeout(&self, effects: &mut Effects) {
        if let Some(timeout) = self.config.timeout {
            effects.after(TIMEOUT, timeout.get());
        }
    }

    fn supersede(&mut self, number: u32) {
        for past in self.past.iter_mut().filter(|past| past.result.step == number) {
            past.superseded = true;
        }
    }

    fn warn_about_number(&self, asked: u32, effects: &mut Effects) {
        let Expected::Votes(number) = self.config.expected else { return };
        if number.get() < asked {
            effects.note(Say::new(
                format!("attention : {number} votes suffisent, et {asked} joueurs votent"),
                format!("mind: {number} votes are enough, and {asked} players are asked"),
            ));
        } else if number.get() > asked {
            effects.note(Say::new(
                format!("attention : {number} votes attendus de {asked} joueurs, il faudra clore"),
                format!(
                    "mind: {number} votes wanted of {asked} players, it must be closed by hand"
                ),
            ));
        }
    }
}
