//! Undo of the operator's acts: the session is then what it would be without the act, and both stay recorded.

use crate::room::{Room, main_room, night, operator, secs, slot};
use eg_core::engine::command::{Command, RefusedKind};
use eg_core::engine::read_model::{ActRecord, SessionStatus};
use eg_proto::{SlotQuestion, Topic, decode};
use serde_json::{Value, json};

fn open(room: &mut Room) {
    room.start().unwrap();
    room.act("open", json!({ "question": "Who?", "options": ["A", "B"] })).unwrap();
}

fn undo(room: &mut Room, entry: i64) {
    room.act("undo", json!({ "entry": entry })).unwrap();
}

fn acts(room: &mut Room) -> Vec<ActRecord> {
    room.session().acts
}

fn texts(says: &[eg_game::Text]) -> String {
    says.iter().map(|say| say.en.clone()).collect::<Vec<_>>().join("\n")
}

#[test]
fn an_act_is_shown_with_what_stood_before_and_what_after() {
    let mut room = Room::open(&night(3, "{}"));
    open(&mut room);

    room.act("kill", json!({ "slot": "slot-02" })).unwrap();

    let kill = acts(&mut room).pop().unwrap();
    assert_eq!((kill.name.as_str(), kill.label.en.as_str()), ("kill", "Kill"));
    assert_eq!((kill.by.as_str(), kill.reason.as_deref()), ("operator", Some("a test")));
    assert!(texts(&kill.before).contains("0/3"), "{kill:?}");
    assert!(texts(&kill.after).contains("0/2"), "{kill:?}");
    assert!(texts(&kill.after).contains("slot-02: out of the game"), "{kill:?}");
    assert!(kill.can_undo);
}

#[test]
fn an_undone_kill_brings_the_player_back_with_the_vote_they_had() {
    let mut room = Room::open(&night(3, "{}"));
    open(&mut room);
    room.press(2, 1, "a");
    let kill = room.act("kill", json!({ "slot": "slot-02" })).unwrap();
    let without = room.turnout();

    undo(&mut room, kill);

    assert_eq!(without, (0, 2));
    assert_eq!(room.turnout(), (1, 3));
    let acts = acts(&mut room);
    let undone: Vec<_> = acts.iter().map(|act| (act.name.as_str(), act.undone.is_some())).collect();
    assert_eq!(undone, [("start", false), ("open", false), ("kill", true), ("undo", false)]);
    let written = room.entries_of("act");
    let names: Vec<_> = written.iter().map(|act| act.body["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["start", "open", "kill", "undo"], "nothing is taken out of the journal");
    assert_eq!(written[3].body["reason"], "a test");
}

#[test]
fn what_players_did_meanwhile_counts_as_if_the_act_had_never_been() {
    let mut room = Room::open(&night(2, "{ grace: 0s }"));
    open(&mut room);
    let pause = room.act("pause", json!({})).unwrap();
    room.press(1, 1, "a");
    let paused = room.turnout();

    undo(&mut room, pause);

    assert_eq!((paused, room.turnout()), ((0, 2), (1, 2)));
}

#[test]
fn a_session_that_an_act_has_ended_goes_on_when_that_is_undone() {
    let mut room = Room::open(&night(2, "{ timeout: 60s }"));
    open(&mut room);
    room.press(1, 1, "a");
    room.pass(secs(10));
    let abort = room.act("abort", json!({})).unwrap();
    let ended = room.session().status;
    room.pass(secs(300));

    undo(&mut room, abort);
    let after = (room.session().status, room.turnout());
    room.pass(secs(49));
    let shortly_before = room.session().operator.phase;
    room.pass(secs(2));

    assert_eq!(ended, SessionStatus::Aborted);
    assert_eq!(after, (SessionStatus::Running, (1, 2)));
    assert_eq!(shortly_before, "open", "the time in which it was over does not count");
    assert_ne!(room.session().operator.phase, "open");
}

#[test]
fn the_world_is_told_the_question_again_when_its_close_is_undone() {
    let mut room = Room::open(&night(2, "{ grace: 0s }"));
    open(&mut room);
    room.press(1, 1, "a");
    let close = room.act("close", json!({})).unwrap();

    let (name, args) = ("undo".to_owned(), json!({ "entry": close }));
    let args: serde_json::Map<String, Value> = serde_json::from_value(args).unwrap();
    let (place, by, reason) = (main_room(), operator(), Some("too early".to_owned()));
    let (done, round) = room.ask(by, Command::Act { room: place, name, args, reason });

    done.unwrap();
    let told = round.messages.iter().find(|post| post.topic == Topic::Question(slot(1))).unwrap();
    assert_eq!(decode::<SlotQuestion>(&told.payload).unwrap().question, "Who?");
    assert_eq!(room.turnout(), (1, 2));
}

#[test]
fn a_restarted_core_knows_the_same_acts_and_the_same_state() {
    let mut room = Room::open(&night(3, "{ timeout: 60s }"));
    open(&mut room);
    room.press(1, 1, "a");
    let extend = room.act("extend", json!({ "seconds": 30 })).unwrap();
    room.press(2, 1, "b");
    let kill = room.act("kill", json!({ "slot": "slot-03" })).unwrap();
    undo(&mut room, extend);
    room.pass(secs(1));
    undo(&mut room, kill);
    let before = room.session();

    room.crash();

    let mut after = room.session();
    after.resumed = before.resumed;
    assert_eq!(after, before);
}

#[test]
fn an_undone_extension_lets_the_time_run_out_as_it_would_have() {
    let mut room = Room::open(&night(2, "{ timeout: 60s }"));
    open(&mut room);
    let extend = room.act("extend", json!({ "seconds": 600 })).unwrap();
    room.pass(secs(90));
    let extended = room.session().operator.phase;

    undo(&mut room, extend);

    assert_eq!(extended, "open");
    assert_ne!(room.session().operator.phase, "open", "the minute is long over");
}

#[test]
fn an_undo_asks_for_a_reason_and_an_act_that_can_be_undone() {
    let mut room = Room::open(&night(2, "{}"));
    open(&mut room);
    let reveal = room.act("reveal", json!({})).unwrap();
    let (place, name, by) = (main_room(), "undo".to_owned(), operator());
    let args = serde_json::from_value(json!({ "entry": reveal })).unwrap();

    let silent = room.ask(by, Command::Act { room: place, name, args, reason: None }).0;
    let revealed = room.act("undo", json!({ "entry": reveal }));
    let unknown = room.act("undo", json!({ "entry": 4711 }));
    let nothing = room.act("undo", json!({}));

    assert_eq!(silent.unwrap_err().kind, RefusedKind::Invalid);
    assert!(revealed.unwrap_err().why.en.contains("cannot be undone"));
    assert!(unknown.unwrap_err().why.en.contains("none of the latest"));
    assert_eq!(nothing.unwrap_err().kind, RefusedKind::Invalid);
    assert!(!room.entries_of("act").iter().any(|entry| entry.body["name"] == "undo"));
}

#[test]
fn what_is_undone_cannot_be_undone_twice() {
    let mut room = Room::open(&night(3, "{}"));
    open(&mut room);
    let kill = room.act("kill", json!({ "slot": "slot-02" })).unwrap();
    undo(&mut room, kill);

    let again = room.act("undo", json!({ "entry": kill }));

    assert!(again.unwrap_err().why.en.contains("undone already"));
}
