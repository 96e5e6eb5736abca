//! Roll-call before a session: players who do not press are named, and starting without them is recorded.

use crate::room::{Room, main_room, night, slot};
use eg_core::engine::command::RefusedKind;
use eg_core::engine::read_model::RollCall;
use serde_json::json;

fn roll(room: &mut Room) -> Option<RollCall> {
    room.state().rooms[&main_room()].roll_call.clone()
}

#[test]
fn everybody_who_presses_is_there_and_the_others_are_named() {
    let mut room = Room::open(&night(3, "{}"));
    room.roll_call(true).unwrap();

    room.press(3, 1, "b");
    room.press(1, 1, "a");
    room.press(1, 2, "a");

    let roll = roll(&mut room).unwrap();
    assert_eq!(roll.present, [slot(1), slot(3)]);
    assert_eq!(roll.missing, [slot(2)]);
}

#[test]
fn a_button_that_is_let_go_answers_no_roll_call() {
    let mut room = Room::open(&night(1, "{}"));
    room.roll_call(true).unwrap();

    let release = room.release(1, 1, "a");
    room.arrive([release]);

    assert_eq!(roll(&mut room).unwrap().missing, [slot(1)]);
}

#[test]
fn starting_without_somebody_asks_for_a_reason_and_names_them_in_the_journal() {
    let mut room = Room::open(&night(2, "{}"));
    room.roll_call(true).unwrap();
    room.press(1, 1, "a");

    let silent = room.start().unwrap_err();
    room.start_because(None, None, Some("her button is being mended")).unwrap();

    assert_eq!(silent.kind, RefusedKind::Conflict);
    assert!(silent.why.en.contains("slot-02"), "{}", silent.why.en);
    let start = room.entries_of("act").pop().unwrap().body;
    assert_eq!(start["args"]["without"], json!(["slot-02"]));
    assert_eq!(start["reason"], "her button is being mended");
    assert_eq!(roll(&mut room), None, "the session has begun");
}

#[test]
fn a_full_house_starts_without_a_word() {
    let mut room = Room::open(&night(2, "{}"));
    room.roll_call(true).unwrap();
    room.press(1, 1, "a");
    room.press(2, 1, "a");

    assert_eq!(room.start(), Ok(1));
    assert_eq!(room.entries_of("act").pop().unwrap().body["args"].get("without"), None);
}

#[test]
fn a_restarted_core_knows_who_has_answered() {
    let mut room = Room::open(&night(2, "{}"));
    room.roll_call(true).unwrap();
    room.press(2, 1, "a");
    let before = roll(&mut room);

    room.crash();

    assert_eq!(roll(&mut room), before);
    assert_eq!(before.unwrap().missing, [slot(1)]);
}

#[test]
fn a_roll_call_is_ended_and_is_none_of_a_running_session() {
    let mut room = Room::open(&night(1, "{}"));
    room.roll_call(true).unwrap();
    room.roll_call(false).unwrap();
    let ended = roll(&mut room);
    room.start().unwrap();

    let during = room.roll_call(true).unwrap_err();

    assert_eq!(ended, None);
    assert_eq!(during.kind, RefusedKind::Conflict);
}

#[test]
fn an_empty_house_has_no_roll_to_call() {
    let mut room = Room::open("{}");

    assert_eq!(room.roll_call(true).unwrap_err().kind, RefusedKind::Conflict);
}
