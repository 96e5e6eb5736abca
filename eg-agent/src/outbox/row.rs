//! An event before and after it has its number.

use crate::core_clock::{CoreClock, Taken};
use crate::normalize::Action;
use eg_hal::Moment;
use eg_proto::{Boot, DeviceName, Event, EventKind, EventTime, InputName, Source};
use std::time::Duration;

/// Event that happened and is not numbered yet.
#[derive(Clone, Debug, PartialEq)]
pub struct Draft {
    /// Name of the board.
    pub device: DeviceName,
    /// Name of the input on it.
    pub input: InputName,
    /// Kind of event.
    pub kind: EventKind,
    /// Time at which it happened, on the slot's clock.
    pub at: Moment,
    /// The true moment lies within ± this many microseconds.
    pub unc_us: u64,
    /// Source of the stamp.
    pub src: Source,
    /// `true` from a simulated device.
    pub sim: bool,
}

impl Draft {
    /// Makes a draft of what happened at an input of `device`.
    pub(crate) fn new(device: DeviceName, action: Action, sim: bool) -> Self {
        let Action { input, kind, at, unc_us, src } = action;
        Self { device, input, kind, at, unc_us, src, sim }
    }
}

/// A numbered event on its way to the core.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// Place among all rows of this outbox; a later row has a higher one.
    pub id: i64,
    /// The agent's start that numbered it.
    pub boot: Boot,
    /// Number within that start, from 1.
    pub seq: u64,
    /// The event as JSON.
    pub json: String,
    /// Waited through an outage, or was sent before.
    pub late: bool,
    /// The tag it tells of, while that is fresh: for those who listen to `input/rfid`.
    pub tag: Option<String>,
    /// Moment of the event by the slot's clock, as long as that can be put in the core's.
    pub(super) taken: Option<Taken>,
}

impl Row {
    pub(super) fn new(id: i64, event: &Event, taken: Taken) -> Self {
        let tag = if let EventKind::Tag { uid } = &event.kind { Some(uid.clone()) } else { None };
        let json = String::from_utf8_lossy(&eg_proto::encode(event)).into_owned();
        let (boot, seq) = (event.boot, event.seq);
        Self { id, boot, seq, json, late: false, tag, taken: Some(taken) }
    }

    /// Returns the time from the event to `now`, as long as that is known.
    pub(crate) fn age(&self, clock: &CoreClock, now: Moment) -> Option<Duration> {
        let taken = self.taken?;
        Some(clock.take(now, 0, taken.src).at.since(taken.at))
    }

    /// Says in the JSON that it is late. Names hold no quotes, so the first such field is the event's own.
    pub(super) fn mark_late(&mut self) {
        if !self.late {
            self.late = true;
            self.tag = None;
            self.json = self.json.replacen("\"late\":false", "\"late\":true", 1);
        }
    }

    /// Writes the time into the JSON: when none stands there, or one by the clock of another core than `core`.
    pub(super) fn date(&mut self, core: Option<Boot>, time: impl FnOnce(Taken) -> EventTime) {
        const OPEN: &str = "\"t\":";
        let Some(taken) = self.taken else { return };
        let Some(start) = self.json.find(OPEN).map(|at| at + OPEN.len()) else { return };
        let Some(end) = self.json[start..].find('}').map(|end| start + end + 1) else { return };
        let known = eg_proto::decode::<EventTime>(&self.json.as_bytes()[start..end]);
        if known.is_ok_and(|t| t.core_us.is_some() && t.core == core) {
            return;
        }
        let t = time(taken);
        if t.core_us.is_some() {
            let text = String::from_utf8_lossy(&eg_proto::encode(&t)).into_owned();
            self.json.replace_range(start..end, &text);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use eg_proto::{Timestamp, decode};

    fn row(text: &str) -> Row {
        let event = Event {
            boot: Boot(ulid::Ulid(1)),
            seq: 3,
            device: DeviceName::new("reader").unwrap(),
            input: InputName::new("late").unwrap(),
            kind: EventKind::Line { text: text.to_owned() },
            t: at(None, None),
            late: false,
            sim: true,
        };
        Row::new(9, &event, Taken { at: Moment(77), unc_us: 5, src: Source::Poll })
    }

    fn at(core_us: Option<i64>, core: Option<u128>) -> EventTime {
        let core = core.map(|core| Boot(ulid::Ulid(core)));
        EventTime { core_us: core_us.map(Timestamp), unc_us: 9, src: Source::Poll, core }
    }

    #[test]
    fn says_late_in_the_event_and_not_in_its_text() {
        let mut row = row(r#"x","late":false,"t":{}"#);

        row.mark_late();

        let event: Event = decode(row.json.as_bytes()).unwrap();
        assert!(event.late);
        assert_eq!(event.kind, EventKind::Line { text: r#"x","late":false,"t":{}"#.to_owned() });
    }

    fn dated(row: &mut Row, core: Option<u128>, core_us: Option<i64>) -> EventTime {
        let t = at(core_us, core);
        row.date(t.core, |_| t);
        decode::<Event>(row.json.as_bytes()).unwrap().t
    }

    #[test]
    fn is_dated_once_the_clock_is_known() {
        let mut row = row("x");

        let before = dated(&mut row, None, None);
        let after = dated(&mut row, None, Some(1_000));
        let again = dated(&mut row, None, Some(2_000));

        assert_eq!(before.core_us, None);
        assert_eq!((after, again), (at(Some(1_000), None), after));
    }

    #[test]
    fn is_dated_again_by_the_clock_of_another_core() {
        let mut row = row("x");
        dated(&mut row, Some(1), Some(1_000));

        let unknown = dated(&mut row, Some(2), None);
        let other = dated(&mut row, Some(2), Some(5_000_000));
        let event: Event = decode(row.json.as_bytes()).unwrap();

        assert_eq!(unknown, at(Some(1_000), Some(1)), "the core tells that it is not of its clock");
        assert_eq!(other, at(Some(5_000_000), Some(2)));
        assert!(!event.late && event.sim);
    }
}
