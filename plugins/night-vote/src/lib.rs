//! The night vote: one ballot a player, the last valid choice counts.
//!
//! A session is one night of steps. A step asks one question; it opens, takes votes, closes and has a result. Every
//! rule stands in the README and has a test of its number in `tests/`.

mod acts;
mod alarm;
mod clock;
mod closing;
mod config;
mod hands;
mod held_back;
mod late;
mod offers;
mod opening;
mod options;
mod players;
mod refusal;
mod step;
mod view;
mod voting;
mod words;

pub use config::{Config, Decided, Illegal, Late, Missing, Prepared, Secrecy};
pub use options::{Options, OptionsError};

use alarm::Alarm;
use eg_game::prelude::*;
use hands::Hands;
use std::collections::BTreeSet;
use step::Step;

/// One night.
pub struct NightVote {
    config: Config,
    keys: KeyMap,
    roster: Roster,
    /// The session's own seed, for draws that name none.
    seed: u64,
    /// The steps that are open, and those that were beside them or before them.
    steps: Vec<Step>,
    past: Vec<Past>,
    hands: Hands,
    lost: BTreeSet<SlotId>,
    over: Option<Finish>,
}

/// Prepared steps of which is told, at most, that options have no input.
const LINES: usize = 8;

/// A result that was told, and whether a later act took it back.
struct Past {
    result: StepResult,
    superseded: bool,
}

impl Game for NightVote {
    const KIND: &'static str = "night-vote";
    type Config = Config;

    /// A hidden ballot answers the dead as it answers the living.
    const INPUTS: InputFilter = InputFilter::Everybody;

    fn start(config: Config, roster: &Roster) -> Result<Self, StartError> {
        let keys = config.check(roster)?;
        let roster = roster.clone();
        let (hands, lost) = (Hands::default(), BTreeSet::new());
        let (steps, past) = (Vec::new(), Vec::new());
        Ok(Self { config, keys, roster, seed: 0, steps, past, hands, lost, over: None })
    }

    fn on_input(&mut self, input: &Input, effects: &mut Effects) {
        self.hear(input, effects);
    }

    fn on_timer(&mut self, timer: TimerId, at: Timestamp, effects: &mut Effects) {
        match Alarm::of(timer) {
            Some((Alarm::Warning, step)) => self.warn(step, at, effects),
            Some((_, step)) => self.ran_out(step, timer, at, effects),
            None => {}
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
        self.players_changed(change, act, roster, effects);
    }

    fn on_controls(&mut self, slot: &SlotId, roster: &Roster, effects: &mut Effects) {
        self.learn(slot, roster, effects);
    }

    fn proxy_choices(&self) -> Option<ProxyChoices> {
        Poll::proxy_choices(self.steps.iter().map(|step| &step.poll), &self.roster)
    }

    fn shift(&mut self, by: Duration) {
        self.steps.iter_mut().for_each(|step| step.poll.shift(by));
    }

    fn offers(&self) -> Vec<Offer> {
        self.offered()
    }

    fn view(&self, for_whom: &Audience) -> View {
        self.seen_by(for_whom)
    }

    fn explain(&self) -> Text {
        self.explained()
    }
}

impl NightVote {
    /// The number of the step after the last one that was ever open.
    fn next_number(&self) -> u32 {
        let opened = self.steps.iter().map(|step| step.number);
        let told = self.past.iter().map(|past| past.result.step);
        opened.chain(told).max().unwrap_or(0).saturating_add(1)
    }

    /// The step of the config with this number, from 1.
    fn prepared(&self, number: u32) -> Option<&Prepared> {
        self.config.steps.get(usize::try_from(number.checked_sub(1)?).ok()?)
    }

    /// Missing inputs in the prepared steps that are still to come, as lines of the log.
    fn prepared_lacking(&self) -> Vec<Text> {
        let steps = self.config.steps.iter().enumerate();
        let lacks = |(place, step): (usize, &Prepared)| {
            let number = u32::try_from(place + 1).ok()?;
            let (options, role) = (step.options.as_slice(), step.role.as_deref());
            let lacking = self.would_lack(&self.keys(number, options), options, role);
            Some(words::step_lacks(place + 1, &Lacking::say(&lacking)?))
        };
        steps.filter_map(lacks).take(LINES).collect()
    }

    fn step(&self, number: u32) -> Option<&Step> {
        self.steps.iter().find(|step| step.number == number)
    }

    fn step_mut(&mut self, number: u32) -> Option<&mut Step> {
        self.steps.iter_mut().find(|step| step.number == number)
    }

    /// The steps that take votes or wait for the operator.
    fn live(&self) -> impl Iterator<Item = &Step> {
        self.steps.iter().filter(|step| step.is_live())
    }
}

eg_game::register!(NightVote);
