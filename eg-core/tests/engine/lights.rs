//! Lights: inputs and outputs of slots as pages show them, and lamps that light up one by one.

use crate::room::{Room, night, operator, secs, slot};
use eg_core::engine::Committed;
use eg_core::engine::command::{Command, RefusedKind, SlotOrder};
use eg_core::engine::read_model::{InputLight, Panel};
use eg_core::ingest::Arrival;
use eg_proto::{ClockPing, Command as OutputCommand, CommandAck, CommandResult, Leds, Set, Topic};
use serde_json::json;
use std::sync::Arc;
use std::time::Duration;

fn panel(room: &mut Room) -> Arc<Panel> {
    room.state().panels.get(&slot(1)).cloned().unwrap_or_default()
}

fn is_on(room: &mut Room, input: &str) -> Option<bool> {
    let (device, input) = ("panel".parse().unwrap(), input.parse().unwrap());
    panel(room).input(&device, &input).map(InputLight::is_on)
}

fn lit(room: &mut Room) -> Option<bool> {
    let (device, output) = ("panel".parse().unwrap(), "lamp-a".parse().unwrap());
    panel(room).output(&device, &output).and_then(|output| output.lit)
}

fn order(room: &mut Room, order: SlotOrder) -> (Result<(), RefusedKind>, Vec<(String, Set)>) {
    let (answer, round) = room.ask(operator(), Command::Slot { slot: slot(1), order });
    (answer.map(drop).map_err(|refused| refused.kind), commands(&round))
}

/// Returns the outputs that a round commands, with their values.
fn commands(round: &Committed) -> Vec<(String, Set)> {
    let commands = round.messages.iter().filter(|post| post.topic == Topic::Command(slot(1)));
    let commands = commands.map(|post| eg_proto::decode::<OutputCommand>(&post.payload).unwrap());
    commands.map(|command| (command.output.to_string(), command.set)).collect()
}

#[test]
fn an_input_is_lit_from_its_press_to_its_release() {
    let mut room = Room::open(&night(2, "{}"));
    room.greet(1);
    assert_eq!(is_on(&mut room, "a"), None, "nothing was heard of it");

    room.press(1, 1, "a");
    assert_eq!(is_on(&mut room, "a"), Some(true));
    let release = room.release(1, 2, "a");
    room.arrive([release]);

    assert_eq!(is_on(&mut room, "a"), Some(false));
    room.leave(1);
    assert_eq!(is_on(&mut room, "a"), None, "an agent that has gone tells nothing");
}

#[test]
fn inputs_that_a_slot_does_not_have_are_not_kept() {
    let mut room = Room::open(&night(2, "{}"));
    room.greet(1);

    for seq in 1..=50 {
        room.press(1, seq, &format!("invented-{seq}"));
    }

    assert!(panel(&mut room).boards.values().all(|board| board.inputs.is_empty()));
}

#[test]
fn while_choices_are_secret_no_light_tells_them() {
    let mut room = Room::open(&night(2, "{}"));
    room.greet(1);
    room.press(1, 1, "b");
    room.start().unwrap();
    room.act("open", json!({ "question": "Who?", "options": ["A", "B"] })).unwrap();

    room.press(1, 2, "a");
    room.arrive([Arrival::Lights(slot(1), Leds { states: vec![true, false], timestamp: None })]);
    let secret = panel(&mut room);
    room.act("reveal", json!({})).unwrap();

    assert!(secret.veiled && secret.touched.is_some());
    assert!(
        secret.boards.values().all(|board| board.inputs.is_empty() && board.outputs.is_empty())
    );
    assert!(!panel(&mut room).veiled, "it was revealed");
    assert_eq!(is_on(&mut room, "a"), None, "a press before the reveal is not told after it");
    room.press(1, 3, "c");
    assert_eq!(is_on(&mut room, "c"), Some(true));
}

#[test]
fn an_output_tells_its_last_command_its_answer_and_what_the_slot_reports() {
    let mut room = Room::open("{}");
    room.greet(1);
    let (done, sent) = order(&mut room, SlotOrder::AllOff);

    room.arrive([Arrival::Lights(slot(1), Leds { states: vec![true, false], timestamp: None })]);
    let (device, output) = ("panel".parse().unwrap(), "lamp-a".parse().unwrap());
    let told = panel(&mut room).output(&device, &output).unwrap().told.clone().unwrap();
    let answer = CommandAck { id: told.id.clone(), result: CommandResult::Done, reason: None };
    room.arrive([Arrival::Answer(slot(1), answer.clone())]);

    assert_eq!(done, Ok(()));
    assert_eq!(sent, [("lamp-a".to_owned(), Set::Off), ("lock".to_owned(), Set::Off)]);
    assert_eq!((told.set, told.by.as_deref(), told.answer), (Set::Off, Some("operator"), None));
    assert_eq!(lit(&mut room), Some(true));
    let now = panel(&mut room).output(&device, &output).unwrap().told.clone().unwrap();
    assert_eq!(now.answer, Some(answer));
}

#[test]
fn lamps_light_up_one_by_one_and_locks_do_not() {
    let mut room = Room::open("{}");
    room.greet(1);

    let (begun, first) = order(&mut room, SlotOrder::Lamps);
    let tour = panel(&mut room).tour.clone().unwrap();
    room.pass(secs(5));

    assert_eq!(begun, Ok(()));
    assert_eq!(first, [("lamp-a".to_owned(), Set::Pulse(700))]);
    assert_eq!((tour.output.as_str(), tour.place, tour.of), ("lamp-a", 1, 1));
    assert_eq!(panel(&mut room).tour, None, "it has ended by itself");
    assert!(room.entries_of("act").iter().any(|act| act.body["name"] == "lamps"));
}

#[test]
fn lamps_stop_when_they_are_told_and_when_the_slot_goes() {
    let mut room = Room::open("{}");
    for stops in [true, false] {
        room.greet(1);
        order(&mut room, SlotOrder::Lamps).0.unwrap();

        if stops {
            order(&mut room, SlotOrder::StopLamps).0.unwrap();
        } else {
            room.leave(1);
        }

        assert_eq!(panel(&mut room).tour, None);
        assert_eq!(room.engine.deadline().filter(|at| *at <= room.clock_now() + secs(1)), None);
    }
    assert_eq!(order(&mut room, SlotOrder::Lamps).0, Err(RefusedKind::Conflict), "it is offline");
}

#[test]
fn the_times_of_presses_and_the_outbox_are_told() {
    let mut room = Room::open(&night(1, "{}"));
    room.greet(1);
    let event = room.event(1, 1, "a");
    room.clock_passes_without_a_round(Duration::from_millis(40));
    room.arrive([event]);

    let (sync, waiting, next_ms) = (None, Some(3), None);
    room.arrive([Arrival::Ping(slot(1), ClockPing { n: 1, t1_us: 1, sync, waiting, next_ms })]);

    let panel = panel(&mut room);
    let arrived = panel.arrived.told();
    assert_eq!((arrived.n, arrived.max_us), (1, 40_000));
    assert_eq!(panel.waiting, Some(3));
}

#[test]
fn lines_about_the_slot_itself_are_kept_and_the_oldest_go_first() {
    let mut room = Room::open("{}");
    for _ in 0..20 {
        room.greet(1);
        room.leave(1);
    }

    let log = panel(&mut room).log.clone();
    assert_eq!(log.len(), 24);
    let last = log.back().unwrap();
    assert_eq!((last.line.en.as_str(), last.bad), ("slot-01 is offline", true));
}
