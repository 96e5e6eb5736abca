//! Day and night: of one room or of all, kept over a restart, and told to slots, displays and older installations.

use crate::room::{Room, main_room, operator, slot};
use eg_core::engine::Committed;
use eg_core::engine::command::{Command, RefusedKind};
use eg_core::journal::Kind;
use eg_proto::{Mode, ModeState, RoomId, SlotScene, Topic, decode};
use serde_json::json;

const TWO_ROOMS: &str = "
compat_room: main
rooms:
  crypt: { slots: [slot-02] }
  main: { slots: [slot-01] }
";

fn set(room: &mut Room, of: Option<RoomId>, mode: Mode) -> Committed {
    let (done, round) = room.ask(operator(), Command::Mode { room: of, mode });
    assert_eq!(done, Ok(0));
    round
}

/// Returns the mode that a round tells older installations, and those that it tells the screens of two slots.
fn told(round: &Committed) -> (Option<Mode>, [Option<Mode>; 2]) {
    let find =
        |topic: Topic| round.messages.iter().rfind(|post| post.topic == topic && post.retained);
    let scene = |number| {
        let post = find(Topic::Scene(slot(number)))?;
        Some(decode::<SlotScene>(&post.payload).unwrap().mode)
    };
    let old = find(Topic::Mode).map(|post| decode::<ModeState>(&post.payload).unwrap().mode);
    (old, [scene(1), scene(2)])
}

fn modes(room: &mut Room) -> [Mode; 2] {
    let rooms = &room.state().rooms;
    [rooms["main"].mode, rooms["crypt"].mode]
}

#[test]
fn the_mode_of_all_rooms_is_told_and_survives_a_restart() {
    let mut room = Room::open(TWO_ROOMS);

    let round = set(&mut room, None, Mode::Night);
    room.crash();

    assert_eq!(told(&round), (Some(Mode::Night), [Some(Mode::Night); 2]));
    assert_eq!(modes(&mut room), [Mode::Night; 2]);
}

#[test]
fn one_room_turns_to_night_and_the_other_stays() {
    let mut room = Room::open(TWO_ROOMS);
    set(&mut room, None, Mode::Day);

    let other = set(&mut room, Some("crypt".parse().unwrap()), Mode::Night);
    let between = modes(&mut room);
    let own = set(&mut room, Some(main_room()), Mode::Night);
    set(&mut room, Some("crypt".parse().unwrap()), Mode::Day);
    room.crash();

    assert_eq!(told(&other), (None, [None, Some(Mode::Night)]), "it is not the old topic's room");
    assert_eq!(between, [Mode::Day, Mode::Night]);
    assert_eq!(told(&own), (Some(Mode::Night), [Some(Mode::Night), None]));
    assert_eq!(modes(&mut room), [Mode::Night, Mode::Day]);
    assert_eq!(room.state().mode, Mode::Night);
}

#[test]
fn who_turned_a_room_to_night_stands_in_the_journal() {
    let mut room = Room::open(TWO_ROOMS);

    set(&mut room, Some(main_room()), Mode::Night);

    let act = room.entries().pop().unwrap();
    assert_eq!((act.kind, &act.body["name"]), (Kind::Act, &json!("mode")));
    assert_eq!(act.body["args"], json!({ "mode": "night", "room": "main" }));
}

#[test]
fn a_room_that_is_not_there_has_no_night() {
    let mut room = Room::open(TWO_ROOMS);
    let attic = Some("attic".parse().unwrap());

    let (refused, _) = room.ask(operator(), Command::Mode { room: attic, mode: Mode::Night });

    assert_eq!(refused.unwrap_err().kind, RefusedKind::Unknown);
    assert_eq!(modes(&mut room), [Mode::Day; 2]);
}
