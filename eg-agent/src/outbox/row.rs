//! An event before and after it has its number.

use eg_hal::Moment;
use eg_proto::{Boot, DeviceName, Event, EventKind, EventTime, InputName, Source};

/// Something that happened, not numbered yet.
#[derive(Clone, Debug, PartialEq)]
pub struct Draft {
    /// Which board.
    pub device: DeviceName,
    /// Which input of it.
    pub input: InputName,
    /// What happened.
    pub kind: EventKind,
    /// When, in the slot's clock.
    pub at: Moment,
    /// The true moment lies within ± this many microseconds.
    pub unc_us: u64,
    /// What stamped it.
    pub src: Source,
    /// From a simulated device.
    pub sim: bool,
}

/// A numbered event on its way to the core.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// Its place among all rows of this outbox; a later row has a higher one.
    pub id: i64,
    /// The agent's start that numbered it.
    pub boot: Boot,
    /// Its number within that start, from 1.
    pub seq: u64,
    /// The event as JSON.
    pub json: String,
    /// Waited through an outage, or was sent before.
    pub late: bool,
    /// The tag it tells of, while that is fresh: for those who listen to `input/rfid`.
    pub tag: Option<String>,
    /// Set while its time in the core's clock is unknown: its time in the slot's.
    pub(super) unsynced: Option<Unsynced>,
}

/// What is needed to date an event later.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Unsynced {
    pub(super) at: Moment,
    pub(super) unc_us: u64,
    pub(super) src: Source,
}

impl Row {
    pub(super) fn new(id: i64, boot: Boot, seq: u64, draft: Draft, t: EventTime) -> Self {
        let Draft { device, input, kind, at, unc_us, src, sim } = draft;
        let tag = if let EventKind::Tag { uid } = &kind { Some(uid.clone()) } else { None };
        let unsynced = t.core_us.is_none().then_some(Unsynced { at, unc_us, src });
        let event = Event { boot, seq, device, input, kind, t, late: false, sim };
        let json = String::from_utf8_lossy(&eg_proto::encode(&event)).into_owned();
        Self { id, boot, seq, json, late: false, tag, unsynced }
    }

    /// Says in the JSON that it is late. Names hold no quotes, so the first such field is the event's own.
    pub(super) fn mark_late(&mut self) {
        if !self.late {
            self.late = true;
            self.tag = None;
            self.json = self.json.replacen("\"late\":false", "\"late\":true", 1);
        }
    }

    /// Writes the time into the JSON once it is known.
    pub(super) fn date(&mut self, time: impl FnOnce(Unsynced) -> EventTime) {
        const OPEN: &str = "\"t\":";
        let Some(unsynced) = self.unsynced else { return };
        let t = time(unsynced);
        let Some(start) = self.json.find(OPEN).map(|at| at + OPEN.len()) else { return };
        let Some(length) = self.json[start..].find('}').map(|end| end + 1) else { return };
        if t.core_us.is_some() {
            let text = String::from_utf8_lossy(&eg_proto::encode(&t)).into_owned();
            self.json.replace_range(start..start + length, &text);
            self.unsynced = None;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use eg_proto::{Timestamp, decode};

    fn row(text: &str) -> Row {
        let draft = Draft {
            device: DeviceName::new("reader").unwrap(),
            input: InputName::new("late").unwrap(),
            kind: EventKind::Line { text: text.to_owned() },
            at: Moment(77),
            unc_us: 5,
            src: Source::Poll,
            sim: true,
        };
        let t = EventTime { core_us: None, unc_us: 5, src: Source::Poll };
        Row::new(9, Boot(ulid::Ulid(1)), 3, draft, t)
    }

    #[test]
    fn says_late_in_the_event_and_not_in_its_text() {
        let mut row = row(r#"x","late":false,"t":{}"#);

        row.mark_late();

        let event: Event = decode(row.json.as_bytes()).unwrap();
        assert!(event.late);
        assert_eq!(event.kind, EventKind::Line { text: r#"x","late":false,"t":{}"#.to_owned() });
    }

    #[test]
    fn is_dated_once_the_clock_is_known() {
        let mut row = row("x");
        let known = EventTime { core_us: Some(Timestamp(1_000)), unc_us: 9, src: Source::Poll };

        row.date(|unsynced| EventTime {
            core_us: None,
            unc_us: unsynced.unc_us,
            src: unsynced.src,
        });
        let before: Event = decode(row.json.as_bytes()).unwrap();
        row.date(|_| known);
        let after: Event = decode(row.json.as_bytes()).unwrap();

        assert_eq!(before.t.core_us, None);
        assert_eq!((after.t, after.late, after.sim), (known, false, true));
    }
}
