//! Every press counts once, whatever the network does to it.

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
        repeats in proptest::collection::vec(0..18_usize, 0..60),
        cut in 1..40_usize,
    ) {
        let mut room = Room::open(&night(9, "{ grace: 0s, tie: none }"));
        room.start().unwrap();
        room.act("open", json!({ "question": "?", "options": ["A", "B", "C"] })).unwrap();
        // Each slot changes its mind once: first C, then its choice.
        let keys = ["a", "b", "c"];
        let mut all: Vec<_> = (1..=9).map(|n| room.event(n, 1, "c")).collect();
        all.extend((1..=9).map(|n| room.event(n, 2, keys[choices[n - 1]])).collect::<Vec<_>>());
        // The grace is zero, so the ninth slot votes last of all.
        let last = all.remove(17);
        let ninth = all.remove(8);
        let mut traffic: Vec<_> = repeats.iter().map(|place| all[place % 16].clone()).collect();
        traffic.extend(all.clone());
        traffic.push(ninth);
        traffic.extend(repeats.iter().map(|place| all[place % 16].clone()));
        traffic.push(last);

        for part in traffic.chunks(cut) {
            room.arrive(part.iter().cloned());
        }
        room.pass(crate::room::secs(1));

        let results = room.entries_of("result");
        prop_assert_eq!(results.len(), 1);
        prop_assert_eq!(&results[0].body["votes"], 9);
        let mut tally = [0; 3];
        choices[..8].iter().for_each(|choice| tally[*choice] += 1);
        // The ninth slot's first choice completed the ballot.
        tally[2] += 1;
        for (name, votes) in ["A", "B", "C"].iter().zip(tally) {
            prop_assert_eq!(&results[0].body["tally"][name], votes);
        }
        prop_assert_eq!(room.state().counts.stored, 18);
        prop_assert_eq!(room.state().counts.duplicates, 2 * repeats.len() as u64);
    }
}
