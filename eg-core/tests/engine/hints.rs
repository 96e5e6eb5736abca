//! Hints that the operator shows to the room or to one slot.

use crate::room::{Room, main_room, night, slot};
use eg_core::engine::command::RefusedKind;
use eg_proto::{Hint, RoomState, Topic, decode};
use serde_json::json;

#[test]
fn a_hint_for_a_slot_is_told_to_that_slot_alone_and_kept_for_its_page() {
    let mut room = Room::open(&night(2, "{}"));
    room.start().unwrap();

    let round = room.act_round("hint", json!({ "slot": "slot-02", "text": "Look up" })).1;

    let hints: Vec<_> =
        round.messages.iter().filter(|post| matches!(post.topic, Topic::Hint(_))).collect();
    assert_eq!(hints.len(), 1);
    assert_eq!((&hints[0].topic, hints[0].retained), (&Topic::Hint(slot(2)), true));
    assert_eq!(decode::<Hint>(&hints[0].payload).unwrap().text, "Look up");
}

#[test]
fn a_hint_for_the_room_stands_in_its_public_state() {
    let mut room = Room::open(&night(2, "{}"));
    room.start().unwrap();

    let round = room.act_round("hint", json!({ "text": "Count the candles" })).1;

    let state = round.messages.iter().find(|post| post.topic == Topic::RoomState(main_room()));
    let state: RoomState = decode(&state.unwrap().payload).unwrap();
    assert_eq!(state.hint.as_deref(), Some("Count the candles"));
}

#[test]
fn a_hint_is_an_act_that_is_written_down_shown_and_undone() {
    let mut room = Room::open(&night(2, "{}"));
    room.start().unwrap();
    let hint = room.act("hint", json!({ "slot": "slot-01", "text": "Look up" })).unwrap();
    let given = room.session();

    let round = room.act_round("undo", json!({ "entry": hint })).1;

    assert_eq!(given.hints.len(), 1);
    assert_eq!(given.acts.last().unwrap().after[0].en, "hint at slot-01: Look up");
    assert!(room.session().hints.is_empty());
    let cleared = round.messages.iter().find(|post| post.topic == Topic::Hint(slot(1))).unwrap();
    assert!(cleared.payload.is_empty(), "the broker forgets it too");
}

#[test]
fn hints_end_with_their_session_and_survive_a_restart() {
    let mut room = Room::open(&night(2, "{}"));
    room.start().unwrap();
    room.act("hint", json!({ "slot": "slot-01", "text": "Look up" })).unwrap();
    room.crash();
    let round = room.connect();
    let again = round.messages.iter().any(|post| post.topic == Topic::Hint(slot(1)));

    let round = room.act_round("abort", json!({})).1;

    assert!(again, "a core that comes back says it again");
    assert!(room.session().hints.is_empty());
    let cleared = round.messages.iter().find(|post| post.topic == Topic::Hint(slot(1))).unwrap();
    assert!(cleared.payload.is_empty());
}

#[test]
fn a_hint_for_nobody_or_without_end_is_refused() {
    let mut room = Room::open(&night(2, "{}"));
    room.start().unwrap();

    let nobody = room.act("hint", json!({ "slot": "slot-77", "text": "Look up" })).unwrap_err();
    let endless = room.act("hint", json!({ "text": "x".repeat(401) })).unwrap_err();

    assert_eq!(nobody.kind, RefusedKind::Conflict);
    assert!(nobody.why.en.contains("slot-01, slot-02"), "{}", nobody.why.en);
    assert!(endless.why.en.contains("400"), "{}", endless.why.en);
}
