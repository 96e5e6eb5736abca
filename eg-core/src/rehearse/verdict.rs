//! Checks that must hold at the end of every rehearsal.

use super::error::RehearseError;
use super::report::{Failure, Report};
use super::world::World;
use crate::engine::read_model::{Session, SessionStatus};
use crate::engine::replay;
use crate::journal::Kind;
use crate::journal::Reader;
use eg_proto::{Boot, SlotId};
use serde_json::Value;
use std::collections::BTreeMap;
use std::hash::{DefaultHasher, Hash, Hasher};

/// Number of entries that are read at a time.
const PAGE: usize = 2_000;

/// Ends the rehearsal, checks the journal and a restart, and returns the report.
pub(super) fn close(mut world: World) -> Result<Report, RehearseError> {
    let before = sessions(&mut world);
    let mut report = Report { seed: world.seed, played: world.played(), ..Report::default() };
    report.commands = world.commands;
    let mut failures = std::mem::take(&mut world.failures);

    for (room, session) in &before {
        if let SessionStatus::Failed(why) = &session.status {
            failures.push(end(format!("the game in {room} has failed: {why}")));
        }
    }
    let journal = Reader::open(world.folder().join("eg.db"))?;
    failures.extend(every_event_once(&world, &journal, &mut report)?);
    failures.extend(replays(&journal, &mut report)?);

    world.restart()?;
    let mut after = sessions(&mut world);
    for (room, session) in &mut after {
        if let Some(before) = before.get(room) {
            session.resumed = before.resumed;
        }
    }
    let json = |sessions| serde_json::to_value(sessions).unwrap_or_default();
    if let Some(place) = difference("", &json(&before), &json(&after)) {
        failures.push(end(format!("a core that starts again shows it otherwise: {place}")));
    }
    report.failures = failures;
    Ok(report)
}

/// Returns the first difference of two values, with its path.
fn difference(path: &str, one: &Value, other: &Value) -> Option<String> {
    let within = |key: String, a: Option<&Value>, b: Option<&Value>| {
        let nothing = Value::Null;
        difference(&format!("{path}/{key}"), a.unwrap_or(&nothing), b.unwrap_or(&nothing))
    };
    match (one, other) {
        (Value::Object(a), Value::Object(b)) => {
            a.keys().chain(b.keys()).find_map(|key| within(key.clone(), a.get(key), b.get(key)))
        }
        (Value::Array(a), Value::Array(b)) => (0..a.len().max(b.len()))
            .find_map(|place| within(place.to_string(), a.get(place), b.get(place))),
        (a, b) => (a != b).then(|| format!("{path} was {a} and is {b}")),
    }
}

fn end(what: String) -> Failure {
    Failure { at: None, line: None, what }
}

/// Returns the session of each room, as the core shows it.
fn sessions(world: &mut World) -> BTreeMap<String, Session> {
    let Some(state) = world.state() else { return BTreeMap::new() };
    let rooms = state.rooms.iter();
    rooms.filter_map(|(id, room)| Some((id.to_string(), room.session.clone()?))).collect()
}

/// Checks that each numbered event stands in the journal once, in order; counts entries and events.
fn every_event_once(
    world: &World,
    journal: &Reader,
    report: &mut Report,
) -> Result<Vec<Failure>, RehearseError> {
    let mut stored: BTreeMap<(SlotId, Boot), Vec<u64>> = BTreeMap::new();
    let mut last = 0;
    let mut digest = DefaultHasher::new();
    loop {
        let page = journal.entries(last, PAGE)?;
        let Some(end) = page.last() else { break };
        last = end.id;
        report.entries += page.len() as u64;
        for entry in &page {
            let body = entry.body.to_string();
            (entry.id, entry.at, entry.kind.word(), &entry.slot, body).hash(&mut digest);
        }
        for entry in page.into_iter().filter(|entry| entry.kind == Kind::Event) {
            let event = serde_json::from_value::<eg_proto::Event>(entry.body).ok();
            if let Some((slot, event)) = entry.slot.zip(event) {
                stored.entry((slot, event.boot)).or_default().push(event.seq);
            }
        }
    }
    report.fingerprint = format!("{:016x}", digest.finish());
    let mut failures = Vec::new();
    for seat in &world.seats {
        for (boot, numbered) in seat.numbered() {
            report.events += numbered;
            let slot = seat.slot.id();
            let found = stored.remove(&(slot.clone(), boot)).unwrap_or_default();
            if !found.iter().copied().eq(1..=numbered) {
                let what = format!("{slot} has numbered {numbered} events, stored are {found:?}");
                failures.push(end(what));
            }
        }
    }
    Ok(failures)
}

/// Checks that every session replays to what was recorded; counts the sessions.
fn replays(journal: &Reader, report: &mut Report) -> Result<Vec<Failure>, RehearseError> {
    let mut failures = Vec::new();
    for row in journal.sessions(PAGE)? {
        report.sessions += 1;
        if let Some(record) = journal.record(row.id)?
            && let Err(difference) = replay(&record)
        {
            failures.push(end(format!("session {} does not replay: {difference}", row.id)));
        }
    }
    Ok(failures)
}

#[cfg(test)]
mod tests {
    use super::difference;
    use serde_json::json;

    #[test]
    fn a_room_that_is_gone_and_a_word_that_is_another_are_differences() {
        let before = json!({ "main": { "acts": ["start", "kill"] }, "day": {} });

        assert_eq!(difference("", &before, &before.clone()), None);
        assert!(difference("", &before, &json!({ "main": before["main"] })).is_some());
        let other = json!({ "main": { "acts": ["start", "undo"] }, "day": {} });
        let place = difference("", &before, &other).unwrap();
        assert_eq!(place, r#"/main/acts/1 was "kill" and is "undo""#);
    }
}
