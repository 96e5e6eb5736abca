//! What happens to a session, and the entries that tell it: a rebuild reads them back.

use crate::handle::Entry;
use eg_game::{Act, Input, InputData, TimerId};
use eg_proto::{
    Boot, DeviceName, DeviceState, Event, EventKind, EventTime, InputName, NightVote, Presence,
    SlotId, Source, Timestamp,
};
use serde_json::Value;
use std::time::Duration;

/// One thing that happens to a session. A rebuild feeds the same, in the same order.
#[derive(Debug)]
pub(super) enum Cause {
    Input(Input),
    /// An input that was held back reaches its game: the number of its entry.
    Played(i64, Timestamp),
    Timer(TimerId, Timestamp),
    Act(Act),
    /// A device asked something: the same to a game, and nothing that an operator could take back.
    Asked(Act),
    /// The core was away for so long, in which no timer ran.
    Resumed(Duration),
}

/// What an entry means for its session, which is played by this revision of the rules. Nothing when it means nothing.
///
/// # Errors
/// What is wrong with it.
pub(super) fn cause_of(entry: &Entry, rules: u16) -> Result<Option<Cause>, String> {
    let body = || entry.body.clone();
    let read = |error: serde_json::Error| error.to_string();
    let slot = || entry.slot.clone().ok_or_else(|| "it has no slot".to_owned());
    Ok(Some(match entry.kind {
        "event" => {
            let event: Event = serde_json::from_value(body()).map_err(read)?;
            Cause::Input(input_of(entry.id, entry.at, slot()?, event, rules))
        }
        "vote" => {
            let vote: NightVote = serde_json::from_value(body()).map_err(read)?;
            Cause::Input(choice_of(entry.id, entry.at, slot()?, &vote))
        }
        "act" => Cause::Act(serde_json::from_value(body()).map_err(read)?),
        "request" => Cause::Asked(serde_json::from_value(body()).map_err(read)?),
        "status" => match standing(&entry.body)? {
            Some(what) => Cause::Input(standing_of(entry.id, entry.at, slot()?, what)),
            None => return Ok(None),
        },
        "played" => {
            let of = entry.body.get("entry").and_then(Value::as_i64);
            Cause::Played(of.ok_or_else(|| "it names no input".to_owned())?, moment(entry))
        }
        "timer" => {
            let timer = entry.body.get("timer").cloned().unwrap_or_default();
            Cause::Timer(serde_json::from_value(timer).map_err(read)?, moment(entry))
        }
        "resumed" => {
            let outage = entry.body.get("outage_us").and_then(Value::as_u64).unwrap_or(0);
            Cause::Resumed(Duration::from_micros(outage))
        }
        _ => return Ok(None),
    }))
}

/// The session's time of an entry that was written down later than its moment, because something earlier might have come.
pub(super) fn moment(entry: &Entry) -> Timestamp {
    let moment = entry.body.get("moment").and_then(Value::as_i64);
    moment.map_or(entry.at, Timestamp)
}

/// An event without the core's time happened within so much time before it arrived: a link that holds it back for longer
/// is given up, and what it held is late.
const UNDATED: Duration = Duration::from_secs(30);
/// The same in the first revision of the rules, which took it for a bound.
const ARRIVAL: Duration = Duration::from_millis(250);
/// The same for one that an outage held back for nobody knows how long.
const LATE: Duration = Duration::from_secs(24 * 3600);

/// An event as its game sees it.
pub(super) fn input_of(id: i64, now: Timestamp, slot: SlotId, event: Event, rules: u16) -> Input {
    let Event { device, input, kind, t, late, sim, .. } = event;
    let guess = match (late, rules) {
        (true, _) => LATE,
        (false, ..2) => ARRIVAL,
        (false, 2..) => UNDATED,
    };
    let unknown = u64::try_from(guess.as_micros()).unwrap_or(u64::MAX);
    // What has not happened yet was dated by a clock that the core no longer goes by.
    let known = t.core_us.filter(|at| *at <= now + Duration::from_micros(t.unc_us));
    let (at, unc_us) = match known {
        Some(at) => (at, t.unc_us),
        None => (now, t.unc_us.saturating_add(unknown)),
    };
    let what = InputData::Event { device, input, kind };
    Input { id, slot, what, at, unc_us, now, late, overtaken: false, sim }
}

/// A choice by name as its game sees it. The sender's own clock says nothing: it counts from its arrival.
pub(super) fn choice_of(id: i64, now: Timestamp, slot: SlotId, vote: &NightVote) -> Input {
    let what = InputData::Choice { step: vote.step, choice: vote.choice.clone() };
    exactly_now(id, now, slot, what)
}

fn exactly_now(id: i64, now: Timestamp, slot: SlotId, what: InputData) -> Input {
    Input { id, slot, what, at: now, unc_us: 0, now, late: false, overtaken: false, sim: false }
}

/// What a status entry of a slot says of how things stand there; nothing when it is about something else.
pub(super) fn standing(body: &Value) -> Result<Option<InputData>, String> {
    let text = |key: &str| body.get(key).and_then(Value::as_str);
    if let Some(presence) = text("presence") {
        let presence = presence.parse::<Presence>().map_err(|error| error.to_string())?;
        return Ok(Some(InputData::Slot(presence)));
    }
    if let Some(controls) = body.get("controls") {
        let controls = serde_json::from_value(controls.clone());
        return controls.map(|it| Some(InputData::Controls(it))).map_err(|error| error.to_string());
    }
    let (Some(device), Some(state)) = (text("device"), body.get("state")) else { return Ok(None) };
    let device = DeviceName::new(device).map_err(|error| error.to_string())?;
    let state: DeviceState =
        serde_json::from_value(state.clone()).map_err(|error| error.to_string())?;
    Ok(Some(InputData::Board { device, ready: state != DeviceState::Lost }))
}

/// How things stand as a game sees it: known when the core learnt it.
pub(super) fn standing_of(id: i64, now: Timestamp, slot: SlotId, what: InputData) -> Input {
    exactly_now(id, now, slot, what)
}

/// A tag of the old contract as the event it is.
pub(super) fn tag_event(uid: String) -> Option<Event> {
    let t = EventTime { core_us: None, unc_us: 0, src: Source::Driver, core: None };
    Some(Event {
        boot: Boot(ulid::Ulid::nil()),
        seq: 1,
        device: DeviceName::new("rfid").ok()?,
        input: InputName::new("tag").ok()?,
        kind: EventKind::Tag { uid },
        t,
        late: false,
        sim: false,
    })
}
