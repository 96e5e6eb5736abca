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
use eg_game::prelude::*;
use pick::Pick;

/// Timer of the grace.
const GRACE: TimerId = TimerId(1);
/// Timer of the time-out.
const TIMEOUT: TimerId = TimerId(2);

/// One vote.
pub struct Majority {
    config: Config,
    /// Meaning of the inputs, beside those that pick.
    keys: Keys,
    pick: Pick,
    roster: Roster,
    poll: Poll,
    /// Result of the vote while it is closed.
    result: Option<StepResult>,
}

impl Game for Majority {
    const KIND: &'static str = "majority";
    type Config = Config;

    fn start(config: Config, roster: &Roster) -> Result<Self, StartError> {
        let keys = config.check()?.lay(&config.options, roster);
        let ballot = Ballot::open(&config.options, roster.alive(None), Change::Last);
        let ballot = ballot.among(roster);
        let mut wrong = SettingProblems::default();
        if ballot.standing().next().is_none() {
            wrong.push("options", "everybody who could be chosen is out of the game");
        }
        if ballot.asked() == 0 {
            wrong.push("question", "nobody is in play who could vote");
        }
        wrong.or(())?;
        let rules = PollRules::new(GRACE, TIMEOUT)
            .grace(config.grace.get())
            .timeout(config.timeout.map(Span::get));
        Ok(Self {
            pick: Pick::new(&config.keys, &config.options),
            keys,
            config,
            roster: roster.clone(),
            poll: Poll::new(ballot, rules, roster.rules()),
            result: None,
        })
    }

    fn on_input(&mut self, input: &Input, effects: &mut Effects) {
        self.hear(input, effects);
    }

    fn on_timer(&mut self, timer: TimerId, at: Timestamp, effects: &mut Effects) {
        if self.poll.ran_out(timer).is_some() {
            self.close(at, effects);
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
        if self.keys.learn(slot, roster) && self.is_open() {
            effects.retell(self.question());
        }
    }

    fn proxy_choices(&self) -> Option<ProxyChoices> {
        Poll::proxy_choices([&self.poll], &self.roster)
    }

    fn shift(&mut self, by: Duration) {
        self.poll.shift(by);
    }

    fn offers(&self) -> Vec<Offer> {
        self.offered()
    }

    fn view(&self, for_whom: &Audience) -> View {
        self.seen_by(for_whom)
    }

    fn explain(&self) -> Text {
        match &self.result {
            Some(result) => result.why.clone(),
            None if self.poll.asks_to_close() => Poll::closing_question(),
            None => count::turnout(&self.config, self.poll.ballot()),
        }
    }
}

impl Majority {
    fn is_open(&self) -> bool {
        self.result.is_none()
    }

    fn question(&self) -> Question {
        let options: Vec<_> = self.poll.ballot().standing().cloned().collect();
        let keys = if self.pick.has_keys() {
            self.pick.layouts(&options, &self.keys.layouts(&options))
        } else {
            self.keys.layouts(&options)
        };
        Question { step: 1, question: self.config.question.clone(), options, keys }
    }

    /// The slots that are asked and at which some option has no input.
    fn lacking(&self) -> Vec<Lacking> {
        let options: Vec<_> = self.poll.ballot().standing().cloned().collect();
        let asked = self.poll.ballot().voters();
        if self.pick.has_keys() {
            asked
                .filter_map(|slot| self.pick.lacking(&options, slot, self.roster.controls(slot)?))
                .collect()
        } else {
            self.keys.lacking(&options, asked)
        }
    }

    fn outcome(&self) -> Outcome {
        count::outcome(&self.config, self.poll.ballot())
    }
}

eg_game::register!(Majority);
