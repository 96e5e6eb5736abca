//! {{Type}}: whoever presses first has a point, and some points win. Replace these rules with yours.

use eg_game::prelude::*;
use std::collections::BTreeMap;

/// Timer that ends once every press that may have been first has come.
const WINDOW: TimerId = TimerId(1);

/// Settings of a session.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// Number of points that win.
    points: u32,
    /// Time between two rounds, in which presses are too late for one and too early for the next; `2s` if nothing is said.
    #[serde(default = "two_seconds")]
    pause: Span,
}

fn two_seconds() -> Span {
    Span::from_secs(2)
}

/// One session.
pub struct {{Type}} {
    config: Config,
    points: BTreeMap<SlotId, u32>,
    /// Presses of this round.
    race: Race,
    /// Moment from which presses count for this round.
    since: Timestamp,
    over: bool,
}

impl Game for {{Type}} {
    const KIND: &'static str = "{{name}}";
    type Config = Config;

    /// Presses come in the order of their times, and those that cannot be told apart at one moment.
    const ORDER: Order = Order::ByTime;

    fn start(config: Config, roster: &Roster) -> Result<Self, StartError> {
        if config.points == 0 {
            return Err(StartError::new("points", "nobody could win; say 1 or more"));
        }
        let points = roster.seats.iter().map(|seat| (seat.slot.clone(), 0)).collect();
        let (race, since) = (Race::default(), Timestamp(0));
        Ok(Self { config, points, race, since, over: false })
    }

    fn on_input(&mut self, input: &Input, effects: &mut Effects) {
        if input.pressed().is_none() {
            return;
        }
        if input.at < self.since {
            effects.refuse(Text::new("entre deux manches", "between two rounds"));
            return effects.cue(&input.slot, Cue::Refused);
        }
        if self.race.is_empty() {
            effects.after(WINDOW, Duration::ZERO);
        }
        self.race.enter(TimedPress::of(input));
        effects.cue(&input.slot, Cue::Accepted);
    }

    fn on_timer(&mut self, _: TimerId, at: Timestamp, effects: &mut Effects) {
        let race = std::mem::take(&mut self.race);
        if race.is_empty() {
            return;
        }
        self.since = at + self.config.pause.get();
        let ruling = race.rule(&Tie::All);
        for slot in &ruling.first {
            *self.points.entry(slot.clone()).or_default() += 1;
        }
        effects.ruling(ruling);
        if self.points.values().any(|points| *points >= self.config.points) {
            self.over = true;
            let leading: Vec<_> = self.leading().iter().map(|slot| slot.as_str()).collect();
            effects.result(StepResult::success(&leading.join(", "), self.explain()));
            effects.finish(Finish::Done);
        }
    }

    fn on_operator(&mut self, act: &Act, effects: &mut Effects) {
        if act.name == "start" {
            self.since = act.at;
        } else {
            effects.refuse_act(Text::new("action inconnue", "this game has no such act"));
        }
    }

    fn on_roster(&mut self, change: &RosterChange, _: &Act, _: &Roster, _: &mut Effects) {
        self.race.reseat(|slot| change.seat_of(slot).clone());
        self.race.retain(|slot| change.gone() != Some(slot));
        let points = std::mem::take(&mut self.points).into_iter();
        self.points = points.map(|(slot, it)| (change.seat_of(&slot).clone(), it)).collect();
    }

    fn shift(&mut self, by: Duration) {
        self.since = self.since + by;
    }

    fn view(&self, _: &Audience) -> View {
        let row = |(slot, points): (&SlotId, &u32)| Row {
            slot: Some(slot.clone()),
            text: Text::same(points.to_string()),
            level: Level::Plain,
        };
        let rows = self.points.iter().map(row).collect();
        let points = Widget::List { title: Text::new("Points", "Points"), rows };
        View::new(if self.over { "over" } else { "armed" }, self.explain(), [points])
    }

    fn explain(&self) -> Text {
        let leading: Vec<_> = self.leading().iter().map(|slot| slot.as_str()).collect();
        if leading.is_empty() {
            return Text::new("personne n'a de point", "nobody has a point yet");
        }
        let leading = leading.join(", ");
        Text::new(format!("en tête : {leading}"), format!("in the lead: {leading}"))
    }
}

impl {{Type}} {
    /// Players with the most points; none while nobody has any.
    fn leading(&self) -> Vec<&SlotId> {
        let most = self.points.values().max().copied().unwrap_or(0);
        let leads = |(slot, points): (_, &u32)| (most > 0 && *points == most).then_some(slot);
        self.points.iter().filter_map(leads).collect()
    }
}

eg_game::register!({{Type}});
