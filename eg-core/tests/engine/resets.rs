//! Reset of a room between two groups: lines of its file and outputs that stayed on, each ticked by somebody.

use crate::room::{Room, main_room, night};
use eg_core::engine::command::{Command, RefusedKind};
use serde_json::json;

fn room() -> Room {
    let lines = "reset: [Close the safe, Light the candles]";
    Room::open(&night(2, "{}").replace("game: night-vote", &format!("game: night-vote, {lines}")))
}

fn tick(line: &str, done: bool) -> Command {
    Command::Reset { room: main_room(), line: line.to_owned(), done }
}

fn lines(room: &mut Room) -> Vec<(String, Option<String>)> {
    let state = room.state();
    let lines = &state.rooms[&main_room()].reset;
    lines.iter().map(|line| (line.what.en.clone(), line.by.clone())).collect()
}

#[test]
fn a_tick_tells_who_ticked_is_kept_over_a_restart_and_taken_back() {
    let mut room = room();
    room.command(tick("Close the safe", true)).unwrap();
    room.crash();

    let ticked = lines(&mut room);
    room.command(tick("Close the safe", false)).unwrap();

    assert_eq!(ticked[0], ("Close the safe".to_owned(), Some("operator".to_owned())));
    assert_eq!(ticked[1], ("Light the candles".to_owned(), None));
    assert!(lines(&mut room).iter().all(|(_, by)| by.is_none()));
    let acts: Vec<_> = room.entries_of("act").into_iter().map(|act| act.body).collect();
    assert_eq!(acts[0]["name"], "reset-room");
    assert_eq!(acts[0]["args"]["line"], "Close the safe");
}

#[test]
fn a_line_that_is_not_there_cannot_be_ticked() {
    let mut room = room();

    let unknown = room.command(tick("Burn the village", true)).unwrap_err();

    assert_eq!(unknown.kind, RefusedKind::Conflict);
    assert_eq!(room.entries_of("act").len(), 0);
}

#[test]
fn every_line_is_open_again_after_the_next_session() {
    let mut room = room();
    room.command(tick("Close the safe", true)).unwrap();
    room.start().unwrap();
    let running = lines(&mut room);

    room.act("abort", json!({})).unwrap();

    assert!(running.is_empty(), "while a session runs there is nothing to put back");
    assert_eq!(lines(&mut room).len(), 2);
    assert!(lines(&mut room).iter().all(|(_, by)| by.is_none()));
}
