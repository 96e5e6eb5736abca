//! Disks that refuse, and files that are damaged.

use super::*;
use std::fs;
use std::time::Duration;

#[test]
fn a_full_disk_is_said_and_memory_takes_over_until_there_is_room() {
    let limits = Limits { bytes: Some(60_000), ..Limits::default() };
    let mut slot = Slot::new();
    let mut worker = slot.start_with(limits);
    worker.turn(link_command(LinkCommand::Rewind), START);

    let rows: Vec<Row> = (0..400).flat_map(|_| worker.turn(presses(1), START)).collect();
    let full = worker.health();
    worker.turn(ack(1, 380), START);
    let relieved = worker.health();
    drop(worker);
    let kept = slot.start_with(limits).turn(link_command(LinkCommand::Rewind), START);

    assert_eq!(numbers(&rows), run(1, 1..=400));
    assert!(full.trouble.as_deref().is_some_and(|said| said.contains("full")), "{full:?}");
    assert!(full.in_memory > 0 && full.lost == 0, "{full:?}");
    assert_eq!((relieved.trouble, relieved.in_memory, relieved.waiting), (None, 0, 20));
    assert_eq!(numbers(&kept), run(1, 381..=400));
}

#[test]
fn acknowledgements_while_the_disk_refuses_do_not_put_off_its_next_try() {
    let mut worker = Slot::new().start_with(Limits { bytes: Some(60_000), ..Limits::default() });
    worker.turn(link_command(LinkCommand::Rewind), START);
    for _ in 0..400 {
        worker.turn(presses(1), START);
    }
    let first = worker.deadline();
    assert!(first.is_some_and(|at| at <= START + Duration::from_secs(1)), "{first:?}");

    for seq in 1..=8 {
        worker.turn(ack(1, seq), START);
    }

    assert!(worker.health().trouble.is_some());
    assert_eq!(worker.deadline(), first);
}

#[test]
fn what_neither_disk_nor_memory_holds_is_counted_and_leaves_a_gap() {
    let limits = Limits { bytes: Some(1), memory: 5, ..Limits::default() };
    let mut worker = Slot::new().start_with(limits);

    worker.turn(presses(8), START);
    let rows = worker.turn(link_command(LinkCommand::Rewind), START);
    worker.turn(ack(1, 5), START);
    let next = worker.turn(presses(1), START);

    assert_eq!(numbers(&rows), run(1, 1..=5));
    assert_eq!(numbers(&next), run(1, [9]));
    assert_eq!(worker.health().lost, 3);
    assert!(worker.health().error().unwrap().contains("3 events lost"));
}

#[test]
fn holds_as_many_rows_as_it_may_and_no_more() {
    let mut worker = Slot::new().start_with(Limits { rows: 4, ..Limits::default() });

    worker.turn(presses(6), START);

    assert_eq!((worker.health().waiting, worker.health().lost), (4, 2));
}

#[test]
fn a_damaged_file_is_set_aside_and_said() {
    let mut slot = Slot::new();
    let mut first = slot.start();
    first.turn(presses(500), START);
    drop(first);
    let file = slot.folder.path().join("data/outbox.db");
    let mut bytes = fs::read(&file).unwrap();
    bytes[5_000..20_000].fill(0xA5);
    fs::write(&file, &bytes).unwrap();

    let mut second = slot.start();
    second.turn(presses(1), START);
    let rows = second.turn(link_command(LinkCommand::Rewind), START);

    let health = second.health();
    assert_eq!(numbers(&rows), run(2, [1]));
    assert_eq!(fs::read(health.set_aside.as_ref().unwrap()).unwrap(), bytes);
    assert!(health.error().unwrap().contains("set aside"), "{health:?}");
}

#[test]
fn a_file_that_is_no_database_is_set_aside_too() {
    let mut slot = Slot::new();
    fs::create_dir(slot.folder.path().join("data")).unwrap();
    fs::write(slot.folder.path().join("data/outbox.db"), "not a database, ".repeat(400)).unwrap();

    let worker = slot.start();

    assert!(worker.health().set_aside.is_some());
    assert_eq!(worker.health().trouble, None);
}

#[test]
fn a_disk_that_comes_late_gets_everything_behind_what_it_holds() {
    let mut slot = Slot::new();
    let mut first = slot.start();
    first.turn(presses(2), START);
    let mut second = slot.start();
    second.turn(presses(3), START);
    let without = second.turn(link_command(LinkCommand::Rewind), START);
    let said = second.health().trouble;
    drop(first);

    let with = second.turn(Work::default(), second.deadline().unwrap());

    assert_eq!(numbers(&without), run(2, 1..=3));
    assert!(said.is_some_and(|said| said.contains("locked")));
    assert_eq!(numbers(&with), [run(1, 1..=2), run(2, 1..=3)].concat());
    assert_eq!((second.health().trouble, second.health().in_memory), (None, 0));
}

/// A worker that is linked, with three events on a disk that does not answer any more.
fn unreadable(slot: &mut Slot) -> Worker {
    let mut worker = slot.start();
    worker.turn(presses(3), START);
    worker.store.as_ref().unwrap().fail(true);
    worker
}

#[test]
fn nothing_overtakes_a_backlog_that_cannot_be_read_until_it_can() {
    let mut slot = Slot::new();
    let mut worker = unreadable(&mut slot);

    let linked = worker.turn(link_command(LinkCommand::Rewind), START);
    let live: Vec<Row> = (0..9).flat_map(|_| worker.turn(presses(1), START)).collect();
    let said = worker.health().trouble;
    worker.store.as_ref().unwrap().fail(false);
    let all = worker.turn(Work::default(), worker.deadline().unwrap());

    assert_eq!((linked, live), (vec![], vec![]));
    assert!(said.is_some_and(|said| said.contains("no such table")));
    assert_eq!(numbers(&all), run(1, 1..=12));
    assert_eq!(worker.health().trouble, None);
}

#[test]
fn a_backlog_that_stays_unreadable_is_set_aside_and_the_rest_goes_on() {
    let mut slot = Slot::new();
    let mut worker = unreadable(&mut slot);
    let mut rows = worker.turn(link_command(LinkCommand::Rewind), START);
    rows.extend(worker.turn(presses(2), START));

    let mut now = START;
    while worker.health().set_aside.is_none() {
        now = worker.deadline().unwrap();
        rows.extend(worker.turn(Work::default(), now));
    }
    rows.extend(worker.turn(presses(1), now));
    let later = worker.turn(Work::default(), worker.deadline().unwrap());

    assert!(now.since(START).as_secs() < 10, "it kept the living waiting for {now:?}");
    assert_eq!(numbers(&rows), run(1, 4..=6));
    assert_eq!(numbers(&later), run(1, 4..=6), "on the new file they go again");
    assert!(worker.health().error().unwrap().contains("set aside"));
    assert_eq!(worker.health().trouble, None);
}
