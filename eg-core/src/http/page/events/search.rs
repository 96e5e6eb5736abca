//! Search through the journal's entries: in words, or as they stand there.

use super::fields::fields;
use super::list::cells;
use super::raw::raw;
use super::rows::{EventFilter, EventRow, REFUSED, RowGroup, rows};
use crate::http::access::VIEWER;
use crate::http::caller::Caller;
use crate::http::context::{Context, read};
use crate::http::locale::{Locale, remember};
use crate::http::page::door::Route;
use crate::http::page::glance::still_page;
use crate::http::page::text::Localizer;
use crate::http::problem::Problem;
use crate::journal::{JournalError, Reader, Redacted};
use axum::extract::{Query, State};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use eg_proto::{RoomId, SlotId};
use maud::{Markup, html};
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};

/// Number of rows that are enough for a page.
const ENOUGH: usize = 100;
/// Number of entries that are read at a time, and how often that is done for one page.
const BATCH: usize = 1_000;
const BATCHES: usize = 10;

/// Events that are asked for, as an address tells them. A field that is empty says nothing.
#[derive(Debug, Deserialize)]
struct EventQuery {
    slot: Option<String>,
    kind: Option<String>,
    room: Option<String>,
    /// Number before which the page begins.
    before: Option<i64>,
    /// `raw` for entries as they stand in the journal.
    view: Option<String>,
}

impl EventQuery {
    /// Returns the filter, without what it cannot mean.
    fn filter(&self) -> EventFilter {
        let name = |field: &Option<String>| field.clone().filter(|name| SlotId::new(name).is_ok());
        let known = |kind: &String| {
            kind == REFUSED || RowGroup::ALL.iter().any(|group| group.word() == kind)
        };
        let kind = self.kind.clone().filter(known);
        EventFilter { slot: name(&self.slot), kind, room: name(&self.room) }
    }
}

pub(in crate::http::page) fn table() -> [Route; 1] {
    [("/events", VIEWER, get(show))]
}

/// Returns the address of events from an entry on, in words or raw.
fn address(filter: &EventFilter, before: Option<i64>, is_raw: bool) -> String {
    let fields = [("slot", &filter.slot), ("kind", &filter.kind), ("room", &filter.room)];
    let said =
        fields.into_iter().filter_map(|(name, field)| Some(format!("{name}={}", field.as_ref()?)));
    let raw = is_raw.then(|| "view=raw".to_owned());
    let before = before.map(|before| format!("before={before}"));
    let all: Vec<_> = said.chain(raw).chain(before).collect();
    if all.is_empty() { "/events".to_owned() } else { format!("/events?{}", all.join("&")) }
}

/// Entries that were found, and where the search goes on.
struct Found {
    /// Batches of entries, the latest first; in each the oldest first.
    batches: Vec<Vec<Redacted>>,
    /// Rooms of the sessions among them.
    rooms: BTreeMap<i64, String>,
    /// Number of the first entry that was read, if there may be more before it.
    before: Option<i64>,
}

async fn show(
    State(context): State<Context>,
    caller: Caller,
    Query(asked): Query<EventQuery>,
    Locale(lang): Locale,
) -> Result<Response, Problem> {
    let (filter, is_raw) = (asked.filter(), asked.view.as_deref() == Some("raw"));
    let from = asked.before.unwrap_or(i64::MAX);
    let state = context.handle.state();
    let slots: Vec<&str> = state.slots.keys().map(SlotId::as_str).collect();
    let names: Vec<&str> = state.rooms.keys().map(RoomId::as_str).collect();
    let homes = state
        .rooms
        .iter()
        .flat_map(|(room, it)| it.slots.iter().map(|slot| (slot.clone(), room.to_string())));
    let homes: BTreeMap<SlotId, String> = homes.collect();
    let (fits, of) = (filter.clone(), homes.clone());
    let found = read(&context, move |journal| find(journal, &fits, from, &of)).await?;
    let voice = Localizer { words: &context.words, lang, names: &state.names };
    let rows: Vec<EventRow<'_>> =
        found.batches.iter().flat_map(|batch| rows(batch).into_iter().rev()).collect();
    let rows: Vec<_> = rows
        .into_iter()
        .filter(|row| filter.fits(row, room_of(row, &found.rooms, &homes)))
        .collect();
    let main = html! {
        section.card aria-label=(voice.say("events")) {
            h2 { (voice.say("events")) }
            form.filters method="get" action="/events" role="search" {
                (fields(voice, &filter, &slots, &names))
                @if is_raw { input type="hidden" name="view" value="raw"; }
                button.main type="submit" { (voice.say("past-show")) }
            }
            p.row {
                @let other = if is_raw { "events-in-words" } else { "events-raw" };
                a.button #view href=(address(&filter, asked.before, !is_raw)) { (voice.say(other)) }
            }
            @if rows.is_empty() { p.soft { (voice.say("events-none-fit")) } }
            ol.log.told.whole {
                @for row in &rows {
                    li id=(format!("entry-{}", row.entry.id)) { (line(voice, row, is_raw)) }
                }
            }
            p.row {
                @if asked.before.is_some() { a href=(address(&filter, None, is_raw)) { (voice.say("events-newest")) } }
                @if let Some(before) = found.before {
                    a href=(address(&filter, Some(before), is_raw)) data-key="ArrowRight" { (voice.say("events-older")) }
                }
            }
        }
    };
    let page = still_page(&context, lang, &caller, &voice.say("events"), &main);
    Ok((remember(lang), page).into_response())
}

/// Reads entries backwards until enough rows fit; at most 10,000.
fn find(
    journal: &Reader,
    filter: &EventFilter,
    from: i64,
    homes: &BTreeMap<SlotId, String>,
) -> Result<Found, JournalError> {
    let mut found = Found { batches: Vec::new(), rooms: BTreeMap::new(), before: Some(from) };
    let mut count = 0;
    while let Some(before) = found.before
        && count < ENOUGH
        && found.batches.len() < BATCHES
    {
        // Without a filter a page of entries is enough.
        let size = if filter.is_empty() { 2 * ENOUGH } else { BATCH };
        let entries = journal.redacted(journal.entries_before(before, size)?)?;
        found.before = entries.first().filter(|_| entries.len() == size).map(|first| first.id);
        let sessions: BTreeSet<i64> = entries.iter().filter_map(|entry| entry.session).collect();
        for session in sessions {
            if !found.rooms.contains_key(&session)
                && let Some(row) = journal.session(session)?
            {
                found.rooms.insert(session, row.room);
            }
        }
        let fits = |row: &EventRow<'_>| filter.fits(row, room_of(row, &found.rooms, homes));
        count += rows(&entries).iter().filter(|row| fits(row)).count();
        found.batches.push(entries);
    }
    Ok(found)
}

fn room_of<'a>(
    row: &EventRow<'_>,
    sessions: &'a BTreeMap<i64, String>,
    homes: &'a BTreeMap<SlotId, String>,
) -> Option<&'a str> {
    let of_session = row.entry.session.and_then(|session| sessions.get(&session));
    let of_slot = || row.entry.slot.as_ref().and_then(|slot| homes.get(slot));
    of_session.or_else(of_slot).map(String::as_str)
}

/// Renders a row in words, or its entries as they stand in the journal.
fn line(voice: Localizer<'_>, row: &EventRow<'_>, is_raw: bool) -> Markup {
    if !is_raw {
        return cells(voice, row);
    }
    let entries = [Some(row.entry), row.release, row.refused];
    html! {
        time.soft data-at=(row.entry.at.0 / 1_000) {}
        span {
            @for entry in entries.into_iter().flatten() {
                p.mono {
                    (entry.id) " " strong { (voice.say(&format!("kind-{}", entry.kind.word()))) }
                    @if let Some(slot) = &entry.slot { " " (slot) }
                    " " (raw(voice, entry))
                }
            }
        }
    }
}
