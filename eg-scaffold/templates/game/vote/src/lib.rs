//! {{Type}}: a vote that closes once all have voted. Replace these rules with yours.

use eg_game::prelude::*;

/// Timer that ends when all votes have stood unchanged for the grace.
const GRACE: TimerId = TimerId(1);
/// Timer that ends when the time is over.
const TIMEOUT: TimerId = TimerId(2);

/// Settings of a session.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// Question to the players.
    question: String,
    /// Options: chosen by the inputs of their names, else by the buttons in their order.
    options: Vec<String>,
    /// Time for which all votes must stand unchanged; `2s` if nothing is said.
    #[serde(default = "two_seconds")]
    grace: Span,
    /// Time after which it closes at the latest. Without it, it waits for all votes or the operator.
    #[serde(default)]
    timeout: Option<Span>,
}

fn two_seconds() -> Span {
    Span::from_secs(2)
}

/// One session.
pub struct {{Type}} {
    question: String,
    roster: Roster,
    keys: Keys,
    poll: Poll,
    result: Option<Text>,
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
        let rules = PollRules::new(GRACE, TIMEOUT)
            .grace(config.grace.get())
            .timeout(config.timeout.map(Span::get));
        let poll = Poll::new(ballot.among(roster), rules, roster.rules());
        let (question, roster) = (config.question, roster.clone());
        Ok(Self { question, roster, keys, poll, result: None })
    }

    fn on_input(&mut self, input: &Input, effects: &mut Effects) {
        let Some(key) = input.pressed() else { return };
        let options = self.poll.ballot().options();
        let Some(vote) = self.keys.press(&input.slot, key, options) else { return };
        match self.poll.cast(&input.slot, vote, When::of(input)) {
            Err(error) => effects.refuse(Text::same(error.to_string())),
            Ok(cast) => {
                effects.cue(&input.slot, Cue::Accepted);
                if cast != Cast::Same && self.poll.voted(input.now, effects) {
                    self.close(input.now, effects);
                }
            }
        }
    }

    fn on_timer(&mut self, timer: TimerId, at: Timestamp, effects: &mut Effects) {
        if self.poll.ran_out(timer).is_some() {
            self.close(at, effects);
        }
    }

    fn on_operator(&mut self, act: &Act, effects: &mut Effects) {
        match act.name.as_str() {
            "start" => {
                self.poll.open(act.at);
                effects.open(self.asked());
                self.poll.start_clock(act.at, effects);
            }
            "close" if self.poll.is_open() => self.close(act.at, effects),
            _ => effects.refuse_act(Text::new("impossible maintenant", "this cannot be done now")),
        }
    }

    fn on_roster(&mut self, change: &RosterChange, act: &Act, roster: &Roster, effects: &mut Effects) {
        self.roster = roster.clone();
        if self.poll.on_roster(change, act, roster, effects) {
            self.close(act.at, effects);
        }
    }

    fn on_controls(&mut self, slot: &SlotId, roster: &Roster, effects: &mut Effects) {
        self.roster = roster.clone();
        if self.keys.learn(slot, roster) && self.poll.is_open() {
            effects.retell(self.asked());
        }
    }

    fn proxy_choices(&self) -> Option<ProxyChoices> {
        Poll::proxy_choices([&self.poll], &self.roster)
    }

    fn shift(&mut self, by: Duration) {
        self.poll.shift(by);
    }

    fn offers(&self) -> Vec<Offer> {
        vec![Offer::new("close", Text::new("Clore et compter", "Close and count")).grave()]
    }

    fn view(&self, for_whom: &Audience) -> View {
        let ballot = self.poll.ballot();
        let turnout = Widget::turnout(ballot.votes(), ballot.asked());
        let mut widgets = vec![Widget::question(&self.asked(), for_whom), turnout];
        if let Some(ends) = self.poll.ends() {
            widgets.push(Widget::Timer { label: Text::new("Temps restant", "Time left"), ends });
        }
        View::new(if self.poll.is_open() { "open" } else { "closed" }, self.explain(), widgets)
    }

    fn explain(&self) -> Text {
        match &self.result {
            Some(why) => why.clone(),
            None if self.poll.asks_to_close() => Poll::closing_question(),
            None => Text::new("le vote est ouvert", "the vote is open"),
        }
    }
}

impl {{Type}} {
    fn asked(&self) -> Question {
        let options: Vec<_> = self.poll.ballot().standing().cloned().collect();
        let keys = self.keys.layouts(&options);
        Question { step: 1, question: self.question.clone(), options, keys }
    }

    /// Counts the votes and ends the session.
    fn close(&mut self, at: Timestamp, effects: &mut Effects) {
        self.poll.close(at, effects);
        let ballot = self.poll.ballot();
        let (carried, why) = match ballot.tally().verdict(Rule::Plurality) {
            Verdict::Won(choice) => (vec![choice], Text::same(&ballot.options()[choice])),
            _ => (vec![], Text::new("pas de décision", "no decision")),
        };
        self.result = Some(why.clone());
        effects.result(self.poll.conclude(1, &carried, why));
        effects.finish(Finish::Done);
    }
}

eg_game::register!({{Type}});
