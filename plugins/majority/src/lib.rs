//! A vote with a quorum and a threshold: one question, one ballot a player, blank ballots apart.
//!
//! The rules stand in the README; each has a test of its name in `tests/`.

mod acts;
mod config;
mod count;
mod pick;
mod view;
mod voting;

pub use config::{Config, Quorum, Threshold};

use count::Outcome;
use eg_game::ballot::{Ballot, Change, Keys, Lacking};
use eg_game::prelude::*;
use eg_game::{Choosing, Question, RosterChange, StepResult};
use pick::Pick;
use std::collections::BTreeSet;

/// Runs out when all have voted, unchanged, for the grace.
const GRACE: TimerId = TimerId(1);
/// Runs out when the time is over.
const TIMEOUT: TimerId = TimerId(2);

/// One vote.
pub struct Majority {
    config: Config,
    /// What the inputs mean, beside those that pick.
    keys: Keys,
    pick: Pick,
    roster: Roster,
    ballot: Ballot,
    stage: Stage,
    /// When it was opened first.
    opened: Option<Timestamp>,
    /// Who left while it was open.
    gone: Vec<SlotId>,
    /// Whose vote was for a player who is out since, until they vote again.
    struck: BTreeSet<SlotId>,
    /// Complete only because somebody left: it asks before it closes.
    asks_to_close: bool,
}

/// How far it is.
enum Stage {
    /// It takes votes.
    Open { grace: Option<Timestamp>, ends: Option<Timestamp> },
    /// Its result is out.
    Closed(StepResult),
}

impl Game for Majority {
    const KIND: &'static str = "majority";
    type Config = Config;

    fn start(config: Config, roster: &Roster) -> Result<Self, StartError> {
        let keys = config.check()?.lay(&config.options, roster);
        let ballot = Ballot::open(&config.options, roster.alive(None), Change::Last);
        let ballot = ballot.among(roster);
        if ballot.standing().next().is_none() {
            return Err(StartError::new(
                "options",
                "everybody who could be chosen is out of the game",
            ));
        }
        if ballot.asked() == 0 {
            return Err(StartError::new("question", "nobody is in play who could vote"));
        }
        Ok(Self {
            pick: Pick::new(&config.keys, &config.options),
            keys,
            config,
            roster: roster.clone(),
            ballot,
            stage: Stage::Open { grace: None, ends: None },
            opened: None,
            gone: Vec::new(),
            struck: BTreeSet::new(),
            asks_to_close: false,
        })
    }

    fn on_input(&mut self, input: &Input, effects: &mut Effects) {
        self.hear(input, effects);
    }

    fn on_timer(&mut self, timer: TimerId, _: Timestamp, effects: &mut Effects) {
        if let Stage::Open { grace, ends } = &mut self.stage {
            let due = if timer == GRACE { grace.take() } else { ends.take() };
            if due.is_some() {
                self.close(effects);
            }
        }
    }

    fn on_operator(&mut self, act: &Act, effects: &mut Effects) {
        if let Err(why) = self.act(act, effects) {
            effects.refuse_act(why);
        }
    }

    fn on_roster(
        &mut self,
        change: &RosterChange,
        act: &Act,
        roster: &Roster,
        effects: &mut Effects,
    ) {
        self.roster = roster.clone();
        self.players_changed(change, act, effects);
    }

    fn on_controls(&mut self, slot: &SlotId, roster: &Roster, effects: &mut Effects) {
        self.roster = roster.clone();
        if self.keys.learn(slot, roster) && matches!(self.stage, Stage::Open { .. }) {
            effects.retell(self.question());
        }
    }

    fn choosing(&self) -> Option<Choosing> {
        let Stage::Open { .. } = self.stage else { return None };
        let asked = self.roster.seats.iter().map(|seat| seat.slot.clone());
        let slots: Vec<_> = asked.filter(|slot| self.ballot.asks(slot)).collect();
        let mut options: Vec<_> = self.ballot.standing().cloned().collect();
        options.push("abstain".to_owned());
        (!slots.is_empty()).then_some(Choosing { slots, options })
    }

    fn shift(&mut self, by: std::time::Duration) {
        if let Stage::Open { grace, ends } = &mut self.stage {
            for moment in [grace, ends].into_iter().flatten() {
                *moment = *moment + by;
            }
        }
    }

    fn offers(&self) -> Vec<Offer> {
        self.offered()
    }

    fn view(&self, for_whom: &Audience) -> View {
        self.seen_by(for_whom)
    }

    fn explain(&self) -> Say {
        match &self.stage {
            Stage::Open { .. } if self.asks_to_close => Say::new(
                "un joueur est parti et plus aucun vote ne manque : faut-il clore ?",
                "a player left and no vote is missing any more: close it?",
            ),
            Stage::Open { .. } => count::turnout(&self.config, &self.ballot),
            Stage::Closed(result) => result.why.clone(),
        }
    }
}

impl Majority {
    fn question(&self) -> Question {
        let options: Vec<_> = self.ballot.standing().cloned().collect();
        let keys = if self.pick.has_keys() {
            self.pick.layouts(&options, &self.keys.layouts(&options))
        } else {
            self.keys.layouts(&options)
        };
        Question { step: 1, question: self.config.question.clone(), options, keys }
    }

    /// The slots that are asked and at which some option has no input.
    fn lacking(&self) -> Vec<Lacking> {
        let options: Vec<_> = self.ballot.standing().cloned().collect();
        let asked = self.ballot.voters();
        if self.pick.has_keys() {
            asked
                .filter_map(|slot| self.pick.lacking(&options, slot, self.roster.controls(slot)?))
                .collect()
        } else {
            self.keys.lacking(&options, asked)
        }
    }

    fn outcome(&self) -> Outcome {
        count::outcome(&self.config, &self.ballot)
    }
}

eg_game::register!(Majority);
