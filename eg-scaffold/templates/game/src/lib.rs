//! {{Type}}: a vote that more than half of the players decide. Replace these rules with yours.

use eg_game::ballot::{Ballot, Change, KeyMap, Keys, Rule, Verdict, When};
use eg_game::RosterChange;
use eg_game::prelude::*;

/// The settings of a session.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// What is asked.
    question: String,
    /// What may be chosen: by the inputs that are called so, else by the buttons in their order.
    options: Vec<String>,
}

/// One session.
pub struct {{Type}} {
    question: String,
    keys: Keys,
    ballot: Ballot,
}

impl Game for {{Type}} {
    const KIND: &'static str = "{{name}}";
    type Config = Config;

    fn start(config: Config, roster: &Roster) -> Result<Self, StartError> {
        if config.options.len() < 2 {
            return Err(StartError::new("options", "a vote needs at least two"));
        }
        let keys = KeyMap::default().lay(&config.options, roster);
        let ballot = Ballot::open(config.options, roster.alive(None), Change::Last);
        Ok(Self { question: config.question, keys, ballot })
    }

    fn on_input(&mut self, input: &Input, effects: &mut Effects) {
        let Some(key) = input.pressed() else { return };
        let Some(vote) = self.keys.press(&input.slot, key, self.ballot.options()) else { return };
        if let Err(error) = self.ballot.cast(&input.slot, vote, When::of(input)) {
            return effects.refuse(Text::same(error.to_string()));
        }
        effects.cue(&input.slot, Cue::Accepted);
        self.decide(effects);
    }

    /// Who changes seats takes the vote along; who is out has none, and who is back may vote again.
    fn on_roster(&mut self, change: &RosterChange, _: &Act, roster: &Roster, effects: &mut Effects) {
        self.ballot.reseat(change);
        if let Some(slot) = change.gone() {
            self.ballot.withdraw(slot);
        }
        if let Some(seat) = change.back().and_then(|slot| roster.seat(slot)) {
            self.ballot.admit(seat);
        }
        self.decide(effects);
    }

    fn view(&self, _: &Audience) -> View {
        let turnout = Widget::turnout(self.ballot.votes(), self.ballot.asked());
        View::new("open", Text::same(&self.question), [turnout])
    }

    fn explain(&self) -> Text {
        if let Verdict::Won(choice) = self.ballot.tally().verdict(Rule::Majority) {
            return Text::same(&self.ballot.options()[choice]);
        }
        Text::new("pas encore de majorité", "no majority yet")
    }
}

impl {{Type}} {
    /// Ends the session once more than half of the players want the same.
    fn decide(&self, effects: &mut Effects) {
        if let Verdict::Won(_) = self.ballot.tally().verdict(Rule::Majority) {
            effects.note(self.explain());
            effects.finish(Finish::Done);
        }
    }
}

eg_game::register!({{Type}});
