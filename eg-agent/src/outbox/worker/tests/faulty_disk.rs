//! Disks that fail under the outbox: fsync that fails, short writes, no room in the middle of a write, reads that fail.

use super::*;
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
fn a_disk_that_fails_anyhow_costs_no_press_and_no_order() {
    let Some(told) = std::env::var_os(DISK) else {
        return again(
            "outbox::worker::tests::faulty_disk::a_disk_that_fails_anyhow_costs_no_press_and_no_order",
        );
    };
    let disk = Disk(told.into());
    let mut troubled = 0;

    for (fault, what) in faults() {
        disk.set([0; 6]);
        let mut slot = Slot::new();
        let mut worker = slot.start();
        worker.turn(presses(2), START);

        disk.set(fault);
        for _ in 0..4 {
            worker.turn(presses(1), START);
        }
        troubled += u32::from(worker.health().trouble.is_some());
        disk.set([0; 6]);
        if let Some(due) = worker.deadline() {
            worker.turn(Work::default(), due);
        }
        worker.turn(presses(1), Moment(START.0 + 60_000_000_000));
        let said = worker.health();
        drop(worker);
        let mut second = slot.start();
        let rows = second.turn(link_command(LinkCommand::Rewind), START);

        assert_eq!((said.trouble, said.lost, said.in_memory), (None, 0, 0), "{what}");
        assert_eq!(numbers(&rows), run(1, 1..=7), "{what}");
    }
    assert!(troubled > 5, "only {troubled} faults were felt");
}

#[test]
fn an_agent_that_dies_on_a_failing_disk_leaves_what_was_on_it() {
    let Some(told) = std::env::var_os(DISK) else {
        return again(
            "outbox::worker::tests::faulty_disk::an_agent_that_dies_on_a_failing_disk_leaves_what_was_on_it",
        );
    };
    let disk = Disk(told.into());

    for (fault, what) in faults() {
        disk.set([0; 6]);
        let mut slot = Slot::new();
        let mut worker = slot.start();
        worker.turn(presses(2), START);

        disk.set(fault);
        worker.turn(presses(3), START);
        drop(worker);
        disk.set([0; 6]);
        let mut second = slot.start();
        let rows = second.turn(link_command(LinkCommand::Rewind), START);

        let left = numbers(&rows);
        assert!(second.health().set_aside.is_none(), "{what}");
        assert!(left.len() >= 2 && left[..] == run(1, 1..=5)[..left.len()], "{what}: {left:?}");
    }
}
