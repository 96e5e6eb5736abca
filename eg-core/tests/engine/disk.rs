//! Disk that refuses: nothing is acknowledged that is not stored, and everything is stored once it can be.

use crate::room::{Room, main_room, night, operator, secs};
use eg_core::clock::{Clock, StoppedClock};
use eg_core::engine::Engine;
use eg_core::engine::command::{Command, RefusedKind, Request};
use eg_core::journal::{Durability, Journal, JournalError};
use serde_json::json;
use std::sync::Arc;
use tokio::sync::oneshot;

/// Opens a room whose disk is full from here on.
fn full() -> Room {
    let mut room = Room::open(&night(9, "{ grace: 0s }"));
    room.start().unwrap();
    room.act("open", json!({ "question": "Who?", "options": ["A", "B"] })).unwrap();
    room.engine.journal().limit_pages(1).unwrap();
    room
}

/// Presses until the last page of the file is full. Returns the number of the press that was not stored.
fn fill(room: &mut Room) -> u64 {
    (1..10_000).find(|seq| !room.press(1, *seq, "a").stored).unwrap()
}

#[test]
fn nothing_is_acknowledged_that_is_not_on_disk() {
    let mut room = full();

    let refused = fill(&mut room);
    let round = room.engine.round(Vec::new(), Vec::new());

    assert!(!round.stored && round.acks.is_empty() && round.tokens.is_empty());
    assert_eq!(room.entries_of("event").len() as u64, refused - 1);
    assert!(room.state().troubles.iter().any(|trouble| trouble.en.contains("disk refuses")));
    assert!(!room.engine.is_open());
    assert!(room.state().storage_fault.as_ref().is_some_and(|why| why.en.contains("disk refuses")));
}

#[test]
fn what_waited_is_stored_and_played_once_there_is_room_again() {
    let mut room = full();
    let refused = fill(&mut room);
    let before = room.turnout();

    room.engine.journal().limit_pages(1_000_000).unwrap();
    room.pass(secs(2));

    assert_eq!(before, (1, 9));
    assert_eq!(room.entries_of("event").len() as u64, refused);
    assert!(room.state().troubles.is_empty());
    assert_eq!(room.state().storage_fault, None);
    assert!(room.engine.is_open());
    let again = room.press(1, refused, "a");
    assert_eq!(again.acks[0].1.seq, refused);
}

#[test]
fn an_operator_is_told_when_the_disk_refuses() {
    let mut room = full();
    fill(&mut room);

    let refused = room.act("void", json!({})).unwrap_err();

    assert_eq!(refused.kind, RefusedKind::Unavailable);
    assert_eq!(room.session().operator.phase, "open", "nothing of it has happened");
}

#[test]
fn a_core_that_starts_while_the_disk_refuses_shows_what_is_stored_and_goes_on_by_itself() {
    let mut room = Room::open(&night(2, "{}"));
    room.start().unwrap();
    room.act("open", json!({ "question": "Who?", "options": ["A", "B"] })).unwrap();
    let found = room.copy();
    // A folder in its place: the lock cannot be taken, as on a disk that may not be written.
    let lock = found.path().join("eg.db.lock");
    std::fs::remove_file(&lock).unwrap();
    std::fs::create_dir(&lock).unwrap();
    let mut config = room.config.clone();
    config.db = found.path().join("eg.db");
    let clock = Arc::new(StoppedClock::at(room.clock_now()));

    let journal = Journal::open_or_read(&config.db, Durability::Full).unwrap();
    let (mut engine, handle, _requests) =
        Engine::open(&config, journal, clock.clone() as Arc<dyn Clock>).unwrap();
    engine.goes_by(eg_proto::Boot(ulid::Ulid::new())).unwrap();

    let state = handle.state();
    assert!(!engine.is_open());
    assert!(handle.fault().unwrap().en.contains("eg.db"), "{:?}", handle.fault());
    assert_eq!(state.rooms[&main_room()].session.as_ref().unwrap().operator.phase, "open");
    let (reply, mut answered) = oneshot::channel();
    let command = Command::Start { room: main_room(), game: None, config: None, reason: None };
    engine.round(Vec::new(), vec![Request { by: operator(), command, reply }]);
    let refused = answered.try_recv().unwrap().unwrap_err();
    assert_eq!(refused.kind, RefusedKind::Unavailable);

    std::fs::remove_dir(&lock).unwrap();
    clock.pass(secs(2));
    assert!(engine.deadline().is_some_and(|due| due <= clock.now()));
    assert!(engine.round(Vec::new(), Vec::new()).stored);
    engine.publish();

    assert!(engine.is_open());
    assert_eq!(handle.fault(), None);
    let resumed = engine.journal().reader().entries_before(i64::MAX, 1).unwrap().remove(0);
    assert_eq!(resumed.kind.word(), "resumed");
}

#[test]
fn a_request_whose_caller_has_gone_is_not_carried_out() {
    let mut room = Room::open(&night(2, "{}"));
    let command = Command::Start { room: main_room(), game: None, config: None, reason: None };
    let (reply, answered) = oneshot::channel();
    drop(answered);

    let round = room.engine.round(Vec::new(), vec![Request { by: operator(), command, reply }]);

    assert!(round.stored);
    assert!(room.state().rooms[&main_room()].session.is_none());
    assert!(room.entries().is_empty());
}

#[test]
fn a_damaged_file_is_named_and_left_as_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("eg.db");
    std::fs::write(&file, vec![0x5a; 8_192]).unwrap();

    let error = Journal::open(&file, Durability::Full).unwrap_err();

    assert!(matches!(error, JournalError::Damaged { .. }), "{error:?}");
    assert!(error.to_string().contains("eg.db"));
    assert_eq!(std::fs::read(&file).unwrap(), vec![0x5a; 8_192]);
}

#[test]
fn a_journal_of_a_newer_core_is_left_alone() {
    let room = Room::open("{}");
    let file = room.folder().join("eg.db");
    drop(room.engine);
    let newer = rusqlite::Connection::open(&file).unwrap();
    newer.pragma_update(None, "user_version", 99).unwrap();

    let error = Journal::open(&file, Durability::Full).unwrap_err();

    assert!(matches!(error, JournalError::Newer { version: 99, .. }), "{error:?}");
}

#[test]
fn another_programs_database_is_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("eg.db");
    let other = rusqlite::Connection::open(&file).unwrap();
    other.execute_batch("CREATE TABLE wine (name TEXT)").unwrap();

    let error = Journal::open(&file, Durability::Full).unwrap_err();

    assert!(matches!(error, JournalError::Foreign { .. }), "{error:?}");
}

#[test]
fn two_cores_never_write_one_journal() {
    let room = Room::open("{}");

    let error = Journal::open(&room.config.db, Durability::Full).unwrap_err();

    assert!(matches!(error, JournalError::InUse { .. }), "{error:?}");
}
