//! Texts in a game's settings that look like numbers, from the file, the operator and old journals.

use crate::room::{Room, main_room, operator};
use eg_core::engine::command::{Command, RefusedKind, ShowAct, ShowOrder};
use eg_core::engine::read_model::SessionStatus;
use serde_json::{Value, json};

const LOCK: &str = "rooms: { main: { slots: [slot-01], game: code-lock, config: { code: 0123 } } }";

/// Presses these keys, numbered from `from` on. Returns the session's status.
fn typed(room: &mut Room, keys: &str, from: u64) -> SessionStatus {
    for (seq, key) in (from..).zip(keys.chars()) {
        room.press(1, seq, &key.to_string());
    }
    room.session().status
}

fn settings(room: &Room) -> Value {
    room.reader().record(1).unwrap().unwrap().session.config
}

#[test]
fn a_code_that_begins_with_a_zero_is_kept_as_it_stands_in_the_file() {
    let mut room = Room::open(LOCK);
    room.start().unwrap();

    room.crash();

    assert_eq!(settings(&room), json!({ "code": "0123" }));
    assert_eq!(typed(&mut room, "0123", 1), SessionStatus::Done);
}

#[test]
fn a_number_that_is_sent_for_a_text_is_refused_with_the_reason() {
    let mut room = Room::open(LOCK);

    let config = room.start_game(None, Some(json!({ "code": 123 }))).unwrap_err();
    let show = json!({ "show": 7, "items": [
        { "name": "lock", "game": "code-lock", "config": { "code": 123, "keys": { "a": true } } } ] });
    let order = ShowOrder { act: ShowAct::Start, item: None, show: Some(show), reason: None };
    let by = operator();
    let show = room.ask(by, Command::Show { room: main_room(), order }).0;

    assert_eq!(config.kind, RefusedKind::Invalid);
    assert!(config.why.en.contains("code: wanted text, found 123; put it in quotes"), "{config:?}");
    let show = show.unwrap_err().why.en;
    for wrong in [
        "items[0].config.code: wanted text, found 123",
        "keys.a: wanted text, found true",
        "show: wanted text, found 7",
    ] {
        assert!(show.contains(wrong), "{show}");
    }
    assert!(room.start_game(None, Some(json!({ "code": "123" }))).is_ok());
}

#[test]
fn a_session_that_was_kept_with_a_number_goes_on_as_it_was_started() {
    let mut room = Room::open(LOCK);
    room.start().unwrap();
    let journal = rusqlite::Connection::open(&room.config.db).unwrap();
    journal.execute("UPDATE session SET config = '{\"code\":123.0}'", []).unwrap();
    drop(journal);

    room.crash();

    assert_eq!(room.session().status, SessionStatus::Running);
    assert_eq!(typed(&mut room, "123", 1), SessionStatus::Running);
    room.act("abort", json!({})).unwrap();
}
