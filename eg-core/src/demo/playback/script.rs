//! Steps that play a record again, each with its pause.

use crate::journal::{Kind, Line, Record};
use eg_game::{Act, TimerId};
use eg_proto::{DeviceName, Event, EventKind, InputName, SlotId, Timestamp};
use serde_json::{Map, Value};
use std::collections::BTreeMap;
use std::time::Duration;

/// Record as a list of presses and acts that can be played.
pub(super) struct PlaybackScript {
    pub(super) beats: Vec<Beat>,
    /// Number of recorded inputs that no press of a button can repeat, by their kind.
    pub(super) left_out: BTreeMap<String, u32>,
}

/// Step of the playback.
pub(super) struct Beat {
    /// Pause since the step before, at recorded speed.
    pub(super) pause: Duration,
    pub(super) step: PlaybackStep,
}

/// Action of one step.
pub(super) enum PlaybackStep {
    /// Press or release of an input.
    Press { slot: SlotId, device: DeviceName, input: InputName, down: bool },
    /// Act of the operator, as it was recorded.
    Act { id: i64, name: String, args: Map<String, Value>, reason: Option<String> },
    /// Wait for a timer of the game.
    Timer(TimerId),
}

/// Builds the script of a record.
pub(super) fn script(record: &Record) -> PlaybackScript {
    let mut script = PlaybackScript { beats: Vec::new(), left_out: BTreeMap::new() };
    let mut last = record.session.started;
    for line in &record.entries {
        let step = match line.kind {
            Kind::Event => press(line).map_err(Some),
            Kind::Act => act(line).ok_or(None),
            Kind::Timer => timer(line).ok_or(None),
            Kind::Vote | Kind::Request => Err(Some(line.kind.word().to_owned())),
            Kind::Played
            | Kind::Resumed
            | Kind::Result
            | Kind::Refused
            | Kind::Gap
            | Kind::Status
            | Kind::Note
            | Kind::Unreadable => Err(None),
        };
        match step {
            Ok(step) => {
                script.beats.push(Beat { pause: pause(last, line), step });
                last = line.at;
            }
            Err(Some(what)) => *script.left_out.entry(what).or_default() += 1,
            Err(None) => {}
        }
    }
    script
}

/// Returns the pause before a line; zero before a timer, which comes by itself.
fn pause(last: Timestamp, line: &Line) -> Duration {
    if line.kind == Kind::Timer { Duration::ZERO } else { line.at.since(last) }
}

/// Converts an event into a press or a release; any other gives the name of its kind as the error.
pub(super) fn press(line: &Line) -> Result<PlaybackStep, String> {
    let event: Option<Event> = serde_json::from_value(line.body.clone()).ok();
    let kind = line.body.get("kind").and_then(Value::as_str).unwrap_or("event").to_owned();
    let (Some(event), Some(slot)) = (event, line.slot.clone()) else { return Err(kind) };
    let Event { device, input, kind: told, .. } = event;
    if told != EventKind::Press && told != EventKind::Release {
        return Err(kind);
    }
    Ok(PlaybackStep::Press { slot, device, input, down: told == EventKind::Press })
}

fn act(line: &Line) -> Option<PlaybackStep> {
    let Act { id, name, args, reason, .. } = serde_json::from_value(line.body.clone()).ok()?;
    (name != "start").then_some(PlaybackStep::Act { id, name, args, reason })
}

fn timer(line: &Line) -> Option<PlaybackStep> {
    let timer = line.body.get("timer").cloned()?;
    serde_json::from_value(timer).ok().map(PlaybackStep::Timer)
}
