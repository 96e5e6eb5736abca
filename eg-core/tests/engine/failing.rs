//! Failing games: a panic takes down its session and nothing else.

use crate::room::{Room, slot};
use eg_core::engine::read_model::SessionStatus;

const TWO_ROOMS: &str = "rooms:
  main: { slots: [slot-01], game: fragile, config: {} }
  other: { slots: [slot-02], game: fragile, config: {} }";

fn two_rooms() -> Room {
    let mut room = Room::open(TWO_ROOMS);
    room.start().unwrap();
    let (other, by) = ("other".parse().unwrap(), crate::room::operator());
    let (game, config, reason) = (None, None, None);
    let start = eg_core::engine::command::Command::Start { room: other, game, config, reason };
    room.ask(by, start).0.unwrap();
    room
}

fn failed(why: &str) -> SessionStatus {
    SessionStatus::Failed(why.to_owned())
}

#[test]
fn a_panic_fails_its_session_alone_and_is_shown() {
    let mut room = two_rooms();

    let round = room.press(1, 1, "boom");
    room.press(2, 1, "bell");

    assert_eq!(room.session().status, failed("the fuse was lit"));
    assert_eq!(round.acks[0].1.seq, 1, "the press itself is stored");
    let state = room.state();
    let other = state.rooms["other"].session.as_ref().unwrap();
    assert_eq!(other.status, SessionStatus::Running);
    assert_eq!(other.explain.en, "1 presses, 0 rings");
    assert!(state.troubles.iter().any(|trouble| trouble.en.contains("the fuse was lit")));
}

#[test]
fn a_failed_session_stays_failed_after_a_restart_and_another_can_start() {
    let mut room = two_rooms();
    room.press(1, 1, "bell");
    room.press(1, 2, "boom");

    room.crash();
    let after = room.session();
    let next = room.start();

    assert_eq!(after.status, failed("the fuse was lit"));
    assert_eq!(after.explain.en, "1 presses, 0 rings");
    assert!(next.is_ok());
    assert_eq!(room.session().status, SessionStatus::Running);
}

#[test]
fn a_panic_in_what_it_shows_fails_the_session_too() {
    let mut room = two_rooms();

    room.press(1, 1, "mirror");

    assert_eq!(room.session().status, failed("it cannot bear to be looked at"));
    room.crash();
    assert_eq!(room.session().status, failed("it cannot bear to be looked at"));
}

#[test]
fn a_game_whose_timers_never_end_fails_and_the_rest_goes_on() {
    let mut room = two_rooms();

    room.press(1, 1, "loop");
    room.press(2, 1, "bell");

    assert_eq!(room.session().status, failed("its timers run out without end"));
    assert_eq!(room.entries_of("event").last().unwrap().slot, Some(slot(2)));
}
