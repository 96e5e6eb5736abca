//! Causes: everything that happens to a session, and the entries from which a rebuild reads it back.

use super::timers::TimerName;
use crate::journal::Entry;
use crate::journal::Kind;
use eg_game::{Act, Input, InputData};
use eg_proto::{
    Boot, DeviceName, DeviceState, Event, EventKind, EventTime, InputName, NightVote, Presence,
    SlotId, Source, Timestamp,
};
use serde_json::Value;
use std::time::Duration;

/// Cause that is applied to a session. A rebuild applies the same causes in the same order.
#[derive(Debug)]
pub(in crate::engine) enum Cause {
    Input(Input),
    /// Held input that reaches its game: the number of its entry, and its moment.
    Played(i64, Timestamp),
    Timer(TimerName, Timestamp),
    Act(Act),
    /// Request of a device: an act to the game, but none that an operator could undo.
    Asked(Act),
    /// Outage of the core, during which no timer ran.
    Resumed(Duration),
}

/// Converts a journal entry to the cause that is applied to its session, under revision `rules` of the rules; `None`
/// for kinds that do not reach a game.
///
/// # Errors
/// Returns what is wrong with the body of the entry.
pub(in crate::engine) fn cause_of(entry: &Entry, rules: u16) -> Result<Option<Cause>, String> {
    let body = || entry.body.clone();
    let read = |error: serde_json::Error| error.to_string();
    let slot = || entry.slot.clone().ok_or_else(|| "it has no slot".to_owned());
    Ok(Some(match entry.kind {
        Kind::Event => {
            let event: Event = serde_json::from_value(body()).map_err(read)?;
            Cause::Input(input_of(entry.id, entry.at, slot()?, event, rules))
        }
        Kind::Vote => {
            let vote: NightVote = serde_json::from_value(body()).map_err(read)?;
            Cause::Input(choice_of(entry.id, entry.at, slot()?, &vote))
        }
        Kind::Act => Cause::Act(serde_json::from_value(body()).map_err(read)?),
        Kind::Request => Cause::Asked(serde_json::from_value(body()).map_err(read)?),
        Kind::Status => match standing(&entry.body)? {
            Some(what) => Cause::Input(standing_of(entry.id, entry.at, slot()?, what)),
            None => return Ok(None),
        },
        Kind::Played => {
            let of = entry.body.get("entry").and_then(Value::as_i64);
            Cause::Played(of.ok_or_else(|| "it names no input".to_owned())?, moment(entry))
        }
        Kind::Timer => {
            let timer = entry.body.get("timer").cloned().unwrap_or_default();
            Cause::Timer(serde_json::from_value(timer).map_err(read)?, moment(entry))
        }
        Kind::Resumed => {
            let outage = entry.body.get("outage_us").and_then(Value::as_u64).unwrap_or(0);
            Cause::Resumed(Duration::from_micros(outage))
        }
        Kind::Result | Kind::Refused | Kind::Gap | Kind::Note => return Ok(None),
        // What followed from a cause follows from it again.
        Kind::Unreadable if entry.cause.is_some() => return Ok(None),
        Kind::Unreadable => {
            let why = entry.body.pointer("/why/en").and_then(Value::as_str);
            return Err(why.unwrap_or("it cannot be read").to_owned());
        }
    }))
}

/// Returns an entry's time in its session: `moment` if the entry was stored later than its moment, otherwise its own
/// time.
pub(in crate::engine) fn moment(entry: &Entry) -> Timestamp {
    let moment = entry.body.get("moment").and_then(Value::as_i64);
    moment.map_or(entry.at, Timestamp)
}

/// Uncertainty of an event without the core's time, before its arrival: a link that holds it back for longer is given
/// up, and the event is then marked as late.
const UNDATED: Duration = Duration::from_secs(30);
/// Uncertainty of an event without the core's time under the first revision of the rules.
const ARRIVAL: Duration = Duration::from_millis(250);
/// Uncertainty of a late event without the core's time, which an outage held back for an unknown time.
const LATE: Duration = Duration::from_secs(24 * 3600);

/// Converts an event to the input that its game gets. An event without a time, or with one in the future, gets that of
/// its arrival and a large uncertainty.
pub(in crate::engine) fn input_of(
    id: i64,
    now: Timestamp,
    slot: SlotId,
    event: Event,
    rules: u16,
) -> Input {
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

/// Converts a choice by name to the input that its game gets. It counts from its arrival, because the sender's clock
/// says nothing.
pub(in crate::engine) fn choice_of(
    id: i64,
    now: Timestamp,
    slot: SlotId,
    vote: &NightVote,
) -> Input {
    let what = InputData::Choice { step: vote.step, choice: vote.choice.clone() };
    exactly_now(id, now, slot, what)
}

fn exactly_now(id: i64, now: Timestamp, slot: SlotId, what: InputData) -> Input {
    Input { id, slot, what, at: now, unc_us: 0, now, late: false, overtaken: false, sim: false }
}

/// Parses the state of a slot or board from the body of a status entry; `None` for any other status.
pub(in crate::engine) fn standing(body: &Value) -> Result<Option<InputData>, String> {
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

/// Builds the input that tells a game about the state of a slot or board, dated when the core learnt it.
pub(in crate::engine) fn standing_of(
    id: i64,
    now: Timestamp,
    slot: SlotId,
    what: InputData,
) -> Input {
    exactly_now(id, now, slot, what)
}

/// Converts a tag of the old contract to an event.
pub(in crate::engine) fn tag_event(uid: String) -> Option<Event> {
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
