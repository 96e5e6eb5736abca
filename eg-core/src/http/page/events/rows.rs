//! Rows of the list of events: what belongs together is one row. A press with its release, an input with its refusal,
//! and with its turn when it was held back.

use crate::journal::{Kind, Redacted};
use serde_json::Value;
use std::collections::HashMap;

/// Row of the list: an entry, and what came of it.
#[derive(Clone, Copy, Debug)]
pub(super) struct EventRow<'a> {
    /// Entry that the row tells.
    pub(super) entry: &'a Redacted,
    /// Release of the press that the row tells.
    pub(super) release: Option<&'a Redacted>,
    /// Refusal of what the row tells.
    pub(super) refused: Option<&'a Redacted>,
}

/// Events that are asked for: everything that is named must fit.
#[derive(Clone, Debug, Default)]
pub(super) struct EventFilter {
    pub(super) slot: Option<String>,
    /// Group of rows, or [`REFUSED`].
    pub(super) kind: Option<String>,
    pub(super) room: Option<String>,
}

impl EventFilter {
    /// Returns `true` if a row of this room fits.
    pub(super) fn fits(&self, row: &EventRow<'_>, room: Option<&str>) -> bool {
        let slot = row.entry.slot.as_ref().map(eg_proto::SlotId::as_str);
        let is_of =
            |asked: &str| row.group().word() == asked || asked == REFUSED && row.is_refused();
        self.slot.as_deref().is_none_or(|asked| slot == Some(asked))
            && self.room.as_deref().is_none_or(|asked| room == Some(asked))
            && self.kind.as_deref().is_none_or(is_of)
    }

    /// Returns `true` if every row fits.
    pub(super) fn is_empty(&self) -> bool {
        self.slot.is_none() && self.kind.is_none() && self.room.is_none()
    }
}

/// Part of the room that a row is about, by which rows are filtered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum RowGroup {
    /// Inputs of players.
    Inputs,
    /// Acts of the operator and requests of devices.
    Acts,
    /// Words of games: results, notes, timers.
    Game,
    /// Changes of slots and boards.
    Slots,
}

impl RowGroup {
    /// Every group.
    pub(super) const ALL: [Self; 4] = [Self::Inputs, Self::Acts, Self::Game, Self::Slots];

    /// Returns the word for this group in addresses and on pages.
    pub(super) fn word(self) -> &'static str {
        match self {
            Self::Inputs => "inputs",
            Self::Acts => "acts",
            Self::Game => "game",
            Self::Slots => "slots",
        }
    }

    fn of(entry: &Redacted) -> Self {
        match entry.kind {
            Kind::Event
                if matches!(text(entry, "kind"), Some("fault" | "recovered" | "snapshot")) =>
            {
                Self::Slots
            }
            Kind::Event | Kind::Vote | Kind::Played => Self::Inputs,
            Kind::Refused if entry.cause.is_some() => Self::Inputs,
            Kind::Act | Kind::Request => Self::Acts,
            Kind::Timer | Kind::Resumed | Kind::Result | Kind::Note | Kind::Refused => Self::Game,
            Kind::Status if entry.slot.is_none() => Self::Game,
            Kind::Gap | Kind::Status | Kind::Unreadable => Self::Slots,
        }
    }
}

/// Word of the filter for what was not taken, whatever it is.
pub(super) const REFUSED: &str = "refused";

impl EventRow<'_> {
    /// Returns the group of the row.
    pub(super) fn group(&self) -> RowGroup {
        RowGroup::of(self.entry)
    }

    /// Returns `true` if what the row tells was not taken.
    pub(super) fn is_refused(&self) -> bool {
        self.refused.is_some() || self.entry.kind == Kind::Refused
    }

    /// Returns `true` if the row tells of a choice that a game took: of an input in a session that was not refused.
    pub(super) fn counted(&self) -> bool {
        let is_choice = match self.entry.kind {
            Kind::Vote => true,
            Kind::Event => !matches!(
                text(self.entry, "kind"),
                Some("release" | "snapshot" | "fault" | "recovered" | "hold" | "hold_end") | None
            ),
            Kind::Played
            | Kind::Act
            | Kind::Request
            | Kind::Timer
            | Kind::Resumed
            | Kind::Result
            | Kind::Refused
            | Kind::Gap
            | Kind::Status
            | Kind::Note
            | Kind::Unreadable => false,
        };
        is_choice && self.entry.session.is_some() && self.refused.is_none()
    }

    /// Returns the time between a press and its release, in µs.
    pub(super) fn held_us(&self) -> Option<i64> {
        let release = self.release?;
        let moment = |entry: &Redacted| entry.body.get("t")?.get("core_us")?.as_i64();
        let by_slot = moment(release).zip(moment(self.entry)).map(|(end, start)| end - start);
        let held = by_slot.unwrap_or(release.at.0 - self.entry.at.0);
        (held >= 0).then_some(held)
    }
}

/// Joins entries to rows; both are oldest first.
pub(super) fn rows(entries: &[Redacted]) -> Vec<EventRow<'_>> {
    let mut rows: Vec<EventRow<'_>> = Vec::new();
    // Row of each entry, by its number; and the row of each press that is not released yet, by its place.
    let (mut homes, mut pressed) = (HashMap::new(), HashMap::new());
    for entry in entries {
        let home = match entry.kind {
            Kind::Event if text(entry, "kind") == Some("release") => {
                let press: Option<usize> = pressed.remove(&place(entry));
                press.inspect(|row| rows[*row].release = Some(entry))
            }
            Kind::Refused => {
                let cause = entry.cause.and_then(|cause| homes.get(&cause).copied());
                let free = cause.filter(|row: &usize| rows[*row].refused.is_none());
                free.inspect(|row| rows[*row].refused = Some(entry))
            }
            Kind::Played => {
                let held = entry.body.get("entry").and_then(Value::as_i64);
                held.and_then(|held| homes.get(&held).copied())
            }
            Kind::Event
            | Kind::Vote
            | Kind::Act
            | Kind::Request
            | Kind::Timer
            | Kind::Resumed
            | Kind::Result
            | Kind::Gap
            | Kind::Status
            | Kind::Note
            | Kind::Unreadable => None,
        };
        let home = home.unwrap_or_else(|| {
            rows.push(EventRow { entry, release: None, refused: None });
            rows.len() - 1
        });
        homes.insert(entry.id, home);
        if entry.kind == Kind::Event && text(entry, "kind") == Some("press") {
            pressed.insert(place(entry), home);
        }
    }
    rows
}

/// Returns where an event happened: slot, board and input; without the input while that is secret.
fn place(entry: &Redacted) -> (Option<&str>, Option<&str>, Option<&str>) {
    let slot = entry.slot.as_ref().map(eg_proto::SlotId::as_str);
    (slot, text(entry, "device"), text(entry, "input"))
}

/// Returns a field of an entry that is text.
pub(super) fn text<'a>(entry: &'a Redacted, key: &str) -> Option<&'a str> {
    entry.body.get(key).and_then(Value::as_str)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::journal::Entry;
    use eg_proto::Timestamp;
    use serde_json::json;

    fn entry(id: i64, kind: Kind, cause: Option<i64>, body: Value) -> Redacted {
        let (slot, session) = ("slot-04".parse().ok(), None);
        let (at, choice) = (Timestamp(id * 100_000), Vec::new());
        Redacted::of(&Entry { id, at, kind, slot, session, cause, body, choice }, None)
    }

    fn event(id: i64, input: &str, kind: &str) -> Redacted {
        let t = json!({ "core_us": id * 200_000 });
        let body = json!({ "device": "panel", "input": input, "kind": kind, "t": t });
        entry(id, Kind::Event, None, body)
    }

    fn told(entries: &[Redacted]) -> Vec<(i64, Option<i64>, bool)> {
        let row = |row: &EventRow<'_>| (row.entry.id, row.held_us(), row.is_refused());
        rows(entries).iter().map(row).collect()
    }

    #[test]
    fn a_press_and_its_release_are_one_row_by_the_time_of_the_slot() {
        let entries = [
            event(1, "a", "press"),
            event(2, "b", "press"),
            event(3, "a", "release"),
            event(4, "b", "release"),
        ];

        assert_eq!(told(&entries), [(1, Some(400_000), false), (2, Some(400_000), false)]);
    }

    #[test]
    fn a_release_without_its_press_is_a_row_of_its_own() {
        let entries = [event(1, "a", "release"), event(2, "a", "press"), event(3, "b", "release")];

        assert_eq!(told(&entries), [(1, None, false), (2, None, false), (3, None, false)]);
    }

    #[test]
    fn a_refusal_stands_at_what_it_refuses_also_when_that_was_held_back() {
        let why = json!({ "why": { "fr": "trop tard", "en": "too late" } });
        let entries = [
            event(1, "a", "press"),
            entry(2, Kind::Played, None, json!({ "entry": 1 })),
            entry(3, Kind::Refused, Some(2), why.clone()),
            entry(4, Kind::Refused, Some(99), why),
        ];

        assert_eq!(told(&entries), [(1, None, true), (4, None, true)]);
    }
}
