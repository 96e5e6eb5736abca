//! Sessions from start to end, and the acts of the operator.

use crate::room::{Room, main_room, night, secs};
use eg_core::engine::command::RefusedKind;
use eg_core::engine::read_model::SessionStatus;
use eg_proto::{RoomState, Topic, decode};
use serde_json::json;

#[test]
fn a_room_plays_one_session_at_a_time() {
    let mut room = Room::open(&night(2, "{}"));
    room.start().unwrap();

    let second = room.start().unwrap_err();
    room.act("abort", json!({})).unwrap();
    let third = room.start();

    assert_eq!(second.kind, RefusedKind::Conflict);
    assert_eq!(third, Ok(2));
}

#[test]
fn settings_that_do_not_fit_are_refused_with_their_place() {
    let mut room = Room::open(&night(2, "{}"));

    let refused = room.start_game(None, Some(json!({ "grace": "2s", "rul": "majority" })));

    let refused = refused.unwrap_err();
    assert_eq!(refused.kind, RefusedKind::Invalid);
    assert!(refused.why.en.contains(r#"did you mean "rule"?"#), "{}", refused.why.en);
}

#[test]
fn a_game_without_an_abort_of_its_own_is_called_off_all_the_same() {
    let mut room = Room::open(&night(2, "{}"));
    room.start_game(Some("fragile"), None).unwrap();

    room.act("abort", json!({})).unwrap();

    assert_eq!(room.session().status, SessionStatus::Aborted);
    assert!(room.entries_of("refused").is_empty());
}

#[test]
fn an_act_that_the_game_refuses_is_written_down_and_answered() {
    let mut room = Room::open(&night(2, "{}"));
    room.start().unwrap();

    let refused = room.act("close", json!({})).unwrap_err();

    assert_eq!(refused.kind, RefusedKind::Conflict);
    let acts = room.entries_of("act");
    assert_eq!(acts.last().unwrap().body["name"], "close");
    assert_eq!(room.entries_of("refused")[0].body["entry"], acts.last().unwrap().id);
}

#[test]
fn a_reveal_is_written_down_and_ends_with_the_question() {
    let mut room = Room::open(&night(2, "{ grace: 0s }"));
    room.start().unwrap();
    room.act("open", json!({ "question": "Who?", "options": ["A", "B"] })).unwrap();

    room.act("reveal", json!({})).unwrap();
    let revealed = room.session().revealed;
    room.act("open", json!({ "question": "And?", "options": ["A", "B"], "replace": true }))
        .unwrap();

    assert!(revealed);
    assert!(!room.session().revealed);
    assert!(room.entries_of("act").iter().any(|entry| entry.body["name"] == "reveal"));
}

#[test]
fn votes_name_no_choice_before_the_reveal() {
    let mut room = Room::open(&night(2, "{}"));
    let session = room.start().unwrap();
    room.act("open", json!({ "question": "Who?", "options": ["A", "B"] })).unwrap();
    room.press(1, 1, "a");

    let secret = room.reader().votes(session, 0, 99).unwrap();
    room.act("reveal", json!({})).unwrap();
    let open = room.reader().votes(session, 0, 99).unwrap();

    assert_eq!(secret[0].body.get("input"), None);
    assert_eq!(open[0].body["input"], "a");
}

#[test]
fn the_public_state_of_a_room_is_told_when_it_changes_and_never_the_tally() {
    let mut room = Room::open(&night(2, "{}"));
    room.start().unwrap();
    room.act("open", json!({ "question": "Who?", "options": ["A", "B"] })).unwrap();

    let round = room.press(1, 1, "a");

    let post = round.messages.iter().find(|post| post.retained).unwrap();
    assert_eq!(post.topic, Topic::RoomState(main_room()));
    let told: RoomState = decode(&post.payload).unwrap();
    assert_eq!(told.phase.as_deref(), Some("open"));
    assert!(!told.view.to_string().contains("tally"), "{}", told.view);
}

#[test]
fn a_timer_runs_out_at_its_time_and_is_written_down() {
    let mut room = Room::open("rooms: { main: { slots: [slot-01], game: fragile, config: {} } }");
    room.start().unwrap();
    room.press(1, 1, "bell");

    room.pass(secs(9));
    let early = room.session().explain.en;
    room.pass(secs(1));

    assert_eq!(early, "1 presses, 0 rings");
    assert_eq!(room.session().explain.en, "1 presses, 1 rings");
    assert_eq!(room.entries_of("timer").len(), 1);
}

#[test]
fn a_room_without_named_slots_takes_those_that_are_online() {
    let mut room = Room::open("{}");
    room.greet(1);
    room.greet(2);

    room.start().unwrap();
    room.greet(3);
    room.act("open", json!({ "question": "Who?", "options": ["A", "B"] })).unwrap();

    assert_eq!(room.turnout(), (0, 2), "the roster is fixed at the start");
}

#[test]
fn a_slot_that_is_lost_is_told_to_its_game_and_still_counts() {
    let mut room = Room::open(&night(2, "{}"));
    room.greet(1);
    room.greet(2);
    room.start().unwrap();
    room.act("open", json!({ "question": "Who?", "options": ["A", "B"] })).unwrap();
    let whole = room.session().operator;

    room.leave(2);
    let lost = room.session().operator;
    room.crash();

    assert_ne!(lost, whole);
    assert_eq!(room.turnout(), (0, 2));
    assert_eq!(room.session().operator, lost, "it is rebuilt too");
}

#[test]
fn a_player_who_is_killed_is_expected_no_more() {
    let mut room = Room::open(&night(3, "{}"));
    room.start().unwrap();
    room.act("open", json!({ "question": "Who?", "options": ["A", "B"] })).unwrap();

    room.act("kill", json!({ "slot": "slot-02" })).unwrap();
    let after = room.turnout();
    room.crash();

    assert_eq!(after, (0, 2));
    assert_eq!(room.turnout(), (0, 2));
}
