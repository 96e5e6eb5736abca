//! Disks that refuse, and files that are damaged.

use super::*;
use std::fs;

#[test]
fn a_full_disk_is_said_and_memory_takes_over_until_there_is_room() {
    let limits = Limits { bytes: Some(60_000), ..Limits::default() };
    let mut slot = Slot::new();
    let mut keeper = slot.start_with(limits);
    keeper.turn(wish(Wish::Rewind), START);

    let rows: Vec<Row> = (0..400).flat_map(|_| keeper.turn(presses(1), START)).collect();
    let full = keeper.health();
    keeper.turn(ack(1, 380), START);
    let relieved = keeper.health();
    drop(keeper);
    let kept = slot.start_with(limits).turn(wish(Wish::Rewind), START);

    assert_eq!(numbers(&rows), run(1, 1..=400));
    assert!(full.trouble.as_deref().is_some_and(|said| said.contains("full")), "{full:?}");
    assert!(full.in_memory > 0 && full.lost == 0, "{full:?}");
    assert_eq!((relieved.trouble, relieved.in_memory, relieved.waiting), (None, 0, 20));
    assert_eq!(numbers(&kept), run(1, 381..=400));
}

#[test]
fn what_neither_disk_nor_memory_holds_is_counted_and_leaves_a_gap() {
    let limits = Limits { bytes: Some(1), memory: 5, ..Limits::default() };
    let mut keeper = Slot::new().start_with(limits);

    keeper.turn(presses(8), START);
    let rows = keeper.turn(wish(Wish::Rewind), START);
    keeper.turn(ack(1, 5), START);
    let next = keeper.turn(presses(1), START);

    assert_eq!(numbers(&rows), run(1, 1..=5));
    assert_eq!(numbers(&next), run(1, [9]));
    assert_eq!(keeper.health().lost, 3);
    assert!(keeper.health().error().unwrap().contains("3 events lost"));
}

#[test]
fn holds_as_many_rows_as_it_may_and_no_more() {
    let mut keeper = Slot::new().start_with(Limits { rows: 4, ..Limits::default() });

    keeper.turn(presses(6), START);

    assert_eq!((keeper.health().waiting, keeper.health().lost), (4, 2));
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
    let rows = second.turn(wish(Wish::Rewind), START);

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

    let keeper = slot.start();

    assert!(keeper.health().set_aside.is_some());
    assert_eq!(keeper.health().trouble, None);
}

#[test]
fn a_disk_that_comes_late_gets_everything_behind_what_it_holds() {
    let mut slot = Slot::new();
    let mut first = slot.start();
    first.turn(presses(2), START);
    let mut second = slot.start();
    second.turn(presses(3), START);
    let without = second.turn(wish(Wish::Rewind), START);
    let said = second.health().trouble;
    drop(first);

    let with = second.turn(Work::default(), second.deadline().unwrap());

    assert_eq!(numbers(&without), run(2, 1..=3));
    assert!(said.is_some_and(|said| said.contains("locked")));
    assert_eq!(numbers(&with), [run(1, 1..=2), run(2, 1..=3)].concat());
    assert_eq!((second.health().trouble, second.health().in_memory), (None, 0));
}

/// A keeper that is linked, with three events on a disk that does not answer any more.
fn unreadable(slot: &mut Slot) -> Keeper {
    let mut keeper = slot.start();
    keeper.turn(presses(3), START);
    keeper.store.as_ref().unwrap().fail(true);
    keeper
}

#[test]
fn nothing_overtakes_a_backlog_that_cannot_be_read_until_it_can() {
    let mut slot = Slot::new();
    let mut keeper = unreadable(&mut slot);

    let linked = keeper.turn(wish(Wish::Rewind), START);
    let live: Vec<Row> = (0..9).flat_map(|_| keeper.turn(presses(1), START)).collect();
    let said = keeper.health().trouble;
    keeper.store.as_ref().unwrap().fail(false);
    let all = keeper.turn(Work::default(), keeper.deadline().unwrap());

    assert_eq!((linked, live), (vec![], vec![]));
    assert!(said.is_some_and(|said| said.contains("no such table")));
    assert_eq!(numbers(&all), run(1, 1..=12));
    assert_eq!(keeper.health().trouble, None);
}

#[test]
fn a_backlog_that_stays_unreadable_is_set_aside_and_the_rest_goes_on() {
    let mut slot = Slot::new();
    let mut keeper = unreadable(&mut slot);
    let mut rows = keeper.turn(wish(Wish::Rewind), START);
    rows.extend(keeper.turn(presses(2), START));

    let mut now = START;
    while keeper.health().set_aside.is_none() {
        now = keeper.deadline().unwrap();
        rows.extend(keeper.turn(Work::default(), now));
    }
    rows.extend(keeper.turn(presses(1), now));
    let later = keeper.turn(Work::default(), keeper.deadline().unwrap());

    assert!(now.since(START).as_secs() < 10, "it kept the living waiting for {now:?}");
    assert_eq!(numbers(&rows), run(1, 4..=6));
    assert_eq!(numbers(&later), run(1, 4..=6), "on the new file they go again");
    assert!(keeper.health().error().unwrap().contains("set aside"));
    assert_eq!(keeper.health().trouble, None);
}
