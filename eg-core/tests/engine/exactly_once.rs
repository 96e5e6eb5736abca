//! Exactly once: every press counts once, whatever the network does to it.

use crate::room::{Room, night, slot};
use proptest::prelude::*;
use serde_json::json;

#[test]
fn a_press_that_comes_again_is_stored_once_and_acknowledged_again() {
    let mut room = Room::open(&night(1, "{}"));

    let first = room.press(1, 1, "a");
    let again = room.press(1, 1, "a");

    assert_eq!(room.entries_of("event").len(), 1);
    assert_eq!(room.state().counts.duplicates, 1);
    assert_eq!(first.acks[0].1.seq, 1);
    assert_eq!(again.acks, first.acks);
}

#[test]
fn a_backlog_is_acknowledged_up_to_its_last_event() {
    let mut room = Room::open(&night(1, "{}"));
    let backlog: Vec<_> = (1..=40).map(|seq| room.event(1, seq, "a")).collect();

    let round = room.arrive(backlog);

    let acks: Vec<_> = round.acks.iter().map(|(slot, ack)| (slot.clone(), ack.seq)).collect();
    assert_eq!(acks, [(slot(1), 40)]);
}

#[test]
fn a_press_of_a_slot_outside_the_room_is_stored_and_not_played() {
    let mut room = Room::open(&night(1, "{ grace: 0s }"));
    room.start().unwrap();
    room.act("open", json!({ "question": "?", "options": ["A", "B"] })).unwrap();

    room.press(2, 1, "a");

    assert_eq!(room.turnout(), (0, 1));
    assert_eq!(room.entries_of("event")[0].session, None);
}

#[test]
fn a_refused_press_is_stored_with_its_reason() {
    let mut room = Room::open(&night(1, "{}"));
    let session = room.start().unwrap();

    room.press(1, 1, "a");

    let refused = room.entries_of("refused");
    assert_eq!(refused[0].session, Some(session));
    assert_eq!(refused[0].slot, Some(slot(1)));
    assert!(!refused[0].body["why"]["en"].as_str().unwrap().is_empty(), "{refused:?}");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    #[test]
    fn any_order_of_repeats_gives_the_same_tally(
        choices in proptest::collection::vec(0..3_usize, 9),
        repeats in proptest::collection::vec(0..24_usize, 0..60),
        cut in 1..40_usize,
    ) {
        let mut room = Room::open(&night(9, "{ grace: 0s, tie: none }"));
        room.start().unwrap();
        room.act("open", json!({ "question": "?", "options": ["A", "B", "C"] })).unwrap();
        // Each of eight slots changes its mind once: first C, then its choice. The ninth votes last of all.
        let keys = ["a", "b", "c"];
        let mut all = Vec::new();
        for (seq, span) in (1..=3).zip([1, 2, 3]) {
            room.clock_passes_without_a_round(crate::room::secs(span));
            all.extend((1..=8).map(|n| match seq {
                1 => room.event(n, 1, "c"),
                2 => room.release(n, 2, "c"),
                _ => room.event(n, 3, keys[choices[n - 1]]),
            }));
        }
        let ninth = room.event(9, 1, keys[choices[8]]);
        let mut traffic: Vec<_> = repeats.iter().map(|place| all[place % 24].clone()).collect();
        traffic.extend(all.clone());
        traffic.extend(repeats.iter().map(|place| all[place % 24].clone()));
        traffic.push(ninth);

        for part in traffic.chunks(cut) {
            room.arrive(part.iter().cloned());
        }
        room.pass(crate::room::secs(1));

        let results = room.entries_of("result");
        prop_assert_eq!(results.len(), 1);
        prop_assert_eq!(&results[0].body["votes"], 9);
        let mut tally = [0; 3];
        choices.iter().for_each(|choice| tally[*choice] += 1);
        for (name, votes) in ["A", "B", "C"].iter().zip(tally) {
            prop_assert_eq!(&results[0].body["tally"][name], votes);
        }
        prop_assert_eq!(room.state().counts.stored, 25);
        prop_assert_eq!(room.state().counts.duplicates, 2 * repeats.len() as u64);
    }
}
