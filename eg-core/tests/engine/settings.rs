//! Settings that an operator saves for a room: the next session has them, and a restart keeps them.

use crate::room::{Room, main_room, night, operator};
use eg_core::engine::command::{Command, RefusedKind};
use eg_core::engine::read_model::SavedSettings;
use serde_json::{Value, json};

fn save(room: &mut Room, settings: Option<Value>) -> Result<(), RefusedKind> {
    let command = Command::Settings { room: main_room(), settings };
    room.ask(operator(), command).0.map(drop).map_err(|refused| refused.kind)
}

fn saved(room: &mut Room) -> Option<SavedSettings> {
    room.state().settings[&main_room()].saved.clone()
}

/// Starts a session and returns the settings that it was started with.
fn started(room: &mut Room) -> Value {
    let session = room.start().unwrap();
    room.reader().record(session).unwrap().unwrap().session.config
}

#[test]
fn saved_settings_are_those_of_the_next_session_and_a_restart_keeps_them() {
    let mut room = Room::open(&night(2, "{ grace: 1s }"));

    save(&mut room, Some(json!({ "grace": "3s" }))).unwrap();
    room.crash();

    let kept = saved(&mut room).unwrap();
    assert_eq!((kept.by.as_str(), kept.config), ("operator", json!({ "grace": "3s" })));
    assert_eq!(started(&mut room), json!({ "grace": "3s" }));
}

#[test]
fn going_back_starts_with_the_file_again() {
    let mut room = Room::open(&night(2, "{ grace: 1s }"));
    save(&mut room, Some(json!({ "grace": "3s" }))).unwrap();

    save(&mut room, None).unwrap();

    assert_eq!(saved(&mut room), None);
    assert_eq!(started(&mut room), json!({ "grace": "1s" }));
}

#[test]
fn the_journal_names_who_saved_and_which_keys_but_not_their_values() {
    let mut room = Room::open(&night(2, "{ grace: 1s }"));

    save(&mut room, Some(json!({ "grace": "1s", "timeout": "42s" }))).unwrap();

    let act = room.entries_of("act").pop().unwrap().body;
    assert_eq!((&act["name"], &act["by"]), (&json!("settings"), &json!("operator")));
    assert_eq!(act["args"], json!({ "room": "main", "keys": ["timeout"] }));
}

#[test]
fn settings_that_the_game_does_not_know_are_not_saved() {
    let mut room = Room::open(&night(2, "{}"));

    let refused = save(&mut room, Some(json!({ "grce": "3s" })));

    assert_eq!(refused, Err(RefusedKind::Invalid));
    assert_eq!(saved(&mut room), None);
}

#[test]
fn settings_of_a_game_that_the_file_no_longer_names_are_left_out() {
    let mut room = Room::open(&night(2, "{}"));
    save(&mut room, Some(json!({ "grace": "3s" }))).unwrap();

    let named = room.config.rooms.get_mut(&main_room()).unwrap();
    (named.game, named.config) = ("buzzer".to_owned(), json!({}));
    room.crash();

    assert_eq!(saved(&mut room), None);
}
