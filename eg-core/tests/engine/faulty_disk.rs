//! Disks that fail under the journal: fsync that fails, short writes, no room in the middle of a commit, reads that fail.
//! Whatever they do, what was acknowledged is there, and everything else comes in once the disk is well.

use crate::room::{Room, night, secs};
use eg_core::journal::{Durability, Journal, Kind};
use serde_json::json;
use std::fs;
use std::io::Write;
use std::path::PathBuf;
use std::process::Command;

/// Source of the library between a process and its disk.
const SOURCE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../xtask/src/torture/disk.c");
/// Variable that names the file of its faults.
const DISK: &str = "EG_TORTURE_DISK";

/// Disk whose faults are told to the library that this process was started with.
struct Disk(PathBuf);

impl Disk {
    fn set(&self, told: [u8; 6]) {
        // The library has mapped the file: it is changed where it is.
        fs::File::options().write(true).open(&self.0).unwrap().write_all(&told).unwrap();
    }
}

/// The faults that a disk may have: bytes as `disk.c` lists them, and what is wrong.
fn faults() -> impl Iterator<Item = ([u8; 6], String)> {
    let lasting = [
        ([0, 1, 0, 0, 0, 0], "no fsync"),
        ([0, 0, 1, 0, 0, 0], "no room"),
        ([0, 0, 0, 1, 0, 0], "short writes"),
        ([0, 0, 0, 0, 1, 0], "no reads"),
        ([0, 1, 0, 1, 1, 0], "nothing at all"),
    ];
    let lasting = lasting.map(|(told, what)| (told, what.to_owned()));
    let sudden =
        (1..=24).map(|writes| ([0, 0, 0, 0, 0, writes], format!("full at write {writes}")));
    lasting.into_iter().chain(sudden)
}

/// Runs a test of this name again, in a process whose disk can fail.
fn again(test: &str) {
    let folder = tempfile::tempdir().unwrap();
    let (library, told) = (folder.path().join("disk.so"), folder.path().join("told"));
    let mut cc = Command::new("cc");
    cc.args(["-O1", "-shared", "-fPIC", "-o"]).arg(&library).arg(SOURCE);
    assert!(cc.status().unwrap().success());
    fs::write(&told, [0; 6]).unwrap();
    let mut child = Command::new(std::env::current_exe().unwrap());
    child.args(["--exact", test, "--nocapture"]);
    child.env("LD_PRELOAD", &library).env(DISK, &told);
    let ended = child.output().unwrap();
    let said = String::from_utf8_lossy(&[ended.stdout, ended.stderr].concat()).into_owned();
    assert!(ended.status.success() && said.contains("1 passed"), "{said}");
}

#[test]
fn a_disk_that_fails_anyhow_takes_nothing_along_that_was_acknowledged() {
    let Some(told) = std::env::var_os(DISK) else {
        return again(
            "faulty_disk::a_disk_that_fails_anyhow_takes_nothing_along_that_was_acknowledged",
        );
    };
    let disk = Disk(told.into());
    let mut refused = 0;

    for (fault, what) in faults() {
        disk.set([0; 6]);
        let mut room = Room::durable(&night(3, "{ grace: 1s, timeout: 60s }"));
        room.greet(1);
        room.start().unwrap();
        room.act("open", json!({ "question": "Who?", "options": ["A", "B"] })).unwrap();
        let mut acknowledged = room.press(1, 1, "a").acks.len() as u64;

        disk.set(fault);
        for seq in 2..=6 {
            let round = room.press(1, seq, "a");
            refused += u32::from(!round.stored);
            acknowledged = round.acks.iter().map(|(_, ack)| ack.seq).fold(acknowledged, u64::max);
        }
        disk.set([0; 6]);

        survives(&room, acknowledged, &what);
        room.pass(secs(30));
        let again = (1..=6).map(|seq| room.press(1, seq, "a")).next_back().unwrap();
        assert_eq!(again.acks.last().unwrap().1.seq, 6, "{what}");
        assert_eq!(room.entries_of("event").len(), 6, "{what}");
        let before = room.entries();
        room.crash();
        assert_eq!(room.entries()[..before.len()], before, "{what}");
    }
    assert!(refused > 20, "only {refused} rounds were refused");
}

/// Opens the files as a power cut leaves them now: all that was acknowledged is there, and all of it is sound.
fn survives(room: &Room, acknowledged: u64, what: &str) {
    let found = room.copy();
    let file = found.path().join("eg.db");
    let journal = Journal::open(&file, Durability::Full).unwrap();
    let entries = journal.reader().entries(0, usize::MAX).unwrap();
    let events = entries.iter().filter(|entry| entry.kind == Kind::Event).count() as u64;
    drop(journal);
    let database = rusqlite::Connection::open(&file).unwrap();
    let check: String = database.query_row("PRAGMA integrity_check", [], |row| row.get(0)).unwrap();

    assert_eq!(check, "ok", "{what}");
    assert!(events >= acknowledged, "{what}: {events} of {acknowledged}");
}

#[test]
fn a_journal_that_cannot_be_read_or_made_is_refused_and_opens_once_it_can() {
    let Some(told) = std::env::var_os(DISK) else {
        return again(
            "faulty_disk::a_journal_that_cannot_be_read_or_made_is_refused_and_opens_once_it_can",
        );
    };
    let disk = Disk(told.into());
    let folder = tempfile::tempdir().unwrap();

    for (place, (fault, what)) in faults().enumerate() {
        let file = folder.path().join(format!("{place}.db"));
        disk.set(fault);
        let first = Journal::open(&file, Durability::Full).map(drop);
        disk.set([0; 6]);

        let told = first.map_or_else(|error| error.to_string(), |()| "opened".to_owned());
        assert!(!told.is_empty(), "{what}");
        let journal = Journal::open(&file, Durability::Full);
        assert!(journal.is_ok(), "{what}: {told}, then {:?}", journal.err());
    }
}
