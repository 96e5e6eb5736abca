//! The night vote: one ballot a player, the last valid choice counts.
//!
//! A session is one night of steps. A step asks one question; it opens, takes votes, closes and has a result. Every
//! rule stands in the README and has a test of its number in `tests/`.

mod acts;
mod closing;
mod config;
mod offers;
mod opening;
mod options;
mod step;
mod view;
mod voting;
mod words;

pub use config::{Config, Late, Missing, Prepared, Secrecy};
pub use options::{Options, OptionsError};

use eg_game::ballot::KeyMap;
use eg_game::prelude::*;
use eg_game::{Offer, StepResult};
use step::Step;

/// Runs out when all votes have been in, unchanged, for the grace.
const GRACE: TimerId = TimerId(1);
/// Runs out when a step's time is over.
const TIMEOUT: TimerId = TimerId(2);

/// One night.
pub struct NightVote {
    config: Config,
    keys: KeyMap,
    roster: Roster,
    /// The step that is open, or the last that was.
    step: Option<Step>,
    past: Vec<Past>,
    over: Option<Finish>,
}

/// A result that was told, and whether a later act took it back.
struct Past {
    result: StepResult,
    superseded: bool,
}

impl Game for NightVote {
    const KIND: &'static str = "night-vote";
    type Config = Config;

    fn start(config: Config, roster: &Roster) -> Result<Self, StartError> {
        let keys = config.check(roster)?;
        let roster = roster.clone();
        Ok(Self { config, keys, roster, step: None, past: Vec::new(), over: None })
    }

    fn on_input(&mut self, input: &Input, effects: &mut Effects) {
        self.vote(input, effects);
    }

    fn on_timer(&mut self, timer: TimerId, at: Timestamp, effects: &mut Effects) {
        if timer == GRACE {
            self.grace_is_over(at, effects);
        } else if timer == TIMEOUT {
            self.time_is_over(at, effects);
        }
    }

    fn on_operator(&mut self, act: &Act, effects: &mut Effects) {
        if let Err(why) = self.act(act, effects) {
            effects.refuse_act(why);
        }
    }

    fn offers(&self) -> Vec<Offer> {
        self.offered()
    }

    fn view(&self, for_whom: &Audience) -> View {
        self.seen_by(for_whom)
    }

    fn explain(&self) -> Say {
        self.explained()
    }
}

impl NightVote {
    /// The number of the step after the last one that was ever open.
    fn next_number(&self) -> u32 {
        let opened = self.step.iter().map(|step| step.number);
        let told = self.past.iter().map(|past| past.result.step);
        opened.chain(told).max().unwrap_or(0).saturating_add(1)
    }

    /// The step of the config with this number, from 1.
    fn prepared(&self, number: u32) -> Option<&Prepared> {
        self.config.steps.get(usize::try_from(number.checked_sub(1)?).ok()?)
    }

    /// The step that takes votes or waits for the operator.
    fn live(&self) -> Option<&Step> {
        self.step.as_ref().filter(|step| step.is_live())
    }

    /// How many votes make this step complete.
    fn wanted(&self, step: &Step) -> u32 {
        self.config.expected.number(step.ballot.asked())
    }

    /// How many votes are expected of this step: more than were wanted, once more have come.
    fn expected(&self, step: &Step) -> u32 {
        self.wanted(step).max(step.ballot.votes())
    }

    fn is_complete(&self, step: &Step) -> bool {
        step.ballot.votes() >= self.wanted(step)
    }
}

eg_game::register!(NightVote);
