//! Outputs: commands to slots, and their answers.

use crate::room::{Room, night, operator, secs, slot};
use eg_core::clock::Clock;
use eg_core::engine::command::{Command, RefusedKind};
use eg_core::ingest::Arrival;
use eg_proto::{Command as OutputCommand, CommandAck, CommandResult, Set, Topic, decode};
use serde_json::json;

fn try_output(room: &mut Room, output: &str) -> Result<OutputCommand, RefusedKind> {
    let expires_us = room.clock.now() + secs(3);
    let command = OutputCommand {
        id: "try-1".to_owned(),
        expires_us,
        device: "panel".parse().unwrap(),
        output: output.parse().unwrap(),
        set: Set::On,
        pressed_us: None,
    };
    let (slot, by) = (slot(1), operator());
    let (answer, round) = room.ask(by, Command::Output { slot, command });
    answer.map_err(|refused| refused.kind)?;
    let post = round.messages.iter().find(|post| matches!(post.topic, Topic::Command(_))).unwrap();
    Ok(decode(&post.payload).unwrap())
}

#[test]
fn an_accepted_vote_flashes_the_lamps_of_its_slot() {
    let mut room = Room::open(&night(2, "{}"));
    room.greet(1);
    room.start().unwrap();
    room.act("open", json!({ "question": "Who?", "options": ["A", "B"] })).unwrap();

    let round = room.press(1, 1, "a");

    let commands: Vec<(Topic, OutputCommand)> = round
        .messages
        .iter()
        .filter(|post| post.effect.is_some())
        .map(|post| (post.topic.clone(), decode(&post.payload).unwrap()))
        .collect();
    let [(topic, command)] = &commands[..] else { panic!("{commands:?}") };
    assert_eq!(*topic, Topic::Command(slot(1)));
    assert_eq!((command.output.as_str(), &command.set), ("lamp-a", &Set::Pulse(300)));
    assert_eq!(command.expires_us, room.clock.now() + secs(5));
}

#[test]
fn a_command_that_answers_a_press_says_when_that_was() {
    let mut room = Room::open(&night(2, "{}"));
    room.greet(1);
    room.start().unwrap();
    room.act("open", json!({ "question": "Who?", "options": ["A", "B"] })).unwrap();
    let event = room.event(1, 1, "a");
    let pressed = room.clock.now();

    room.clock.pass(std::time::Duration::from_millis(7));
    let round = room.arrive([event]);
    let tried = try_output(&mut room, "lock").unwrap();

    let answer = round.messages.iter().find(|post| matches!(post.topic, Topic::Command(_)));
    let answer: OutputCommand = decode(&answer.unwrap().payload).unwrap();
    assert_eq!((answer.pressed_us, tried.pressed_us), (Some(pressed), None));
}

#[test]
fn a_command_that_has_expired_is_not_sent_after_a_reconnect() {
    let mut room = Room::open("{}");
    room.greet(1);
    try_output(&mut room, "lock").unwrap();

    let soon = room.connect().messages.len();
    room.clock.pass(secs(10));
    let late = room.connect().messages;

    assert_eq!(soon, late.len() + 1);
    assert!(late.iter().all(|post| post.effect.is_none()));
}

#[test]
fn the_operator_sees_what_came_of_an_output_they_tried() {
    let mut room = Room::open("{}");
    room.greet(1);
    let OutputCommand { id, .. } = try_output(&mut room, "lock").unwrap();

    let reason = Some("the bolt is stuck".to_owned());
    let answer = CommandAck { id, result: CommandResult::Refused, reason };
    room.arrive([Arrival::Answer(slot(2), answer.clone()), Arrival::Answer(slot(1), answer)]);

    let refused = room.entries_of("refused");
    assert_eq!(refused.len(), 1, "another slot's answer counts for nothing");
    assert!(refused[0].body["why"]["en"].as_str().unwrap().contains("the bolt is stuck"));
}

#[test]
fn an_output_that_nobody_has_is_refused() {
    let mut room = Room::open("{}");
    room.greet(1);

    assert_eq!(try_output(&mut room, "trapdoor"), Err(RefusedKind::Unknown));
}
