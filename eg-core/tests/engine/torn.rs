//! Torn writes: after a power cut in the middle of a write, everything acknowledged before is there, and nothing is
//! damaged. The files are put together as a disk may leave them: synced data stand, and of data written after that any
//! sector may be there, missing, or garbage.

use crate::room::{Room, night, secs};
use eg_core::engine::replay;
use eg_core::journal::Entry;
use eg_core::journal::{Durability, Journal};
use rand::rngs::ChaCha8Rng;
use rand::{Rng, RngExt, SeedableRng};
use serde_json::json;
use std::path::Path;

/// Size, in bytes, of a sector, which a disk writes at once or not at all.
const SECTOR: usize = 512;

/// Size of the journal after a commit.
struct Committed {
    /// Length of the write-ahead log, in bytes.
    log: usize,
    /// Number of entries that were acknowledged.
    entries: usize,
}

/// Plays a night of three. Returns the size of the journal after every round.
fn played() -> (Room, Vec<Committed>) {
    let mut room = Room::durable(&night(3, "{ grace: 1s, timeout: 60s }"));
    let mut commits = Vec::new();
    let mut note = |room: &Room| {
        let log = wal(room).len();
        commits.push(Committed { log, entries: room.entries().len() });
    };
    room.greet(1);
    note(&room);
    room.start().unwrap();
    note(&room);
    room.act("open", json!({ "question": "Who?", "options": ["A", "B"] })).unwrap();
    note(&room);
    for slot in 1..=3 {
        room.press(slot, 1, "a");
        note(&room);
        let burst = [room.release(slot, 2, "a"), room.event(slot, 3, "b")];
        room.arrive(burst);
        note(&room);
    }
    room.pass(secs(2));
    note(&room);
    room.act("finish", json!({})).unwrap();
    note(&room);
    (room, commits)
}

fn wal(room: &Room) -> Vec<u8> {
    std::fs::read(room.folder().join("eg.db-wal")).unwrap()
}

/// Tears a write that was under way: cut off, or sector by sector there, empty or garbage.
fn tear(chance: &mut impl Rng, written: &[u8]) -> Vec<u8> {
    let mut left = written.to_vec();
    if chance.random_bool(0.3) {
        left.truncate(chance.random_range(0..=written.len()));
    }
    let garbage = chance.random_bool(0.5);
    for sector in left.chunks_mut(SECTOR) {
        if chance.random_bool(0.4) {
            sector.fill_with(|| if garbage { chance.random() } else { 0 });
        }
    }
    left
}

/// Opens the files that are left, and checks all of their content against the written entries.
fn survives(database: &[u8], log: &[u8], whole: &[Entry], acknowledged: &[usize]) {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("eg.db");
    std::fs::write(&file, database).unwrap();
    std::fs::write(folder.path().join("eg.db-wal"), log).unwrap();

    let journal = Journal::open(&file, Durability::Full).unwrap();
    let reader = journal.reader();
    let entries = reader.entries(0, usize::MAX).unwrap();

    assert_eq!(check(&file), "ok");
    let found = entries.len();
    assert!(acknowledged.contains(&found), "{found} entries; acknowledged were {acknowledged:?}");
    assert_eq!(entries, whole[..found]);
    for session in reader.sessions(usize::MAX).unwrap() {
        replay(&reader.record(session.id).unwrap().unwrap()).unwrap();
    }
}

fn check(file: &Path) -> String {
    let database = rusqlite::Connection::open(file).unwrap();
    database.query_row("PRAGMA integrity_check", [], |row| row.get(0)).unwrap()
}

#[test]
fn a_write_that_is_torn_anywhere_takes_nothing_along_that_was_acknowledged() {
    let (room, commits) = played();
    let (log, whole) = (wal(&room), room.entries());
    let database = std::fs::read(room.folder().join("eg.db")).unwrap();
    let mut chance = ChaCha8Rng::seed_from_u64(7);

    assert!(
        commits.is_sorted_by_key(|commit| commit.log),
        "the log was not written back meanwhile"
    );
    for pair in commits.windows(2) {
        let [before, after] = pair else { unreachable!() };
        let (synced, written) = log[..after.log].split_at(before.log);
        for _ in 0..12 {
            let torn = [synced, &tear(&mut chance, written)].concat();
            survives(&database, &torn, &whole, &[before.entries, after.entries]);
        }
    }
}

#[test]
fn every_frame_of_the_log_is_a_place_to_stop() {
    let (room, commits) = played();
    let (log, whole) = (wal(&room), room.entries());
    let database = std::fs::read(room.folder().join("eg.db")).unwrap();
    let (head, frame) = (32, 24 + 4_096);

    let first = commits[0].log;
    for end in (head..=log.len()).step_by(frame).filter(|end| *end >= first) {
        let last = commits.iter().rfind(|commit| commit.log <= end).unwrap();
        let next = commits.iter().find(|commit| commit.log > end).unwrap_or(last);
        survives(&database, &log[..end], &whole, &[last.entries, next.entries]);
    }
}

#[test]
fn a_log_that_was_being_written_back_is_whole() {
    let (room, _) = played();
    let (log, whole) = (wal(&room), room.entries());
    let before = std::fs::read(room.folder().join("eg.db")).unwrap();
    let beside = rusqlite::Connection::open(room.folder().join("eg.db")).unwrap();
    beside.query_row("PRAGMA wal_checkpoint(PASSIVE)", [], |_| Ok(())).unwrap();
    let after = std::fs::read(room.folder().join("eg.db")).unwrap();
    let mut chance = ChaCha8Rng::seed_from_u64(11);

    assert!(after.len() > before.len(), "nothing was written back");
    for _ in 0..24 {
        let mut torn = after.clone();
        for (place, sector) in torn.chunks_mut(SECTOR).enumerate() {
            if chance.random_bool(0.5) {
                let old = before.get(place * SECTOR..).unwrap_or_default();
                sector.fill(0);
                let length = old.len().min(SECTOR);
                sector[..length].copy_from_slice(&old[..length]);
            }
        }
        survives(&torn, &log, &whole, &[whole.len()]);
    }
}
