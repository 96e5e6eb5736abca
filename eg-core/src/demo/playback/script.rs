//! What there is to do in a record, and when.

use crate::journal::{Kind, Line, Record};
use eg_game::{Act, TimerId};
use eg_proto::{DeviceName, Event, EventKind, InputName, SlotId, Timestamp};
use serde_json::{Map, Value};
use std::collections::BTreeMap;
use std::time::Duration;

/// A record as hands and an operator can play it.
pub(super) struct PlaybackScript {
    pub(super) beats: Vec<Beat>,
    /// What nobody can do to a board of buttons, by its name, and how often it was recorded.
    pub(super) left_out: BTreeMap<String, u32>,
}

/// One thing to do.
pub(super) struct Beat {
    /// How long after the one before.
    pub(super) pause: Duration,
    pub(super) step: PlaybackStep,
}

/// What is to be done.
pub(super) enum PlaybackStep {
    /// Press an input, or let it go.
    Press { slot: SlotId, device: DeviceName, input: InputName, down: bool },
    /// Act as the operator did.
    Act { id: i64, name: String, args: Map<String, Value>, reason: Option<String> },
    /// Wait for a timer of the game.
    Timer(TimerId),
}

/// The script of a record.
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
            | Kind::Note => Err(None),
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

/// A timer comes by itself: nothing waits for it beforehand.
fn pause(last: Timestamp, line: &Line) -> Duration {
    if line.kind == Kind::Timer { Duration::ZERO } else { line.at.since(last) }
}

/// A press or a release; else what it is called.
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
