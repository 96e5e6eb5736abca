//! Restarts: a core that dies goes on where it was, with the same session, the same tally and the same result.

use crate::room::{Room, night, secs, slot};
use serde_json::json;

fn ballot_of_nine() -> Room {
    let mut room = Room::open(&night(9, "{ grace: 2s, timeout: 60s, missing: abstain }"));
    room.start().unwrap();
    room.act("open", json!({ "question": "Who?", "options": ["A", "B"] })).unwrap();
    for number in 1..=5 {
        room.press(number, 1, "a");
    }
    room
}

#[test]
fn a_kill_in_mid_ballot_changes_nothing_but_the_word_resumed() {
    let mut room = ballot_of_nine();
    let before = room.session();

    room.crash();

    let after = room.session();
    assert!(after.resumed);
    assert_eq!(eg_core::engine::read_model::Session { resumed: false, ..after }, before);
    assert_eq!(room.turnout(), (5, 9));
}

#[test]
fn the_result_is_the_same_with_a_kill_between_any_two_votes() {
    let mut whole = ballot_of_nine();
    let mut broken = ballot_of_nine();

    for number in 6..=9 {
        whole.press(number, 1, "b");
        broken.crash();
        broken.press(number, 1, "b");
        // The agent had no answer from the one that died, and sends everything again.
        broken.press(number, 1, "b");
    }
    whole.pass(secs(3));
    broken.crash();
    broken.pass(secs(3));

    let (one, other) = (whole.entries_of("result"), broken.entries_of("result"));
    assert_eq!((one.len(), other.len()), (1, 1));
    assert_eq!(one[0].body, other[0].body);
    assert_eq!(one[0].body["outcome"], "A");
}

#[test]
fn an_outage_does_not_count_as_time() {
    let mut room = ballot_of_nine();
    room.pass(secs(20));

    room.crash_for(secs(3600));
    room.pass(secs(35));
    let before = room.entries_of("result").len();
    room.pass(secs(10));

    assert_eq!(before, 0, "60 s were asked for, and about 55 had passed");
    assert_eq!(room.entries_of("result").len(), 1);
    let resumed = &room.entries_of("resumed")[0];
    assert!(resumed.body["outage_us"].as_u64().unwrap() >= 3_600_000_000);
}

#[test]
fn a_finished_session_is_still_shown_after_a_restart() {
    let mut room = ballot_of_nine();
    room.act("abort", json!({})).unwrap();
    let before = room.session();

    room.crash();

    assert_eq!(room.session(), before);
    assert!(room.entries_of("resumed").is_empty());
}

#[test]
fn a_result_that_was_stored_and_not_sent_is_sent_after_the_restart() {
    let mut room = Room::open(&format!("compat: true\n{}", night(1, "{ grace: 0s }")));
    room.start().unwrap();
    room.act("open", json!({ "question": "Who?", "options": ["A", "B"] })).unwrap();
    room.press(1, 1, "a");

    room.crash();
    let told = room.connect();

    let results = told.messages.iter().filter(|post| post.topic == eg_proto::Topic::NightResult);
    assert_eq!(results.count(), 1);
}

#[test]
fn an_effect_that_the_broker_has_is_never_sent_again() {
    let mut room = Room::open(&format!("compat: true\n{}", night(1, "{ grace: 0s }")));
    room.start().unwrap();
    room.act("open", json!({ "question": "Who?", "options": ["A", "B"] })).unwrap();
    let round = room.press(1, 1, "a");
    let sent = round.messages.iter().filter_map(|post| post.effect);
    let sent: Vec<_> = sent.map(eg_core::ingest::Arrival::Sent).collect();
    room.arrive(sent);
    room.pass(secs(1));

    room.crash();
    let told = room.connect();

    let results = told.messages.iter().filter(|post| post.topic == eg_proto::Topic::NightResult);
    assert_eq!(results.count(), 0);
}

#[test]
fn what_a_slot_has_is_known_before_it_says_it_again() {
    let mut room = Room::open("{}");
    room.greet(1);

    room.crash();

    let state = room.state();
    let known = &state.slots[&slot(1)];
    assert_eq!(known.devices[0].driver, "button-row");
    assert_eq!(known.presence, eg_proto::Presence::Offline);
}
