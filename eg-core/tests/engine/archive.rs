//! Archive: everything that leaves the journal is still there, whichever process dies on the way.

use crate::room::{Room, night, operator, secs};
use eg_core::engine::command::Command;
use eg_core::engine::{moment, replay};
use eg_core::journal::Entry;
use eg_core::journal::{Archive, Reader, Record, beside};
use eg_proto::Timestamp;
use serde_json::json;
use std::path::Path;
use std::process::{Command as Process, Stdio};

/// Plays `count` nights of two, with presses between them that belong to no session.
fn nights(count: u64) -> Room {
    let mut room = Room::open(&night(2, "{ grace: 0s }"));
    for nth in 0..count {
        let seq = nth * 10;
        room.press(1, seq + 1, "a");
        let away = [room.release(1, seq + 2, "a"), room.event(3, nth + 1, "a")];
        room.arrive(away);
        room.start().unwrap();
        room.act("open", json!({ "question": "Who?", "options": ["A", "B"] })).unwrap();
        let votes = [room.event(1, seq + 3, "a"), room.event(2, 2 * nth + 1, "a")];
        room.arrive(votes);
        let done = [room.release(1, seq + 4, "a"), room.release(2, 2 * nth + 2, "a")];
        room.arrive(done);
        let rest: Vec<_> = (5..=10).map(|n| room.release(1, seq + n, "a")).collect();
        room.arrive(rest);
        room.act("finish", json!({})).unwrap();
        room.pass(secs(3_600));
    }
    room
}

fn records(journal: &Reader) -> Vec<Record> {
    let sessions = journal.sessions(usize::MAX).unwrap();
    sessions.iter().map(|session| journal.record(session.id).unwrap().unwrap()).collect()
}

/// Reads everything that the journal and its archive hold, by number.
fn everything(folder: &Path) -> Vec<Entry> {
    let mut all = Reader::open(folder.join("eg.db")).unwrap().entries(0, usize::MAX).unwrap();
    if let Ok(files) = std::fs::read_dir(folder.join("archive")) {
        for file in files {
            let file = file.unwrap().path();
            if file.extension().is_some_and(|kind| kind == "db") {
                all.extend(Reader::open(file).unwrap().entries(0, usize::MAX).unwrap());
            }
        }
    }
    all.sort_by_key(|entry| entry.id);
    all.dedup();
    all
}

fn is_whole(file: &Path) -> bool {
    let database = rusqlite::Connection::open(file).unwrap();
    let check = |what: &str| {
        let check = database.query_row(what, [], |row| row.get::<_, String>(0));
        check.map_or(true, |found| found == "ok")
    };
    check("PRAGMA integrity_check") && check("PRAGMA foreign_key_check")
}

#[test]
fn what_has_left_the_journal_is_listed_replayed_and_shown() {
    let mut room = nights(3);
    let (before, all) = (records(&room.reader()), everything(room.folder()));

    let said = room.archive();

    assert!(said.starts_with("2 sessions, "), "{said}");
    let journal = room.reader();
    assert!(journal.entries(0, usize::MAX).unwrap().len() < all.len() / 2);
    assert_eq!(records(&journal), before);
    assert_eq!(everything(room.folder()), all);
    assert!(is_whole(&room.config.db));
    for record in &before {
        replay(record).unwrap();
        let last = record.entries.last().unwrap().id;
        let seen = moment(&journal, record.session.id, last).unwrap().unwrap();
        assert!(seen.session.operator.parts.len() > 2, "{:?}", seen.session);
        assert!(!journal.causes(record.session.id, 0, 10).unwrap().is_empty());
        assert!(!journal.acts(record.session.id, 0, 9).unwrap().is_empty());
    }
}

#[test]
fn the_next_session_and_the_next_entry_have_new_numbers() {
    let mut room = nights(2);
    let last = room.entries().last().unwrap().id;

    room.archive();
    let session = room.start().unwrap();

    assert_eq!(session, 3);
    assert!(room.entries().last().unwrap().id > last);
}

#[test]
fn a_press_that_comes_again_after_it_has_left_is_still_known() {
    let mut room = nights(2);
    room.archive();
    let stored = room.entries().len();

    let again: Vec<_> = [1, 2].map(|seq| room.event(3, seq, "a")).into();
    let round = room.arrive(again);

    assert_eq!(room.entries().len(), stored);
    assert_eq!(round.acks[0].1.seq, 2, "its agent may forget it");
    room.press(3, 3, "a");
    assert_eq!(room.entries().len(), stored + 1);
}

#[test]
fn a_core_that_runs_forgets_a_little_at_a_time_what_the_archive_holds() {
    let mut room = nights(2);
    let before = records(&room.reader());
    let archive = Archive::new(beside(&room.config.db), &room.config.db);

    let part = archive.keep_session(1, Timestamp(0)).unwrap();
    let mut forgotten = Vec::new();
    while forgotten.last() != Some(&0) {
        let part = part.clone();
        forgotten.push(room.ask(operator(), Command::Prune(part)).0.unwrap());
    }

    let again = room.event(1, 3, "a");
    room.arrive([again]);

    assert!(forgotten[0] > 5, "{forgotten:?}");
    assert_eq!(room.state().counts.duplicates, 1, "the running core knows it too");
    assert_eq!(records(&room.reader()), before);
    assert!(room.reader().entries(0, 1_000).unwrap().iter().all(|entry| entry.session != Some(1)));
}

#[test]
fn a_kill_in_the_middle_of_archiving_loses_nothing() {
    let room = nights(12);
    let (before, all) = (records(&room.reader()), everything(room.folder()));
    let copy = room.copy();
    let file = copy.path().join("eg.db");
    let mut archive = Process::new(env!("CARGO_BIN_EXE_eg-core"));
    archive.args(["archive", "--older", "1s"]).env("DB_PATH", &file);
    archive.stdout(Stdio::null()).stderr(Stdio::null());

    let mut kills = 0;
    loop {
        let mut child = archive.spawn().unwrap();
        let left = Reader::open(&file).unwrap();
        let start = left.entries(0, usize::MAX).unwrap().len();
        // It is killed as soon as it has forgotten something: while it writes, compares or forgets the next.
        let ended = loop {
            if let Some(status) = child.try_wait().unwrap() {
                break Some(status);
            }
            if left.entries(0, usize::MAX).unwrap().len() < start {
                child.kill().unwrap();
                child.wait().unwrap();
                break None;
            }
            std::thread::yield_now();
        };

        assert!(is_whole(&file));
        assert_eq!(everything(copy.path()), all, "after {kills} kills");
        assert_eq!(records(&Reader::open(&file).unwrap()), before, "after {kills} kills");
        match ended {
            None => kills += 1,
            Some(status) => {
                assert!(status.success());
                break;
            }
        }
    }

    assert!(kills > 3, "{kills}");
    let left = Reader::open(&file).unwrap().entries(0, usize::MAX).unwrap();
    assert!(left.len() < all.len() / 4, "{} of {}", left.len(), all.len());
}

#[test]
fn a_rehearsal_of_archiving_moves_nothing() {
    let room = nights(2);
    let copy = room.copy();
    let all = everything(copy.path());
    let mut archive = Process::new(env!("CARGO_BIN_EXE_eg-core"));
    let said = archive
        .args(["archive", "--older", "1s", "--dry-run", "--json"])
        .env("DB_PATH", copy.path().join("eg.db"))
        .output()
        .unwrap();

    let said: serde_json::Value = serde_json::from_slice(&said.stdout).unwrap();
    assert_eq!(said["sessions"], 1);
    assert_eq!(everything(copy.path()), all);
    assert!(!copy.path().join("archive").exists());
}
