//! The truth from outside: which presses were made and answered, and when each agent lived.

use std::collections::BTreeSet;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// A press that was answered so long before its agent was killed is taken for surely accepted.
pub(super) const SURE: Duration = Duration::from_secs(1);

/// Input that is pressed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Touched {
    /// A tag that no other press has.
    Tag {
        /// Board of the reader.
        device: &'static str,
        uid: String,
    },
    /// A button, whose presses are counted.
    Button,
}

/// Press from outside.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct SentPress {
    pub(super) touched: Touched,
    /// Moment before which nothing was asked.
    pub(super) asked: Duration,
    /// Moment at which it had been answered with 204.
    pub(super) taken: Option<Duration>,
}

/// One run of an agent.
#[derive(Debug)]
pub(super) struct Life {
    boards: usize,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    opened: BTreeSet<String>,
    open: Option<Duration>,
    ended: Option<Duration>,
    stops: Vec<(Duration, Option<Duration>)>,
}

impl Life {
    /// Begins a life of a slot with so many boards, which open one after the other.
    pub(super) fn new(boards: usize) -> Self {
        Self { boards, state: Mutex::default() }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes a line of `eg-agent run --events --json`: a board that tells how it stands is open.
    pub(super) fn told(&self, line: &str) {
        if !line.contains("\"snapshot\"") {
            return;
        }
        let told: serde_json::Value = serde_json::from_str(line).unwrap_or_default();
        let event = told.get("event").unwrap_or(&told);
        if let Some(device) = event["device"].as_str() {
            let mut state = self.state();
            state.opened.insert(device.to_owned());
            if state.opened.len() >= self.boards && state.open.is_none() {
                state.open = Some(eg_clock::monotonic());
            }
        }
    }

    /// Takes every board for open so long after now: an agent that tells nothing has opened them by then.
    pub(super) fn opens_in(&self, time: Duration) {
        self.state().open.get_or_insert(eg_clock::monotonic() + time);
    }

    /// Returns `true` once every board is open.
    pub(super) fn is_open(&self) -> bool {
        self.state().open.is_some()
    }

    /// The agent is killed or asked to end.
    pub(super) fn end(&self, at: Duration) {
        self.state().ended.get_or_insert(at);
    }

    /// The agent is stopped, or goes on.
    pub(super) fn stop(&self, stops: bool, at: Duration) {
        let mut state = self.state();
        match state.stops.last_mut() {
            Some((_, end @ None)) if !stops => *end = Some(at),
            _ if stops => state.stops.push((at, None)),
            _ => {}
        }
    }

    /// Returns `true` if this press was surely accepted in this life: its boards were open before it was asked, and the
    /// agent ran for [`SURE`] after it had answered.
    pub(super) fn surely_took(&self, press: &SentPress) -> bool {
        let state = self.state();
        let (Some(open), Some(taken)) = (state.open, press.taken) else { return false };
        let Some(ended) = state.ended else { return press.asked >= open };
        let stood: Duration = state
            .stops
            .iter()
            .map(|(from, to)| {
                let to = to.unwrap_or(ended).min(ended);
                to.saturating_sub((*from).max(taken))
            })
            .sum();
        press.asked >= open && taken + SURE + stood <= ended
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn press(asked: u64, taken: u64) -> SentPress {
        let millis = Duration::from_millis;
        SentPress { touched: Touched::Button, asked: millis(asked), taken: Some(millis(taken)) }
    }

    fn life() -> Life {
        let life = Life::new(2);
        life.state().open = Some(Duration::from_millis(1_000));
        life
    }

    #[test]
    fn a_press_before_the_boards_are_open_or_shortly_before_a_kill_is_not_sure() {
        let life = life();
        life.end(Duration::from_secs(5));

        assert!(!life.surely_took(&press(900, 1_100)));
        assert!(life.surely_took(&press(1_001, 1_100)));
        assert!(life.surely_took(&press(3_900, 4_000)));
        assert!(!life.surely_took(&press(3_900, 4_001)));
        assert!(!life.surely_took(&SentPress { taken: None, ..press(3_000, 0) }));
    }

    #[test]
    fn time_in_which_the_agent_stood_still_does_not_count() {
        let life = life();
        life.stop(true, Duration::from_millis(3_000));
        life.stop(false, Duration::from_millis(4_500));
        life.end(Duration::from_secs(5));

        assert!(life.surely_took(&press(2_400, 2_500)));
        assert!(!life.surely_took(&press(2_400, 2_501)));
    }

    #[test]
    fn a_life_is_open_when_every_board_has_told_how_it_stands() {
        let life = Life::new(2);
        let line = |device: &str| format!("{{\"device\":\"{device}\",\"kind\":\"snapshot\"}}");

        life.told(&line("panel"));
        life.told(&line("panel"));
        assert!(life.state().open.is_none());
        life.told(&line("reader"));

        assert!(life.state().open.is_some());
    }
}
