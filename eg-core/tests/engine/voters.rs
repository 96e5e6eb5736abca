//! Voters under the old contract: slots that the room names, and devices that speak on the old topics.

use crate::room::{Room, main_room, operator};
use eg_core::config::Environment;
use eg_core::engine::command::Command;
use eg_core::ingest::Arrival;
use eg_proto::{
    Hello, NightResult, NightStep, NightVote, Presence, RoomState, SlotId, Topic, decode,
};
use std::collections::BTreeMap;

fn expected(number: &str) -> Environment {
    let said = BTreeMap::from([("NIGHT_EXPECTED_VOTES".to_owned(), number.to_owned())]);
    Environment::of(&said).unwrap()
}

fn device(id: &str) -> SlotId {
    SlotId::new(id).unwrap()
}

fn online(room: &mut Room, id: &str) {
    room.arrive([Arrival::Presence(device(id), Presence::Online)]);
}

fn step(room: &mut Room, number: u32) {
    let options = ["A", "B", "C"].map(str::to_owned).into();
    let step = NightStep { step: number, question: "Who?".to_owned(), options };
    let by = operator();
    room.ask(by, Command::NightStep(step)).0.unwrap();
}

/// Votes for A with each device in turn. Returns the result, if one of the votes closes the step.
fn votes(room: &mut Room, number: u32, ids: &[&str]) -> Option<NightResult> {
    let vote = |id: &&str| {
        let (device_id, choice) = ((*id).to_owned(), "A".to_owned());
        Arrival::Vote(device(id), NightVote { device_id, step: number, choice, ts: None })
    };
    let messages = ids.iter().flat_map(|id| room.arrive([vote(id)]).messages).collect::<Vec<_>>();
    let result = messages.into_iter().find(|post| post.topic == Topic::NightResult);
    result.map(|post| decode(&post.payload).unwrap())
}

/// Returns the players in the room's published state, in order of their ids.
fn roster(room: &mut Room) -> Vec<String> {
    let messages = room.connect().messages;
    let state = messages.iter().find(|post| post.topic == Topic::RoomState(main_room())).unwrap();
    let state: RoomState = decode(&state.payload).unwrap();
    let mut all: Vec<_> = state.roster.iter().map(ToString::to_string).collect();
    all.sort();
    all
}

const OLD: &str = "compat: true\nrooms: { main: { config: { grace: 0s } } }";

#[test]
fn as_many_votes_as_are_expected_close_a_step_whoever_they_are_from() {
    for ids in [["slot-11", "slot-12"], ["poste-1", "poste-2"], ["01", "02"], ["slot-02", "kiosk"]]
    {
        let mut room = Room::with(OLD, &expected("2"));
        step(&mut room, 1);

        let result = votes(&mut room, 1, &ids).unwrap();

        assert_eq!((result.votes, result.outcome.as_deref()), (2, Some("A")), "{ids:?}");
        assert!(room.entries_of("refused").is_empty(), "{ids:?}");
    }
}

#[test]
fn devices_that_are_online_play_by_any_name() {
    let mut room = Room::with(OLD, &expected("auto"));
    ["poste-1", "poste-2", "03"].iter().for_each(|id| online(&mut room, id));
    step(&mut room, 1);

    assert_eq!(roster(&mut room), ["03", "poste-1", "poste-2"]);
    assert!(votes(&mut room, 1, &["poste-1", "poste-2"]).is_none());
    assert_eq!(votes(&mut room, 1, &["03"]).unwrap().votes, 3);
}

#[test]
fn a_cashier_and_a_table_are_no_players() {
    let yaml = "compat: true\nrooms: { main: { config: { grace: 0s } }, day: { slots: [], game: casino, config: { cashier: caisse } } }";
    let mut room = Room::with(yaml, &expected("auto"));
    let table = Hello {
        kind: "roulette".to_owned(),
        version: String::new(),
        ts: None,
        boot: None,
        devices: Vec::new(),
        agent: None,
    };
    ["caisse", "change-01", "roulette-01", "slot-01"].iter().for_each(|id| online(&mut room, id));
    room.arrive([Arrival::Hello(device("roulette-01"), Box::new(table))]);

    step(&mut room, 1);

    assert_eq!(roster(&mut room), ["slot-01"]);
}

#[test]
fn a_room_that_names_its_slots_is_played_by_these_and_nobody_else() {
    let yaml =
        "compat: true\nrooms: { main: { slots: [poste-1, poste-2], config: { grace: 0s } } }";
    let mut room = Room::with(yaml, &expected("auto"));
    online(&mut room, "slot-01");
    step(&mut room, 1);

    let early = votes(&mut room, 1, &["slot-01", "poste-1"]);
    let result = votes(&mut room, 1, &["poste-2"]).unwrap();

    assert!(early.is_none());
    assert_eq!(result.votes, 2);
    let refused = room.entries_of("refused");
    assert!(refused[0].body["why"]["en"].as_str().unwrap().contains("slot-01"), "{refused:?}");
}

#[test]
fn nobody_takes_the_seat_of_one_who_is_there_or_has_voted() {
    let mut room = Room::with(OLD, &expected("3"));
    online(&mut room, "slot-01");
    step(&mut room, 1);
    let first = votes(&mut room, 1, &["slot-02", "poste-1"]);

    let stranger = votes(&mut room, 1, &["poste-2"]);

    assert!(first.is_none() && stranger.is_none());
    assert_eq!(roster(&mut room), ["poste-1", "slot-01", "slot-02"]);
    assert_eq!(votes(&mut room, 1, &["slot-01"]).unwrap().votes, 3);
}

#[test]
fn who_found_no_seat_plays_from_the_next_step_on() {
    let mut room = Room::with(OLD, &expected("auto"));
    online(&mut room, "slot-01");
    online(&mut room, "slot-02");
    step(&mut room, 1);
    votes(&mut room, 1, &["poste-1"]);
    votes(&mut room, 1, &["slot-01", "slot-02"]).unwrap();

    step(&mut room, 2);

    assert_eq!(roster(&mut room), ["poste-1", "slot-01", "slot-02"]);
    assert_eq!(votes(&mut room, 2, &["slot-01", "slot-02", "poste-1"]).unwrap().votes, 3);
}

#[test]
fn a_seat_that_was_taken_is_still_taken_after_a_crash() {
    let mut room = Room::with(OLD, &expected("2"));
    step(&mut room, 1);
    votes(&mut room, 1, &["poste-1"]);

    room.crash();
    let result = votes(&mut room, 1, &["poste-2"]).unwrap();

    assert_eq!(result.votes, 2);
    assert!(room.state().rooms[&main_room()].session.is_some());
}

#[test]
fn a_paired_room_seats_nobody_for_a_vote() {
    let mut room = Room::open("rooms: { main: { config: { grace: 0s } } }");
    online(&mut room, "slot-01");
    step(&mut room, 1);

    votes(&mut room, 1, &["poste-1"]);

    assert_eq!(roster(&mut room), ["slot-01"]);
}

#[test]
fn a_voter_takes_no_seat_in_a_room_that_is_not_that_of_the_old_topics() {
    let reseats = |compat_room: &str| {
        let rooms = "rooms: { main: { config: { grace: 0s } }, other: { slots: [slot-20] } }";
        let yaml = format!("compat: true\ncompat_room: {compat_room}\n{rooms}");
        let mut room = Room::with(&yaml, &expected("2"));
        room.start().unwrap();
        votes(&mut room, 1, &["poste-9"]);
        let acts = room.entries_of("act");
        acts.iter().filter(|act| act.body["name"] == "reseat").count()
    };

    assert_eq!((reseats("main"), reseats("other")), (1, 0));
}
