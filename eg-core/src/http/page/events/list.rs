//! List of the latest events, newest first.

use super::fields::fields;
use super::rows::{EventFilter, EventRow, REFUSED, rows};
use super::sentence::{Sentence, refusal, tell};
use crate::engine::read_model::ReadModel;
use crate::http::page::text::Localizer;
use crate::journal::{Kind, Redacted};
use eg_proto::RoomId;
use maud::{Markup, html};

/// Renders the list of the latest entries and each of its rows, by the id of the element they stand in: only rows that are
/// new, or have become others, are sent. `recent` is oldest first.
///
/// The page of one room, `only`, shows what happened there, and what happened in no room.
pub(in crate::http::page) fn parts(
    voice: Localizer<'_>,
    state: &ReadModel,
    only: Option<&RoomId>,
    recent: &[Redacted],
) -> Vec<(String, Markup)> {
    let fits = |row: &EventRow<'_>| {
        let of_nobody = row.entry.session.is_none() && row.entry.slot.is_none();
        only.is_none_or(|only| of_nobody || room_of(state, row.entry) == Some(only))
    };
    let rows: Vec<_> = rows(recent).into_iter().filter(fits).collect();
    let id = |row: &EventRow<'_>| format!("entry-{}", row.entry.id);
    let list = html! {
        @if rows.is_empty() { p.soft { (voice.say("events-none")) } }
        ol.log.told { @for row in rows.iter().rev() { li id=(id(row)) data-part {} } }
    };
    let filled = rows.iter().rev().map(|row| {
        let group = row.group().word();
        let group = if row.is_refused() { format!("{group} {REFUSED}") } else { group.to_owned() };
        let slot = row.entry.slot.as_ref().map(eg_proto::SlotId::as_str);
        let room = room_of(state, row.entry).map(RoomId::as_str);
        let cells = cells(voice, row);
        (
            id(row),
            html! { div.part data-group=(group) data-slot=[slot] data-room=[room] { (cells) } },
        )
    });
    std::iter::once(("events".to_owned(), list)).chain(filled).collect()
}

/// Renders the filter of the list, which hides rows as they come, and leads to the search with the same fields.
pub(in crate::http::page) fn filter(voice: Localizer<'_>, state: &ReadModel) -> Markup {
    let asked = EventFilter::default();
    let slots: Vec<&str> = state.slots.keys().map(eg_proto::SlotId::as_str).collect();
    let rooms: Vec<&str> = state.rooms.keys().map(RoomId::as_str).collect();
    html! {
        form #events-filter .filters method="get" action="/events" role="search" {
            (fields(voice, &asked, &slots, &rooms))
            div.row {
                button #events-pause type="button" aria-pressed="false" { (voice.say("events-pause")) }
                button.quiet type="submit" { (voice.say("events-search")) }
            }
        }
        p #events-unfit .soft hidden { (voice.say("events-unfit")) }
    }
}

/// Renders the cells of a row: time, and the sentence with what came of it.
pub(super) fn cells(voice: Localizer<'_>, row: &EventRow<'_>) -> Markup {
    let Sentence { who, words } = tell(voice, row);
    let refused = row.refused.map(|refused| refusal(voice, refused));
    html! {
        time.soft data-at=(row.entry.at.0 / 1_000) data-keep {}
        span {
            @if !who.is_empty() { strong { (who) } " " }
            span.(tone(row.entry.kind)) { (words) }
            @if let Some(refused) = refused { " · " span.warn { (refused) } }
            @if row.counted() { " · " span.good { (voice.say("event-counted")) } }
        }
    }
}

/// Returns the style for entries of a kind.
pub(in crate::http::page) fn tone(kind: Kind) -> &'static str {
    match kind {
        Kind::Refused | Kind::Gap | Kind::Resumed | Kind::Unreadable => "warn",
        Kind::Result => "good",
        Kind::Act
        | Kind::Request
        | Kind::Event
        | Kind::Vote
        | Kind::Played
        | Kind::Timer
        | Kind::Status
        | Kind::Note => "plain",
    }
}

/// Returns the room of an entry: that of its session, or the one where its slot stands.
fn room_of<'a>(state: &'a ReadModel, entry: &Redacted) -> Option<&'a RoomId> {
    let mut rooms = state.rooms.iter();
    let found = match (entry.session, &entry.slot) {
        (Some(session), _) => {
            rooms.find(|(_, room)| room.session.as_ref().is_some_and(|it| it.id == session))
        }
        (None, Some(slot)) => rooms.find(|(_, room)| room.slots.contains(slot)),
        (None, None) => None,
    };
    found.map(|(room, _)| room)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::read_model::Room;
    use crate::http::page::text::words;
    use crate::journal::Entry;
    use crate::names::Names;
    use eg_page::{Lang, Parts};
    use eg_proto::Timestamp;
    use serde_json::json;

    fn event(id: i64, slot: &str, kind: &str) -> Redacted {
        let body = json!({ "device": "panel", "input": "b", "kind": kind });
        let (kind, slot, session, cause) = (Kind::Event, slot.parse().ok(), None, None);
        let (at, choice) = (Timestamp(id * 300_000), Vec::new());
        Redacted::of(&Entry { id, at, kind, slot, session, cause, body, choice }, None)
    }

    #[test]
    fn the_page_of_a_room_shows_what_happened_there_alone() {
        let words = words().unwrap();
        let voice = Localizer { words: &words, lang: Lang::En, names: Names::none() };
        let room = |slot: &str| Room { slots: vec![slot.parse().unwrap()], ..Room::default() };
        let [main, crypt]: [RoomId; 2] = ["main", "crypt"].map(|room| room.parse().unwrap());
        let rooms = [(main, room("slot-01")), (crypt.clone(), room("slot-02"))].into();
        let state = ReadModel { rooms, ..ReadModel::default() };
        let entries = [event(1, "slot-01", "press"), event(2, "slot-02", "press")];

        let shown = parts(voice, &state, Some(&crypt), &entries);

        let ids: Vec<_> = shown.iter().map(|(id, _)| id.as_str()).collect();
        assert_eq!(ids, ["events", "entry-2"]);
    }

    #[test]
    fn only_rows_that_are_new_or_have_become_others_are_sent() {
        let words = words().unwrap();
        let voice = Localizer { words: &words, lang: Lang::En, names: Names::none() };
        let state = ReadModel::default();
        let entries = [
            event(1, "slot-01", "press"),
            event(2, "slot-02", "press"),
            event(3, "slot-03", "press"),
            event(4, "slot-01", "release"),
        ];
        let shown = |count: usize| parts(voice, &state, None, &entries[..count]);
        let sent = |before: &Parts, after: &Parts| {
            let changes = after.since(Some(before.mark())).unwrap();
            changes.parts.into_iter().map(|part| (part.id, part.html)).collect::<Vec<_>>()
        };
        let two = Parts::new(shown(2));
        let three = two.next(shown(3)).unwrap();
        let four = three.next(shown(4)).unwrap();

        let (press, release) = (sent(&two, &three), sent(&three, &four));

        assert_eq!(
            press.iter().map(|(id, _)| id.as_str()).collect::<Vec<_>>(),
            ["events", "entry-3"]
        );
        assert!(!press[0].1.contains("pressed"), "the list names its rows: {}", press[0].1);
        assert_eq!(release.len(), 1);
        assert_eq!(release[0].0, "entry-1");
        assert!(release[0].1.contains("pressed b for 0.9"), "{}", release[0].1);
    }
}
