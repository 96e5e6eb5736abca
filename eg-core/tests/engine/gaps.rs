//! Gaps: a number that does not come is reported, and never hides those after it.

use crate::room::{Room, night, secs};
use std::time::Duration;

#[test]
fn an_event_that_overtook_another_waits_for_it() {
    let mut room = Room::open(&night(1, "{}"));
    room.press(1, 1, "a");

    let early = room.press(1, 3, "c");
    let late = room.press(1, 2, "b");

    assert_eq!(early.acks[0].1.seq, 1);
    assert_eq!(late.acks[0].1.seq, 3);
    let inputs: Vec<_> =
        room.entries_of("event").iter().map(|entry| entry.body["input"].clone()).collect();
    assert_eq!(inputs, ["a", "b", "c"]);
    assert!(room.entries_of("gap").is_empty());
}

#[test]
fn a_number_that_does_not_come_is_a_gap_and_the_rest_goes_on() {
    let mut room = Room::open(&night(1, "{}"));
    room.press(1, 1, "a");
    room.press(1, 4, "b");

    room.pass(Duration::from_millis(400));

    assert_eq!(room.entries_of("event").len(), 2);
    let gap = &room.entries_of("gap")[0].body;
    assert_eq!((&gap["first"], &gap["last"]), (&2.into(), &3.into()));
    assert_eq!(room.state().counts.missing, 2);
}

#[test]
fn a_gap_is_not_acknowledged_over_while_the_slot_may_still_fill_it() {
    let mut room = Room::open(&night(1, "{}"));
    room.press(1, 1, "a");
    room.press(1, 3, "c");
    room.pass(Duration::from_millis(400));

    let before = room.press(1, 3, "c");
    room.crash();
    let after = room.press(1, 3, "c");
    let found = room.press(1, 2, "b");

    assert_eq!(before.acks[0].1.seq, 1);
    assert_eq!(after.acks[0].1.seq, 1, "a restart does not forget what is awaited");
    assert_eq!(found.acks[0].1.seq, 3);
    assert_eq!(room.entries_of("event").len(), 3);
}

#[test]
fn a_gap_that_is_never_filled_does_not_hold_up_the_slot_for_ever() {
    let mut room = Room::open(&night(1, "{}"));
    room.press(1, 1, "a");
    room.press(1, 3, "c");
    room.pass(Duration::from_millis(400));

    room.clock_passes_without_a_round(secs(31));
    let round = room.engine.round(Vec::new(), Vec::new());

    assert_eq!(round.acks[0].1.seq, 3);
}
