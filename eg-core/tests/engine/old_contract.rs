//! Messages of existing installations, as far as the engine is concerned.

use crate::room::{Room, night, operator, slot};
use eg_core::config::Environment;
use eg_core::engine::command::{Command, Refused};
use eg_core::ingest::Arrival;
use eg_proto::{
    Boot, Hello, NightResult, NightStatus, NightStep, NightVote, SlotId, Topic, decode,
};
use std::collections::BTreeMap;

fn step(room: &mut Room, number: u32) -> Result<(), Refused> {
    let options = ["A", "B", "C"].map(str::to_owned).into();
    let step = NightStep { step: number, question: "Who?".to_owned(), options };
    let by = operator();
    room.ask(by, Command::NightStep(step)).0.map(drop)
}

fn vote(slot: SlotId, step: u32, choice: &str) -> Arrival {
    let (device_id, choice) = (slot.to_string(), choice.to_owned());
    Arrival::Vote(slot, NightVote { device_id, step, choice, ts: None })
}

fn expected(number: &str) -> Environment {
    let said = BTreeMap::from([("NIGHT_EXPECTED_VOTES".to_owned(), number.to_owned())]);
    Environment::of(&said).unwrap()
}

const OLD: &str = "compat: true\nrooms: { main: { config: { grace: 0s } } }";

#[test]
fn nine_votes_from_nine_devices_give_one_result() {
    let mut room = Room::with(OLD, &expected("9"));
    step(&mut room, 1).unwrap();

    let votes: Vec<_> = (1..=9).map(|n| vote(slot(n), 1, "B")).collect();
    let round = room.arrive(votes);

    let results: Vec<NightResult> = round
        .messages
        .iter()
        .filter(|post| post.topic == Topic::NightResult)
        .map(|post| decode(&post.payload).unwrap())
        .collect();
    assert_eq!(results.len(), 1);
    assert_eq!((results[0].step, results[0].next_step), (1, 2));
    assert_eq!(results[0].status, NightStatus::Success);
    assert_eq!(results[0].outcome.as_deref(), Some("B"));
}

#[test]
fn nine_votes_from_one_device_do_not() {
    let mut room = Room::with(OLD, &expected("9"));
    step(&mut room, 1).unwrap();

    let votes: Vec<_> = (1..=9).map(|_| vote(slot(1), 1, "B")).collect();
    room.arrive(votes);

    assert_eq!(room.turnout(), (1, 9));
    assert!(room.entries_of("result").is_empty());
}

#[test]
fn the_step_is_told_and_the_next_one_closes_it() {
    let mut room = Room::with(OLD, &expected("auto"));
    step(&mut room, 1).unwrap();

    step(&mut room, 2).unwrap();

    assert_eq!(room.entries_of("result").len(), 1);
    assert_eq!(room.session().operator.phase, "open");
    let steps = room.connect().messages.into_iter().filter(|post| post.topic == Topic::NightStep);
    assert_eq!(steps.count(), 2, "nobody was connected when they were opened");
}

#[test]
fn a_player_who_came_after_the_start_votes_in_the_next_step() {
    let mut room = Room::with(OLD, &Environment::default());
    room.greet(1);
    room.greet(2);
    step(&mut room, 1).unwrap();
    room.arrive([vote(slot(1), 1, "A"), vote(slot(2), 1, "A")]);
    room.greet(3);

    step(&mut room, 2).unwrap();

    assert_eq!(room.turnout(), (0, 3));
}

#[test]
fn a_vote_of_somebody_who_does_not_play_is_stored_as_refused() {
    let mut room = Room::open(&format!("compat: true\n{}", night(1, "{}")));
    step(&mut room, 1).unwrap();

    room.arrive([vote(slot(7), 1, "A")]);

    assert_eq!(room.entries_of("vote").len(), 1);
    assert!(room.entries_of("refused")[0].body["why"]["en"].as_str().unwrap().contains("slot-07"));
}

#[test]
fn a_tag_counts_once_though_our_agents_tell_it_twice() {
    let mut room = Room::with(OLD, &Environment::default());
    let hello = Hello {
        kind: "slot".to_owned(),
        version: "0.1.0".to_owned(),
        ts: None,
        boot: Some(Boot(1.into())),
        devices: Vec::new(),
        agent: None,
    };
    room.arrive([Arrival::Hello(slot(1), Box::new(hello))]);

    room.arrive([Arrival::Tag(slot(1), "04A37C91".to_owned())]);
    room.arrive([Arrival::Tag(slot(2), "04A37C91".to_owned())]);

    let slots: Vec<_> = room.entries_of("event").iter().map(|entry| entry.slot.clone()).collect();
    assert_eq!(slots, [Some(slot(2))], "slot 1 said hello with a boot: it sends events as well");
}
