//! Clock of a session: the time it has taken, the time it has left, and when somebody last did something.

use super::cause::Cause;
use crate::engine::read_model::SessionClock;
use eg_game::{Act, Text};
use eg_proto::Timestamp;
use serde_json::{Map, Value};
use std::time::Duration;

/// Name of the act that gives or takes time.
pub(in crate::engine) const TIME: &str = "time";
/// Field of the act that starts a session: its planned duration in µs.
const DURATION: &str = "duration_us";
/// Most minutes that one act gives or takes.
const MOST: i64 = 600;

/// Returns the planned duration as a field of the act that starts a session.
pub(in crate::engine) fn planned(args: &mut Map<String, Value>, duration: Option<Duration>) {
    let micros = duration.and_then(|duration| i64::try_from(duration.as_micros()).ok());
    args.extend(micros.map(|micros| (DURATION.to_owned(), micros.into())));
}

impl SessionClock {
    /// Creates a clock that runs from `started` on, without an end.
    pub(in crate::engine) fn from(started: Timestamp) -> Self {
        Self { since: started, ends: None, stopped: None, moved: started }
    }

    /// Follows what happens to the session: what players and operators do moves the clock, and a pause stops it.
    /// `refused` is true if the game refused the act.
    pub(super) fn hear(&mut self, cause: &Cause, now: Timestamp, refused: bool) {
        match cause {
            Cause::Input(input) if input.is_deed() => self.move_at(now),
            Cause::Act(act) => {
                self.move_at(now);
                match act.name.as_str() {
                    "start" => self.plan(act),
                    "pause" if !refused => self.stop(now),
                    "resume" if !refused => self.go_on(now),
                    _ => {}
                }
            }
            Cause::Input(_)
            | Cause::Played(..)
            | Cause::Timer(..)
            | Cause::Asked(_)
            | Cause::Resumed(_) => {}
        }
    }

    /// Takes the planned duration from the act that starts the session.
    fn plan(&mut self, start: &Act) {
        let micros = start.args.get(DURATION).and_then(Value::as_u64);
        self.ends = micros.map(|micros| self.since + Duration::from_micros(micros));
    }

    /// Moves the end by the minutes of an act.
    ///
    /// # Errors
    /// Returns the reason if there is no end to move, or the number makes no sense.
    pub(super) fn give(&mut self, act: &Act) -> Result<(), Text> {
        let Some(ends) = self.ends else {
            return Err(Text::new(
                "cette salle n'a pas de durée prévue : `duration` dans son fichier en donne une",
                "this room has no planned duration: `duration` in its file gives it one",
            ));
        };
        let minutes = act.args.get("minutes").and_then(Value::as_i64);
        let minutes = minutes.filter(|minutes| *minutes != 0 && (-MOST..=MOST).contains(minutes));
        let Some(minutes) = minutes else {
            return Err(Text::new(
                format!("`minutes` est un nombre entier de -{MOST} à {MOST}, sauf 0"),
                format!("`minutes` is a whole number from -{MOST} to {MOST} other than 0"),
            ));
        };
        let by = Duration::from_secs(minutes.unsigned_abs() * 60);
        self.ends = Some(if minutes < 0 { ends - by } else { ends + by });
        Ok(())
    }

    /// Notes that somebody did something.
    fn move_at(&mut self, at: Timestamp) {
        self.moved = self.moved.max(at);
    }

    pub(super) fn stop(&mut self, at: Timestamp) {
        self.stopped.get_or_insert(at);
    }

    /// Runs on after a pause, which does not count.
    fn go_on(&mut self, at: Timestamp) {
        if let Some(stopped) = self.stopped.take() {
            self.pass(at.since(stopped));
        }
    }

    /// Leaves out a span of time that does not count. A clock that stands leaves it out once it goes on.
    pub(super) fn pass(&mut self, span: Duration) {
        if self.stopped.is_none() {
            self.since = self.since + span;
            self.moved = self.moved + span;
            self.ends = self.ends.map(|ends| ends + span);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use eg_game::Act;

    const MINUTE: i64 = 60_000_000;

    fn act(args: Value) -> Act {
        let Value::Object(args) = args else { panic!("fields are an object") };
        let (by, name) = ("anna".to_owned(), TIME.to_owned());
        Act { id: 1, at: Timestamp(0), by, reason: None, name, args }
    }

    fn hour() -> SessionClock {
        let mut clock = SessionClock::from(Timestamp(0));
        let mut args = Map::new();
        planned(&mut args, Some(Duration::from_secs(3_600)));
        clock.plan(&act(Value::Object(args)));
        clock
    }

    #[test]
    fn a_pause_moves_the_end_by_as_much_as_it_took() {
        let mut clock = hour();

        clock.stop(Timestamp(10 * MINUTE));
        clock.pass(Duration::from_secs(60));
        clock.go_on(Timestamp(15 * MINUTE));

        assert_eq!(clock.ends, Some(Timestamp(65 * MINUTE)));
        assert_eq!(clock.since, Timestamp(5 * MINUTE));
        assert_eq!(clock.stopped, None);
    }

    #[test]
    fn minutes_are_given_and_taken_within_bounds() {
        let mut clock = hour();

        clock.give(&act(serde_json::json!({ "minutes": 5 }))).unwrap();
        clock.give(&act(serde_json::json!({ "minutes": -15 }))).unwrap();

        assert_eq!(clock.ends, Some(Timestamp(50 * MINUTE)));
        for minutes in [0, 601, -601, i64::MAX, i64::MIN] {
            clock.give(&act(serde_json::json!({ "minutes": minutes }))).unwrap_err();
        }
        assert_eq!(clock.ends, Some(Timestamp(50 * MINUTE)));
    }

    #[test]
    fn a_room_without_a_planned_duration_has_no_time_to_give() {
        let mut clock = SessionClock::from(Timestamp(0));

        let refused = clock.give(&act(serde_json::json!({ "minutes": 5 }))).unwrap_err();

        assert!(refused.en.contains("`duration`"), "{}", refused.en);
    }
}
