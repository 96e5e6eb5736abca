//! `--events`: each event of the slots on a line of standard output, as it happens.

use crate::pairing::Admission;
use crate::slot::SlotState;
use eg_proto::{Event, SlotId, encode};
use serde::Serialize;
use serde_json::{Value, json};
use std::io::{self, Write};
use std::sync::mpsc::{SyncSender, sync_channel};
use std::thread::JoinHandle;
use tokio::runtime::Handle;
use tokio::sync::watch;

/// Events that wait to be printed, at most; more are counted in the log and not printed.
const WAITING: usize = 1_024;

/// Form of an event's line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum EventFormat {
    /// `slot-01 #2 panel/a press`, and behind it what the kind carries; `slot-01 waiting, code ABC-DEF` for its standing.
    Text,
    /// The event as it goes to the core, with its `slot`; `slot`, `admission` and `code` for its standing.
    Json,
}

#[derive(Serialize)]
struct JsonLine<'a> {
    slot: &'a SlotId,
    #[serde(flatten)]
    event: &'a Event,
}

/// Starts the thread that prints the events of a slot. It ends when the sender is dropped, or when nobody reads the
/// output any more.
///
/// # Errors
/// When the system has no thread left.
pub(super) fn print(
    slot: SlotId,
    format: EventFormat,
) -> io::Result<(SyncSender<Event>, JoinHandle<()>)> {
    let (events, happened) = sync_channel(WAITING);
    let print = move || {
        for event in happened {
            let mut out = io::stdout().lock();
            let written = writeln!(out, "{}", line(&slot, &event, format));
            if let Err(error) = written.and_then(|()| out.flush()) {
                tracing::warn!(%error, "events are not printed any more");
                return;
            }
        }
    };
    Ok((events, std::thread::Builder::new().name("events".to_owned()).spawn(print)?))
}

/// Starts the thread that prints how the slot stands with its broker, each time that changes. It ends with the slot, or
/// when nobody reads the output any more.
///
/// # Errors
/// When the system has no thread left.
pub(super) fn print_admission(
    slot: SlotId,
    mut state: watch::Receiver<SlotState>,
    runtime: Handle,
    format: EventFormat,
) -> io::Result<()> {
    let print = move || {
        let mut told = Admission::default();
        loop {
            let now = state.borrow_and_update().admission.clone();
            if now != told {
                let mut out = io::stdout().lock();
                let line = admission_line(&slot, &now, format);
                if writeln!(out, "{line}").and_then(|()| out.flush()).is_err() {
                    return;
                }
                told = now;
            }
            if runtime.block_on(state.changed()).is_err() {
                return;
            }
        }
    };
    std::thread::Builder::new().name("admission".to_owned()).spawn(print).map(drop)
}

fn admission_line(slot: &SlotId, admission: &Admission, format: EventFormat) -> String {
    let (word, code) = (admission.word(), admission.code());
    match (format, code) {
        (EventFormat::Json, _) => {
            json!({ "slot": slot, "admission": word, "code": code }).to_string()
        }
        (EventFormat::Text, Some(code)) => format!("{slot} {word}, code {code}"),
        (EventFormat::Text, None) => format!("{slot} {word}"),
    }
}

fn line(slot: &SlotId, event: &Event, format: EventFormat) -> String {
    if format == EventFormat::Json {
        return String::from_utf8_lossy(&encode(&JsonLine { slot, event })).into_owned();
    }
    let Event { seq, device, input, kind, .. } = event;
    let mut line = format!("{slot} #{seq} {device}/{input} {}", kind.name());
    let json = serde_json::to_value(event).unwrap_or_default();
    if let Some(Value::Object(data)) = json.get("data") {
        data.iter().for_each(|(field, value)| line.push_str(&format!(" {field}={value}")));
    }
    line
}

#[cfg(test)]
mod tests {
    use super::*;
    use eg_proto::{Boot, EventKind, EventTime, Source};

    fn event(kind: EventKind) -> Event {
        let t = EventTime { core_us: None, unc_us: 5, src: Source::Synthetic, core: None };
        let (device, input) = ("panel".parse().unwrap(), "a".parse().unwrap());
        Event { boot: Boot(ulid::Ulid(1)), seq: 7, device, input, kind, t, late: false, sim: true }
    }

    #[test]
    fn a_line_names_slot_number_input_and_kind_and_what_it_carries() {
        let slot = SlotId::new("slot-01").unwrap();
        let value = EventKind::Value { v: 0.5, min: 0.0, max: 1.0, unit: String::new() };

        let lines = [EventKind::Press, EventKind::Tag { uid: "04A3".to_owned() }, value]
            .map(|kind| line(&slot, &event(kind), EventFormat::Text));

        assert_eq!(lines[0], "slot-01 #7 panel/a press");
        assert_eq!(lines[1], "slot-01 #7 panel/a tag uid=\"04A3\"");
        assert_eq!(lines[2], "slot-01 #7 panel/a value max=1.0 min=0.0 unit=\"\" v=0.5");
    }

    #[test]
    fn a_line_tells_how_the_slot_stands_with_its_broker() {
        let slot = SlotId::new("slot-01").unwrap();
        let waiting = Admission::Waiting { code: "ABC-DEF".to_owned() };

        let text = [&waiting, &Admission::Admitted]
            .map(|admission| admission_line(&slot, admission, EventFormat::Text));
        let json = admission_line(&slot, &waiting, EventFormat::Json);

        assert_eq!(text, ["slot-01 waiting, code ABC-DEF", "slot-01 admitted"]);
        let json: Value = serde_json::from_str(&json).unwrap();
        assert_eq!(json, json!({ "slot": "slot-01", "admission": "waiting", "code": "ABC-DEF" }));
    }

    #[test]
    fn a_line_of_json_is_the_event_of_the_wire_with_its_slot() {
        let slot = SlotId::new("slot-01").unwrap();
        let press = event(EventKind::Press);

        let line = line(&slot, &press, EventFormat::Json);

        let json: Value = serde_json::from_str(&line).unwrap();
        assert_eq!(json["slot"], "slot-01");
        assert_eq!(serde_json::from_value::<Event>(json).unwrap(), press);
    }
}
