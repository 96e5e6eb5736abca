//! Gaps: a number that does not come is reported, and never hides those after it.

use crate::room::{Room, night, secs, slot};
use eg_core::ingest::{Arrival, BrokerNews};
use eg_proto::Ack;

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

/// Returns the input of each event of the journal, with the gaps among them.
fn played(room: &Room) -> Vec<String> {
    let told = |entry: eg_core::journal::Entry| match entry.kind.word() {
        "event" => Some(entry.body["input"].as_str().unwrap().to_owned()),
        "gap" => Some(format!("gap {}-{}", entry.body["first"], entry.body["last"])),
        _ => None,
    };
    room.entries().into_iter().filter_map(told).collect()
}

fn lose_the_broker(room: &mut Room) {
    room.arrive([Arrival::Broker(BrokerNews::Lost("it died".to_owned()))]);
}

/// Returns the one acknowledgement of a round.
fn ack(round: &eg_core::engine::Committed) -> Ack {
    let [(_, ack)] = round.acks.as_slice() else { panic!("{:?}", round.acks) };
    *ack
}

#[test]
fn a_slot_is_heard_in_order_although_a_broker_acknowledged_and_forgot() {
    let mut room = Room::open(&night(1, "{}"));
    room.connect();
    room.press(1, 1, "a");
    lose_the_broker(&mut room);
    // 2 and 3 went to a broker at which the core did not listen yet.
    room.pass(secs(2));
    room.connect();

    let early = ack(&room.press(1, 4, "d"));
    room.pass(secs(2));
    let again = [(2, "b"), (3, "c"), (4, "d")].map(|(seq, input)| room.event(1, seq, input));
    let filled = ack(&room.arrive(again));

    assert_eq!((early.seq, early.again), (1, true));
    assert_eq!(played(&room), ["a", "b", "c", "d"]);
    assert_eq!((filled.seq, filled.again), (4, false));
}

#[test]
fn a_slot_is_asked_to_send_again_once_a_second_and_not_for_every_event() {
    let mut room = Room::open(&night(1, "{}"));

    let asked = ack(&room.press(1, 3, "a"));
    let soon = [4, 5].map(|seq| room.press(1, seq, "a").acks.len());
    room.pass(secs(1));
    let later = ack(&room.press(1, 6, "a"));

    assert_eq!((asked.seq, asked.again), (0, true), "nothing is stored yet");
    assert_eq!((soon, later.again), ([0, 0], true));
}

#[test]
fn a_number_that_does_not_come_is_a_gap_after_seconds_and_the_rest_goes_on() {
    let mut room = Room::open(&night(1, "{}"));
    room.press(1, 1, "a");
    room.press(1, 4, "b");

    room.pass(secs(4));
    let waiting = played(&room);
    room.pass(secs(2));

    assert_eq!(waiting, ["a"]);
    assert_eq!(played(&room), ["a", "gap 2-3", "b"]);
    assert_eq!(room.state().counts.missing, 2);
}

#[test]
fn a_gap_is_not_given_up_while_the_link_is_lost_or_has_just_come_back() {
    let mut room = Room::open(&night(1, "{}"));
    room.press(1, 1, "a");
    room.press(1, 3, "c");
    lose_the_broker(&mut room);

    room.pass(secs(60));
    room.connect();
    room.pass(secs(4));
    let again = [(2, "b"), (3, "c")].map(|(seq, input)| room.event(1, seq, input));
    room.arrive(again);

    assert_eq!(played(&room), ["a", "b", "c"]);
}

#[test]
fn a_gap_is_not_given_up_while_its_slot_is_away_but_not_for_ever() {
    let mut room = Room::open(&night(2, "{}"));
    for number in [1, 2] {
        room.greet(number);
        room.press(number, 1, "a");
        room.press(number, 3, "c");
        room.leave(number);
    }

    room.pass(secs(300));
    room.greet(1);
    let again = [(2, "b"), (3, "c")].map(|(seq, input)| room.event(1, seq, input));
    room.arrive(again);
    let kept = played(&room);
    room.pass(secs(301));

    assert_eq!(kept, ["a", "a", "b", "c"]);
    assert_eq!(played(&room)[4..], ["gap 2-2", "c"]);
}

#[test]
fn the_rest_of_what_is_missing_may_take_its_time_while_it_comes() {
    let mut room = Room::open(&night(1, "{}"));
    room.press(1, 6, "f");

    for (seq, input) in [(1, "a"), (2, "b"), (3, "c"), (4, "d"), (5, "e")] {
        room.pass(secs(3));
        room.press(1, seq, input);
    }

    assert_eq!(played(&room), ["a", "b", "c", "d", "e", "f"]);
}

#[test]
fn a_gap_is_not_acknowledged_over_while_the_slot_may_still_fill_it() {
    let mut room = Room::open(&night(1, "{}"));
    room.press(1, 1, "a");
    room.press(1, 3, "c");
    room.pass(secs(6));

    let before = ack(&room.press(1, 3, "c"));
    room.crash();
    let after = ack(&room.press(1, 3, "c"));
    room.pass(secs(120));
    let much_later = ack(&room.press(1, 4, "d"));
    let found = ack(&room.press(1, 2, "b"));

    assert_eq!(before.seq, 1);
    assert_eq!(after.seq, 1, "a restart does not forget what is awaited");
    assert_eq!(much_later.seq, 1, "the slot is away, or has not sent anything again yet");
    assert!(much_later.again, "then it is asked to");
    assert_eq!(found.seq, 4);
    assert_eq!(room.entries_of("event").len(), 4);
}

#[test]
fn a_gap_that_the_slot_leaves_out_again_does_not_hold_it_up_for_ever() {
    let mut room = Room::open(&night(1, "{}"));
    room.press(1, 1, "a");
    room.press(1, 3, "c");
    room.pass(secs(6));

    room.pass(secs(31));
    let again = ack(&room.press(1, 3, "c"));

    assert_eq!(again.seq, 3);
}

#[test]
fn what_is_sent_again_soon_after_the_core_is_back_proves_nothing() {
    let mut room = Room::open(&night(1, "{}"));
    room.press(1, 1, "a");
    room.press(1, 3, "c");
    room.pass(secs(40));
    lose_the_broker(&mut room);
    room.connect();

    let again = ack(&room.press(1, 3, "c"));

    assert_eq!(again.seq, 1, "2 may have gone to a broker at which the core did not listen yet");
}

#[test]
fn a_number_that_no_slot_has_reached_is_set_aside_and_counts_for_nothing() {
    let mut room = Room::open(&night(1, "{}"));
    room.press(1, 1, "a");

    for seq in [u64::MAX, u64::MAX - 1, 1 << 63, (1 << 63) - 1, 2_000_000_000] {
        room.press(1, seq, "b");
    }
    room.pass(secs(6));
    let honest = ack(&room.press(1, 2, "c"));

    assert_eq!(played(&room), ["a", "c"]);
    assert_eq!(honest.seq, 2);
    let counts = room.state().counts;
    assert_eq!((counts.missing, counts.quarantined), (0, 5));
    assert!(room.reader().quarantine(1).unwrap()[0].topic.contains(slot(1).as_str()));
}

#[test]
fn a_slot_that_sends_every_other_number_is_awaited_in_few_places() {
    let mut room = Room::open(&night(2, "{}"));

    let mad: Vec<_> = (1..=3_000).map(|n| room.event(1, 2 * n, "a")).collect();
    room.arrive(mad);
    room.pass(secs(6));
    let honest = ack(&room.press(2, 1, "b"));

    assert_eq!(honest.seq, 1);
    assert_eq!(room.entries_of("event").len(), 3_001);
    let mine = ack(&room.press(1, 6_001, "a"));
    assert_eq!(mine.seq, 2 * (3_000 - 64), "the oldest of what is awaited counts as lost");
}
