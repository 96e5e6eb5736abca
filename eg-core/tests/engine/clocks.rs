//! Clock of a session: planned duration, pauses, outages, time that the operator gives, and silence.

use crate::room::{Room, START, night, secs};
use eg_core::engine::read_model::SessionClock;
use eg_proto::Timestamp;
use serde_json::json;
use std::time::Duration;

/// Two seats, and an hour to play.
fn hour() -> Room {
    let yaml = night(2, "{}").replace("game: night-vote", "game: night-vote, duration: 60m");
    let mut room = Room::open(&yaml);
    room.start().unwrap();
    room
}

fn clock(room: &mut Room) -> SessionClock {
    room.session().clock
}

fn later(minutes: u64) -> Timestamp {
    START + secs(minutes * 60)
}

/// Compares two moments to the second: the journal numbers moments by single microseconds.
fn close(at: Option<Timestamp>, expected: Timestamp) {
    let at = at.unwrap();
    let apart = at.since(expected).max(expected.since(at));
    assert!(apart < Duration::from_secs(1), "{at:?} is not {expected:?}");
}

#[test]
fn a_session_ends_after_the_planned_duration_and_a_pause_does_not_count() {
    let mut room = hour();
    close(clock(&mut room).ends, later(60));

    room.pass(secs(600));
    room.act("pause", json!({})).unwrap();
    close(clock(&mut room).stopped, later(10));
    room.pass(secs(300));
    room.act("resume", json!({})).unwrap();

    let clock = clock(&mut room);
    assert_eq!(clock.stopped, None);
    close(clock.ends, later(65));
    close(Some(clock.since), later(5));
}

#[test]
fn time_is_given_for_a_reason_kept_over_a_restart_and_undone() {
    let mut room = hour();
    let given = room.act("time", json!({ "minutes": 5 })).unwrap();
    close(clock(&mut room).ends, later(65));

    room.crash();
    close(clock(&mut room).ends, later(65));
    room.act("undo", json!({ "entry": given })).unwrap();

    close(clock(&mut room).ends, later(60));
}

#[test]
fn time_that_makes_no_sense_is_refused_and_changes_nothing() {
    let mut room = hour();
    let mut endless = Room::open(&night(2, "{}"));
    endless.start().unwrap();

    let much = room.act("time", json!({ "minutes": 100_000 })).unwrap_err();
    let words = room.act("time", json!({ "minutes": "five" })).unwrap_err();
    let none = endless.act("time", json!({ "minutes": 5 })).unwrap_err();

    assert!(much.why.en.contains("600") && words.why.en.contains("whole number"));
    assert!(none.why.en.contains("`duration`"), "{}", none.why.en);
    close(clock(&mut room).ends, later(60));
}

#[test]
fn a_press_ends_the_silence() {
    let mut room = hour();
    room.pass(secs(240));
    close(Some(clock(&mut room).moved), START);

    room.press(1, 1, "a");

    close(Some(clock(&mut room).moved), later(4));
}

#[test]
fn the_clock_stands_once_the_session_is_over() {
    let mut room = hour();
    room.pass(secs(120));

    room.act("abort", json!({})).unwrap();

    close(clock(&mut room).stopped, later(2));
}
