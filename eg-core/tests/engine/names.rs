//! Names for people: kept by the journal, written down with who gave them, and kept with each session.

use crate::room::{Room, main_room, night, operator, slot};
use eg_core::engine::command::{Actor, Command, NewName, Refused, RefusedKind};
use eg_core::engine::{moment, replay};
use eg_core::journal::Kind;
use serde_json::json;

fn name(room: &mut Room, new: NewName) -> Result<i64, Refused> {
    room.ask(operator(), Command::Name(new)).0
}

fn players(room: &mut Room, players: &[(usize, &str)]) -> Result<i64, Refused> {
    let players = players.iter().map(|(at, name)| (slot(*at), (*name).to_owned())).collect();
    name(room, NewName::Players { room: main_room(), players })
}

fn seats(room: &mut Room) -> Vec<String> {
    let names = room.state().names.clone();
    (1..=3).map(|at| names.seat(&slot(at)).to_owned()).collect()
}

#[test]
fn names_outlive_the_core_that_was_told_them() {
    let mut room = Room::open(&night(3, "{}"));
    let here = main_room();
    name(&mut room, NewName::Slot { slot: slot(3), name: " left  table ".to_owned() }).unwrap();
    name(&mut room, NewName::Room { room: here.clone(), name: "La crypte".to_owned() }).unwrap();
    players(&mut room, &[(1, "Anna"), (2, "  ")]).unwrap();

    room.crash();

    assert_eq!(seats(&mut room), ["Anna", "slot-02", "left table"]);
    assert_eq!(room.state().names.room(&here), "La crypte");
}

#[test]
fn who_gave_a_name_stands_in_the_journal() {
    let mut room = Room::open(&night(3, "{}"));
    let new =
        NewName::Players { room: main_room(), players: [(slot(1), "Anna".to_owned())].into() };

    room.ask(Actor("claire".to_owned()), Command::Name(new)).0.unwrap();

    let act = room.entries().pop().unwrap();
    assert_eq!((act.kind, act.session), (Kind::Act, None));
    assert_eq!((&act.body["name"], &act.body["by"]), (&json!("players"), &json!("claire")));
    assert_eq!(act.body["args"], json!({ "room": "main", "players": { "slot-01": "Anna" } }));
}

#[test]
fn the_next_players_sit_in_the_place_of_those_before_and_nobody_clears_them() {
    let mut room = Room::open(&night(3, "{}"));
    players(&mut room, &[(1, "Anna"), (2, "Ben")]).unwrap();

    players(&mut room, &[(2, "Zoë")]).unwrap();
    let then = seats(&mut room);
    players(&mut room, &[]).unwrap();
    let cleared = seats(&mut room);
    room.crash();

    assert_eq!(then, ["slot-01", "Zoë", "slot-03"]);
    assert_eq!(cleared, ["slot-01", "slot-02", "slot-03"]);
    assert_eq!(seats(&mut room), cleared);
}

#[test]
fn a_session_keeps_who_played_it_whoever_sits_there_later() {
    let mut room = Room::open(&night(3, "{}"));
    players(&mut room, &[(1, "Ana")]).unwrap();
    let session = room.start().unwrap();
    let begun = room.entries().pop().unwrap().id;
    players(&mut room, &[(1, "Anna"), (2, "Ben")]).unwrap();
    let mended = room.entries().pop().unwrap();
    room.act("abort", json!({})).unwrap();
    players(&mut room, &[(1, "Zoë")]).unwrap();

    let at = |entry| moment(&room.reader(), session, entry).unwrap().unwrap().players;

    assert_eq!(at(begun).values().collect::<Vec<_>>(), ["Ana"]);
    assert_eq!(at(i64::MAX).values().collect::<Vec<_>>(), ["Anna", "Ben"]);
    assert_eq!((mended.kind, mended.session, mended.cause), (Kind::Note, Some(session), None));
    let record = room.reader().record(session).unwrap().unwrap();
    replay(&record).expect("the game was told nothing");
}

#[test]
fn a_round_that_the_disk_refuses_names_nobody() {
    let mut room = Room::open(&night(3, "{}"));
    players(&mut room, &[(1, "Ana")]).unwrap();
    room.engine.journal().limit_pages(1).unwrap();
    (1..10_000).find(|seq| !room.press(1, *seq, "a").stored).unwrap();

    let refused = players(&mut room, &[(1, "Anna")]).unwrap_err();

    assert_eq!(refused.kind, RefusedKind::Unavailable);
    assert_eq!(seats(&mut room)[0], "Ana");
}

#[test]
fn a_name_that_deceives_or_has_no_place_is_refused() {
    let mut room = Room::open(&night(2, "{}"));
    let strange = slot(7);

    let hidden = players(&mut room, &[(1, "a\u{202e}b")]).unwrap_err();
    let other = players(&mut room, &[(1, "slot-02")]).unwrap_err();
    let nowhere = players(&mut room, &[(7, "Anna")]).unwrap_err();
    let unheard = NewName::Slot { slot: strange, name: "door".to_owned() };
    let unheard = name(&mut room, unheard).unwrap_err();

    assert_eq!([hidden.kind, other.kind, nowhere.kind], [RefusedKind::Invalid; 3]);
    assert!(nowhere.why.en.contains("here: slot-01, slot-02"), "{}", nowhere.why.en);
    assert_eq!(unheard.kind, RefusedKind::Unknown);
    assert_eq!(seats(&mut room)[0], "slot-01");
}

#[test]
fn a_room_is_called_as_its_file_says_until_somebody_says_otherwise() {
    let mut room = Room::open("rooms: { main: { name: The crypt, slots: [slot-01] } }");
    let here = main_room();
    let called = |room: &mut Room| room.state().names.room(&main_room()).to_owned();

    let of_file = called(&mut room);
    name(&mut room, NewName::Room { room: here.clone(), name: "Tomb".to_owned() }).unwrap();
    let given = called(&mut room);
    name(&mut room, NewName::Room { room: here, name: String::new() }).unwrap();

    assert_eq!([of_file, given, called(&mut room)], ["The crypt", "Tomb", "The crypt"]);
}
