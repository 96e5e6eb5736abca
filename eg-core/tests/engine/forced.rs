//! Forced inputs: what a game takes an input for, until it truly changes, is released or the session ends.

use crate::room::{Room, secs, slot};
use eg_core::engine::command::RefusedKind;
use eg_core::engine::read_model::SessionStatus;
use eg_core::ingest::Arrival;
use eg_game::{State, Widget};
use eg_proto::{DeviceHello, EventKind, Hello, InputName, Presence};
use serde_json::{Value, json};

const PUZZLE: &str =
    "rooms: { main: { slots: [slot-01, slot-02], game: combination, config: { settle: 500ms,
    when: { all: [ { on: slot-01/a }, { tag: { at: slot-02/reader, uid: 04A37C91 } } ] } } } }";

/// Opens a room in which a puzzle runs, at a slot with buttons and one with a reader of tags.
fn puzzle() -> Room {
    let mut room = Room::open(PUZZLE);
    room.greet(1);
    let device = DeviceHello {
        name: "reader".parse().unwrap(),
        driver: "mfrc522".to_owned(),
        version: None,
        inputs: vec!["reader".parse().unwrap()],
        outputs: Vec::new(),
        kinds: None,
    };
    let (kind, version) = ("slot".to_owned(), "0.1.0".to_owned());
    let hello = Hello { kind, version, ts: None, boot: None, agent: None, devices: vec![device] };
    let hello = Arrival::Hello(slot(2), Box::new(hello));
    room.arrive([Arrival::Presence(slot(2), Presence::Online), hello]);
    room.start().unwrap();
    room
}

fn button(state: Value) -> Value {
    json!({ "slot": "slot-01", "device": "panel", "input": "a", "state": state })
}

fn reader(state: Value) -> Value {
    json!({ "slot": "slot-02", "device": "reader", "input": "reader", "state": state })
}

/// Returns the operator's word for the state of the button.
fn button_stands(room: &mut Room) -> String {
    let lists = room.session().operator.parts;
    let rows = lists.into_iter().find_map(|part| {
        if let Widget::List { rows, .. } = part {
            return Some(rows);
        }
        None
    });
    rows.unwrap()[0].text.en.split(": ").last().unwrap().to_owned()
}

/// Delivers an event of another kind than a press at the first slot's button.
fn tell(room: &mut Room, seq: u64, kind: EventKind) {
    room.clock_passes_without_a_round(secs(1));
    let mut arrival = room.event(1, seq, "a");
    if let Arrival::Event(_, event) = &mut arrival {
        event.kind = kind;
    }
    room.arrive([arrival]);
}

fn snapshot(on: bool) -> EventKind {
    let states = [(InputName::new("a").unwrap(), State::On(on))].into();
    EventKind::Snapshot { levels: vec![on, false, false], states }
}

#[test]
fn a_puzzle_is_solved_by_a_forced_switch_and_a_forced_tag() {
    let mut room = puzzle();
    room.act("force", button(json!(false))).unwrap();

    room.act("force", button(json!(true))).unwrap();
    room.act("force", reader(json!(["04A37C91"]))).unwrap();
    let forced = room.session().forced;
    room.pass(secs(1));

    assert_eq!(forced.len(), 2);
    assert_eq!(forced[0].state, State::On(true));
    assert_eq!(room.session().status, SessionStatus::Done);
    assert!(room.session().forced.is_empty(), "a force ends with its session");
}

#[test]
fn a_force_ends_with_the_next_true_change_and_the_journal_says_so() {
    let mut room = puzzle();
    tell(&mut room, 1, EventKind::Press);
    room.act("force", button(json!(false))).unwrap();
    let forced = button_stands(&mut room);
    tell(&mut room, 2, EventKind::Press);
    tell(&mut room, 3, snapshot(true));
    let told_again = (button_stands(&mut room), room.session().forced.len());

    tell(&mut room, 4, EventKind::Release);
    let released = (button_stands(&mut room), room.session().forced.len());
    tell(&mut room, 5, EventKind::Press);

    assert_eq!(forced, "does not stand right");
    assert_eq!(told_again, ("does not stand right".to_owned(), 1), "it told nothing new");
    assert_eq!(released, ("does not stand right".to_owned(), 0));
    assert_eq!(button_stands(&mut room), "stands right");
    let says = |entry: &eg_core::journal::Entry| {
        entry.body.to_string().contains("slot-01/a is no longer forced")
    };
    assert_eq!(room.entries().iter().filter(|entry| says(entry)).count(), 1);
}

#[test]
fn a_report_of_everything_that_differs_from_the_last_one_is_a_true_change() {
    let mut room = puzzle();
    tell(&mut room, 1, snapshot(false));
    room.act("force", button(json!(true))).unwrap();
    tell(&mut room, 2, snapshot(false));
    let before = (button_stands(&mut room), room.session().forced.len());

    tell(&mut room, 3, snapshot(true));

    assert_eq!(before, ("stands right".to_owned(), 1));
    assert_eq!(
        (button_stands(&mut room).as_str(), room.session().forced.len()),
        ("stands right", 0)
    );
}

#[test]
fn a_released_input_stands_as_its_board_has_told_last() {
    let mut room = puzzle();
    tell(&mut room, 1, EventKind::Press);
    room.act("force", button(json!(false))).unwrap();

    room.act("release", button(Value::Null)).unwrap();

    assert_eq!(button_stands(&mut room), "stands right");
    assert!(room.session().forced.is_empty());
    let again = room.act("release", button(Value::Null)).unwrap_err();
    assert_eq!(again.kind, RefusedKind::Conflict);
}

#[test]
fn a_force_survives_a_restart_and_the_loss_of_its_slot() {
    let mut room = puzzle();
    tell(&mut room, 1, EventKind::Release);
    room.act("force", button(json!(true))).unwrap();

    room.crash();
    room.connect();
    let after_the_restart = (button_stands(&mut room), room.session().forced.len());
    room.leave(1);
    let without_its_slot = (button_stands(&mut room), room.session().forced.len());
    room.greet(1);
    tell(&mut room, 2, EventKind::Press);

    assert_eq!(after_the_restart, ("stands right".to_owned(), 1));
    assert_eq!(without_its_slot, ("stands right".to_owned(), 1));
    assert!(room.session().forced.is_empty());
}

#[test]
fn a_force_that_is_undone_was_never_there() {
    let mut room = puzzle();
    tell(&mut room, 1, EventKind::Release);
    let force = room.act("force", button(json!(true))).unwrap();
    let line = room.session().acts.last().unwrap().after.clone();

    room.act("undo", json!({ "entry": force })).unwrap();

    assert!(line.iter().any(|line| line.en == "forced: slot-01/a = on"), "{line:?}");
    assert_eq!(button_stands(&mut room), "does not stand right");
    assert!(room.session().forced.is_empty());
}

#[test]
fn what_happened_before_a_force_and_arrives_after_it_does_not_end_it() {
    let mut room = puzzle();
    tell(&mut room, 1, EventKind::Release);
    room.clock_passes_without_a_round(secs(1));
    let late = room.event(1, 2, "a");
    room.clock_passes_without_a_round(secs(1));
    room.act("force", button(json!(false))).unwrap();

    room.arrive([late]);
    let forced = room.session().forced.len();
    room.act("release", button(Value::Null)).unwrap();

    assert_eq!(forced, 1);
    assert_eq!(button_stands(&mut room), "stands right", "the truth was kept");
}

#[test]
fn only_inputs_that_the_game_reads_and_the_slot_has_are_forced() {
    let mut room = puzzle();

    let unread = json!({ "slot": "slot-01", "device": "panel", "input": "b", "state": true });
    let unread = room.act("force", unread).unwrap_err();
    let unknown = json!({ "slot": "slot-01", "device": "panel", "input": "zz", "state": true });
    let unknown = room.act("force", unknown).unwrap_err();
    let stateless = room.act("force", button(Value::Null)).unwrap_err();

    assert_eq!(unread.why.en, "this game does not read slot-01/b");
    assert_eq!(unknown.kind, RefusedKind::Unknown);
    assert!(stateless.why.en.contains("a list of tags"), "{}", stateless.why.en);
    assert!(room.session().forced.is_empty());
}

#[test]
fn nobody_presses_for_a_player_in_a_vote_or_in_a_race() {
    for game in ["night-vote", "buzzer"] {
        let yaml = format!("rooms: {{ main: {{ slots: [slot-01, slot-02], game: {game} }} }}");
        let mut room = Room::open(&yaml);
        room.greet(1);
        room.start().unwrap();

        let refused = room.act("force", button(json!(true))).unwrap_err();

        assert_eq!(refused.kind, RefusedKind::Conflict, "{game}");
        assert!(room.session().forced.is_empty() && room.session().reads.is_empty());
    }
}

#[test]
fn a_forced_button_counts_among_those_that_are_pressed_together_but_not_in_a_pause() {
    let mut room = Room::open(
        "rooms: { main: { slots: [slot-01, slot-02], game: together, config: { hold: 2s,
            places: [ { slot: slot-01, input: a }, { slot: slot-02, input: a } ] } } }",
    );
    (1..=2).for_each(|number| room.greet(number));
    room.start().unwrap();
    room.act("pause", json!({})).unwrap();
    let paused = room.act("force", button(json!(true))).unwrap_err();
    room.pass(secs(1));
    room.act("resume", json!({})).unwrap();
    room.pass(secs(1));

    room.act("force", button(json!(true))).unwrap();
    room.press(2, 1, "a");
    room.pass(secs(3));

    assert!(paused.why.en.contains("paused"), "{}", paused.why.en);
    assert_eq!(room.session().status, SessionStatus::Done);
}
