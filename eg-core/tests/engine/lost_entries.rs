//! Lost entries: a journal that ends before its mark says so, starts all the same, and gives no number twice.

use crate::room::{Room, night, secs};
use eg_core::clock::{Clock, StoppedClock};
use eg_core::engine::Engine;
use eg_core::engine::handle::Handle;
use eg_core::journal::{Durability, Journal};
use std::path::Path;
use std::sync::Arc;

/// Plays a night, and returns the room with the number of its last entry.
fn played() -> (Room, i64) {
    let mut room = Room::open(&night(2, "{}"));
    room.greet(1);
    room.press(1, 1, "a");
    room.press(1, 2, "a");
    let last = room.entries().last().unwrap().id;
    (room, last)
}

fn open(room: &Room, folder: &Path) -> (Engine, Handle) {
    let mut config = room.config.clone();
    config.db = folder.join("eg.db");
    let journal = Journal::open(&config.db, Durability::Normal).unwrap();
    let clock: Arc<dyn Clock> = Arc::new(StoppedClock::at(room.clock_now()));
    let (engine, handle, _) = Engine::open(&config, journal, clock).unwrap();
    (engine, handle)
}

fn says_what_is_missing(room: &Room, folder: &Path, last: i64) {
    let (engine, handle) = open(room, folder);

    let alert = handle.state().troubles.iter().map(|alert| alert.en.clone()).collect::<String>();
    assert!(alert.contains(&format!("it had {last}")), "{alert:?}");
    let told = engine.journal().reader().entries_before(i64::MAX, 1).unwrap().remove(0);
    assert_eq!(told.id, last + 1, "a number that somebody may have seen is not given twice");
    assert!(told.body["line"]["en"].as_str().unwrap().contains("entries are missing"));
    drop((engine, handle));

    let (_engine, handle) = open(room, folder);
    assert!(handle.state().troubles.is_empty(), "it is told once");
}

#[test]
fn a_lost_log_is_noticed() {
    let (room, last) = played();
    let found = room.copy();
    std::fs::remove_file(found.path().join("eg.db-wal")).unwrap();

    says_what_is_missing(&room, found.path(), last);
}

#[test]
fn a_cut_log_is_noticed() {
    let (room, last) = played();
    let found = room.copy();
    let log = found.path().join("eg.db-wal");
    let whole = std::fs::metadata(&log).unwrap().len();
    std::fs::File::options().write(true).open(&log).unwrap().set_len(whole - 1).unwrap();

    says_what_is_missing(&room, found.path(), last);
}

#[test]
fn a_deleted_journal_is_noticed() {
    let (room, last) = played();
    let found = room.copy();
    for ending in ["", "-wal", "-shm"] {
        std::fs::remove_file(found.path().join(format!("eg.db{ending}"))).unwrap();
    }

    says_what_is_missing(&room, found.path(), last);
}

#[test]
fn an_emptied_journal_is_noticed() {
    let (room, last) = played();
    let found = room.copy();
    for ending in ["", "-wal"] {
        std::fs::write(found.path().join(format!("eg.db{ending}")), "").unwrap();
    }

    says_what_is_missing(&room, found.path(), last);
}

#[test]
fn the_mark_never_claims_what_is_not_committed() {
    let (mut room, last) = played();
    room.engine.journal().limit_pages(1).unwrap();
    let mut seq = 3;
    while room.press(1, seq, "a").stored {
        seq += 1;
    }
    room.pass(secs(1));

    let stored = room.entries().last().unwrap().id;

    let mark = std::fs::read_to_string(room.folder().join("eg.db.last")).unwrap();
    assert_eq!(mark.trim().parse::<i64>().unwrap(), stored);
    assert!(stored >= last);
}
