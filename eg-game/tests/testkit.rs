//! The table catches games that break a promise.

use eg_game::prelude::*;
use eg_game::testkit::{START, Table, millis, secs};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

/// No settings.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Nothing {}

/// Counts presses; each starts a timer of two seconds, and the timer ends the session.
struct Counter(u32);

impl Game for Counter {
    const KIND: &'static str = "counter";
    type Config = Nothing;

    fn start(_: Nothing, _: &Roster) -> Result<Self, StartError> {
        Ok(Self(0))
    }

    fn on_input(&mut self, input: &Input, effects: &mut Effects) {
        if input.pressed().is_none() {
            return;
        }
        self.0 += 1;
        effects.after(TimerId(1), secs(2));
    }

    fn on_timer(&mut self, _: TimerId, _: Timestamp, effects: &mut Effects) {
        effects.finish(Finish::Done);
    }

    fn view(&self, _: &Audience) -> View {
        View::new("counting", self.explain(), [])
    }

    fn explain(&self) -> Text {
        Text::same(self.0.to_string())
    }
}

/// Remembers in the process what belongs into the journal.
struct Forgetful;

static STARTS: AtomicU32 = AtomicU32::new(0);

impl Game for Forgetful {
    const KIND: &'static str = "forgetful";
    type Config = Nothing;

    fn start(_: Nothing, _: &Roster) -> Result<Self, StartError> {
        STARTS.fetch_add(1, Ordering::Relaxed);
        Ok(Self)
    }

    fn on_input(&mut self, _: &Input, effects: &mut Effects) {
        effects.after(TimerId(1), Duration::from_secs(STARTS.load(Ordering::Relaxed).into()));
    }

    fn view(&self, _: &Audience) -> View {
        View::new("there", self.explain(), [])
    }

    fn explain(&self) -> Text {
        Text::default()
    }
}

fn counter() -> Table {
    Table::seat(2).play::<Counter>("{}")
}

#[test]
fn a_timer_runs_at_its_moment_and_starts_anew_when_asked_again() {
    let mut table = counter();
    table.press("slot-01", "a");
    table.pass(millis(1_500));
    table.press("slot-01", "a");

    table.pass(millis(1_999));
    assert_eq!(table.finished(), None);
    table.pass(millis(1));

    assert_eq!(table.finished(), Some(&Finish::Done));
    assert_eq!(table.now(), START + millis(3_500));
}

#[test]
fn no_timer_runs_while_the_core_is_down() {
    let mut table = counter();
    table.press("slot-01", "a");
    table.pass(secs(1));

    table.crash_for(secs(60));
    table.pass(millis(999));

    assert_eq!(table.finished(), None);
    table.pass(millis(1));
    assert!(table.finished().is_some());
}

#[test]
fn what_happens_after_the_end_is_kept_and_not_delivered() {
    let mut table = counter();
    table.press("slot-01", "a");
    table.pass(secs(2));

    let effects = table.press("slot-01", "a").len();
    table.crash();

    assert_eq!(effects, 0);
    assert_eq!(table.explain(), Text::same("1"));
    assert_eq!(table.journal().len(), 5);
}

#[test]
#[should_panic(expected = "replayed otherwise")]
fn a_game_that_replays_otherwise_is_caught() {
    let mut table = Table::seat(1).play::<Forgetful>("{}");
    table.press("slot-01", "a");

    table.crash();
}

#[test]
fn an_event_that_is_told_twice_reaches_no_game_twice() {
    let mut table = counter();
    table.press("slot-01", "a");

    table.repeat();

    assert_eq!(table.explain(), Text::same("1"));
}

#[test]
#[should_panic(expected = "changed what is seen")]
fn a_game_that_counts_a_repeated_choice_is_caught() {
    let mut table = Table::seat(1).play::<Chooser>("{}");
    table.choose("slot-01", 1, "A");

    table.repeat();
}

/// Counts choices, whoever repeats them.
struct Chooser(u32);

impl Game for Chooser {
    const KIND: &'static str = "chooser";
    type Config = Nothing;

    fn start(_: Nothing, _: &Roster) -> Result<Self, StartError> {
        Ok(Self(0))
    }

    fn on_input(&mut self, _: &Input, _: &mut Effects) {
        self.0 += 1;
    }

    fn view(&self, _: &Audience) -> View {
        View::new("counting", self.explain(), [])
    }

    fn explain(&self) -> Text {
        Text::same(self.0.to_string())
    }
}

#[test]
fn a_wrong_config_is_told_as_the_core_tells_it() {
    let error = Table::seat(1).try_play::<Counter>("speed: 3").err();

    let error = error.map(|error| error.to_string()).unwrap_or_default();
    assert!(error.contains("table.yaml:1:1: unknown key \"speed\""), "{error}");
}
