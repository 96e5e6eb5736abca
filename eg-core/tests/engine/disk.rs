//! Disk that refuses: nothing is acknowledged that is not stored, and everything is stored once it can be.

use crate::room::{Room, night, secs};
use eg_core::engine::command::RefusedKind;
use eg_core::journal::{Durability, Journal, JournalError};
use serde_json::json;

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
