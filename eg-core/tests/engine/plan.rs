//! RoomPlan of a room: places are kept, and told again by the core after this one.

use crate::room::{Room, main_room, night, operator, slot};
use eg_core::engine::command::{Command, RefusedKind};
use eg_core::engine::read_model::{Place, RoomPlan};

fn put(room: &mut Room, number: usize, place: Option<(u8, u8)>) -> Result<(), RefusedKind> {
    let place = place.map(|(x, y)| Place { x, y });
    let command = Command::Plan { room: main_room(), slot: slot(number), place };
    room.ask(operator(), command).0.map(drop).map_err(|refused| refused.kind)
}

fn plan(room: &mut Room) -> RoomPlan {
    RoomPlan::clone(&room.state().plans[&main_room()])
}

#[test]
fn a_place_is_kept_over_a_crash_and_by_a_core_that_was_rolled_back() {
    let mut room = Room::open(&night(3, "{}"));

    put(&mut room, 1, Some((2, 0))).unwrap();
    put(&mut room, 2, Some((4, 1))).unwrap();
    put(&mut room, 1, Some((4, 1))).unwrap();
    let before = plan(&mut room);
    room.crash();

    let wanted = [(slot(1), Place { x: 4, y: 1 }), (slot(2), Place { x: 2, y: 0 })];
    assert_eq!(before, RoomPlan::from(wanted));
    assert_eq!(plan(&mut room), before);
    put(&mut room, 2, None).unwrap();
    room.crash();
    assert_eq!(plan(&mut room).len(), 1);
}

#[test]
fn every_move_is_an_act_with_who_moved_what() {
    let mut room = Room::open(&night(2, "{}"));

    put(&mut room, 1, Some((0, 3))).unwrap();
    put(&mut room, 1, Some((0, 3))).unwrap();

    let acts = room.entries_of("act");
    assert_eq!(acts.len(), 1, "it stood there already");
    assert_eq!(acts[0].body["by"], "operator");
    assert_eq!(acts[0].body["args"]["place"]["y"], 3);
}

#[test]
fn a_place_off_the_plan_and_a_slot_of_another_room_are_refused() {
    let mut room = Room::open(&night(2, "{}"));

    assert_eq!(put(&mut room, 1, Some((10, 0))), Err(RefusedKind::Invalid));
    assert_eq!(put(&mut room, 1, Some((0, 20))), Err(RefusedKind::Invalid));
    assert_eq!(put(&mut room, 9, Some((0, 0))), Err(RefusedKind::Unknown));
    assert!(plan(&mut room).is_empty());
}
