//! Order of presses: they reach a game that asks for it in the order of their times, whatever arrives first.

use crate::room::{Room, slot};
use eg_core::clock::Clock as _;
use eg_core::engine::{Committed, replay};
use eg_core::ingest::Arrival;
use eg_proto::{Boot, ClockPing, SlotClock, Timestamp};
use serde_json::{Value, json};
use std::time::Duration;

const QUIZ: &str = "rooms: { main: { slots: [slot-01, slot-02, slot-03], game: buzzer, \
                    config: { roll_call: false } } }";

fn millis(millis: u64) -> Duration {
    Duration::from_millis(millis)
}

/// Starts an armed quiz of three, whose clocks are known to ± 0.5 ms and whose messages take 8 ms at most.
fn armed() -> Room {
    let mut room = Room::open(QUIZ);
    room.start().unwrap();
    tell_clocks(&mut room, 8_000);
    room.act("arm", json!({})).unwrap();
    room.pass(millis(100));
    room
}

/// Sends a ping of every slot that took `took_us` and reports an empty outbox.
fn tell_clocks(room: &mut Room, took_us: u64) {
    for number in 1..=3 {
        ping(room, number, took_us, Some(0));
    }
}

fn ping(room: &mut Room, number: usize, took_us: u64, waiting: Option<u64>) {
    // The slot's clock began a minute before this moment.
    let sent = 60_000_000 - took_us;
    let offset_us = room.clock.now().0 - 60_000_000;
    // A round trip takes three times as long as the way to the core.
    let (bound_us, trip_us) = (500, took_us * 4);
    let sync = Some(SlotClock { offset_us, bound_us, trip_us, ..SlotClock::default() });
    let ping = ClockPing { n: 1, t1_us: sent, sync, waiting, next_ms: None };
    room.arrive([Arrival::Ping(slot(number), ping)]);
}

/// Delivers a press that happened `ago_us` µs ago, ± 0.3 ms.
fn press(room: &mut Room, number: usize, seq: u64, ago_us: i64) -> Committed {
    let mut arrival = room.event(number, seq, "red");
    if let Arrival::Event(_, event) = &mut arrival {
        event.t.core_us = event.t.core_us.map(|at| Timestamp(at.0 - ago_us));
    }
    room.arrive([arrival])
}

fn phase(room: &mut Room) -> String {
    room.session().public.phase
}

/// Returns the slots whose presses were played, in this order.
fn played(room: &Room) -> Vec<String> {
    let slots = room.entries_of("played").into_iter();
    slots.map(|entry| entry.slot.unwrap().to_string()).collect()
}

/// Returns the stored rulings, the last one last.
fn rulings(room: &Room) -> Vec<Value> {
    let notes = room.entries_of("note").into_iter();
    notes.filter_map(|note| note.body.get("ruling").cloned()).collect()
}

#[test]
fn the_first_press_in_time_is_locked_although_another_arrived_first() {
    let mut room = armed();

    press(&mut room, 2, 1, 2_000);
    room.pass(millis(5));
    press(&mut room, 1, 1, 19_300);
    room.pass(millis(50));

    assert_eq!(played(&room), ["slot-01", "slot-02"]);
    let session = room.session();
    assert_eq!(session.public.headline.en, "slot-01");
    assert_eq!(session.explain.en, "slot-01 before slot-02 by 12.3 ms ± 0.6 ms");
}

#[test]
fn a_verdict_waits_for_the_largest_uncertainty_and_the_transit_and_no_longer() {
    let mut room = armed();

    press(&mut room, 2, 1, 2_000);
    // ± 0.3 ms of its own, ± 0.5 ms of the others, 8 ms of transit with a quarter more and 2 ms to spare.
    let due = millis(12) + Duration::from_micros(800) - millis(2);
    room.pass(due - Duration::from_micros(1));
    assert_eq!(phase(&mut room), "armed");
    room.pass(Duration::from_micros(1));

    assert_eq!(phase(&mut room), "locked");
}

#[test]
fn a_slow_table_is_waited_for_longer() {
    let mut room = armed();
    tell_clocks(&mut room, 80_000);

    press(&mut room, 2, 1, 2_000);
    room.pass(millis(90));
    assert_eq!(phase(&mut room), "armed");
    press(&mut room, 1, 1, 95_000);
    room.pass(millis(60));

    assert_eq!(room.session().public.headline.en, "slot-01");
}

#[test]
fn the_acknowledgement_does_not_wait() {
    let mut room = armed();

    let round = press(&mut room, 2, 1, 2_000);

    assert_eq!(round.acks.len(), 1);
    assert!(played(&room).is_empty());
}

#[test]
fn a_tie_is_called_by_the_rule_with_the_numbers() {
    let mut room = armed();

    press(&mut room, 2, 1, 1_000);
    press(&mut room, 1, 1, 1_400);
    room.pass(millis(50));

    assert_eq!(room.session().public.headline.en, "slot-01 and slot-02");
    let ruling = rulings(&room).pop().unwrap();
    assert_eq!(ruling["tied"], json!(["slot-01", "slot-02"]));
    assert_eq!((&ruling["gap_us"], &ruling["gap_unc_us"]), (&json!(400), &json!(600)));
    assert_eq!(ruling["rule"], "all");
}

#[test]
fn a_press_that_comes_after_the_verdict_is_told_as_overtaken_and_turns_nothing() {
    let mut room = armed();
    press(&mut room, 2, 1, 2_000);
    room.pass(millis(50));

    press(&mut room, 1, 1, 70_000);
    room.pass(millis(1));

    let last = room.entries_of("played").pop().unwrap();
    assert_eq!((last.slot, &last.body["overtaken"]), (Some(slot(1)), &json!(true)));
    assert_eq!(room.session().public.headline.en, "slot-02");
    let refused = room.entries_of("refused").pop().unwrap();
    let why = refused.body["why"]["en"].as_str().unwrap();
    assert!(why.contains("18.0 ms earlier") && why.ends_with("too late by rule"), "{why}");
}

#[test]
fn a_core_that_dies_while_it_waits_loses_nothing_and_plays_nothing_twice() {
    let mut whole = armed();
    let mut broken = armed();
    for room in [&mut whole, &mut broken] {
        press(room, 2, 1, 2_000);
        room.pass(millis(3));
        press(room, 1, 1, 14_000);
    }

    broken.crash();
    // The agent had no answer from the one that died, and sends it again.
    press(&mut broken, 1, 1, 14_000);
    tell_clocks(&mut broken, 8_000);
    whole.pass(millis(50));
    broken.pass(millis(50));
    broken.crash();

    assert_eq!(played(&broken), ["slot-01", "slot-02"]);
    let (one, other) = (whole.session(), broken.session());
    assert_eq!((one.public, one.explain), (other.public, other.explain));
    assert_eq!(rulings(&whole).last(), rulings(&broken).last());
}

#[test]
fn a_kill_after_the_verdict_changes_nothing_but_the_word_resumed() {
    let mut room = armed();
    press(&mut room, 2, 1, 2_000);
    press(&mut room, 1, 1, 9_000);
    room.pass(millis(50));
    press(&mut room, 3, 1, 1_000);
    let before = room.session();

    room.crash();

    let after = room.session();
    assert_eq!(eg_core::engine::read_model::Session { resumed: false, ..after }, before);
    tell_clocks(&mut room, 8_000);
    room.pass(millis(50));
    assert_eq!(played(&room), ["slot-01", "slot-02", "slot-03"]);
}

#[test]
fn a_quiz_comes_out_of_its_journal_as_it_went_in() {
    let mut room = armed();
    press(&mut room, 2, 1, 2_000);
    press(&mut room, 1, 1, 2_300);
    press(&mut room, 3, 1, 9_000);
    room.pass(millis(5));
    room.crash();
    tell_clocks(&mut room, 8_000);
    room.pass(millis(50));
    press(&mut room, 1, 2, 90_000);
    room.pass(millis(50));
    press(&mut room, 2, 2, 0);

    let record = room.reader().record(1).unwrap().unwrap();

    assert_eq!(replay(&record).map(|it| it.entries), Ok(record.entries.len() as u64));
}

#[test]
fn undoing_an_act_leaves_presses_in_the_order_of_their_times() {
    let mut room = armed();
    press(&mut room, 2, 1, 2_000);
    press(&mut room, 1, 1, 2_300);
    room.pass(millis(50));
    let before = room.session();
    let wrong = room.act("wrong", json!({ "slot": "slot-01" })).unwrap();

    room.act("undo", json!({ "entry": wrong })).unwrap();

    let after = room.session();
    assert_eq!((after.public, after.explain), (before.public, before.explain));
}

#[test]
fn a_time_that_has_not_come_yet_is_not_believed() {
    let mut room = armed();

    press(&mut room, 2, 1, -3_600_000_000);
    room.pass(millis(400));

    let shown = format!("{:?}", room.session().public);
    assert!(shown.contains("+0.0 ms ± 30000.3 ms"), "{shown}");
}

#[test]
fn a_press_that_has_no_time_may_have_been_long_before_it_arrived_and_not_after() {
    let mut room = armed();
    room.pass(Duration::from_secs(20));
    tell_clocks(&mut room, 8_000);

    press(&mut room, 2, 1, 2_000);
    let mut unknown = room.event(1, 1, "red");
    if let Arrival::Event(_, event) = &mut unknown {
        event.t.core_us = None;
    }
    room.arrive([unknown]);
    room.pass(millis(20));

    assert_eq!(room.session().public.headline.en, "slot-02 and slot-01", "a tie, by the rule");
}

#[test]
fn a_live_press_that_is_dated_an_hour_before_it_arrived_wins_nothing_by_that() {
    let mut room = armed();

    press(&mut room, 1, 1, 3_600_000_000);
    press(&mut room, 2, 1, 1_000);
    room.pass(millis(400));

    let t = &room.entries_of("event")[0].body["t"];
    assert!(t["core_us"].is_null() && t["unc_us"].as_u64().unwrap() > 3_600_000_000, "{t}");
    assert_eq!(rulings(&room)[0]["tied"].as_array().unwrap().len(), 2, "{:?}", rulings(&room));
}

#[test]
fn a_time_by_the_clock_of_another_core_is_not_believed() {
    let mut room = armed();
    let own = Boot(ulid::Ulid::from(7));
    room.engine.goes_by(own).unwrap();
    let dated = |room: &mut Room, number, core| {
        let mut arrival = room.event(number, 1, "red");
        if let Arrival::Event(_, event) = &mut arrival {
            event.t.core = core;
        }
        room.arrive([arrival]);
        let entry = room.entries_of("event").pop().unwrap();
        entry.body["t"]["core_us"].is_i64()
    };

    let believed = [Some(own), None, Some(Boot(ulid::Ulid::from(8)))];
    let believed = [1, 2, 3].map(|number| dated(&mut room, number, believed[number - 1]));

    assert_eq!(believed, [true, true, false]);
}

#[test]
fn a_core_that_is_started_again_believes_the_times_of_the_one_before() {
    let mut room = armed();
    let (before, own) = (Boot(ulid::Ulid::from(7)), Boot(ulid::Ulid::from(8)));
    room.engine.goes_by(before).unwrap();
    room.crash();
    room.engine.goes_by(own).unwrap();

    let mut arrival = room.event(1, 1, "red");
    if let Arrival::Event(_, event) = &mut arrival {
        event.t.core = Some(before);
    }
    room.arrive([arrival]);

    let entry = room.entries_of("event").pop().unwrap();
    assert!(entry.body["t"]["core_us"].is_i64(), "{}", entry.body);
}

#[test]
fn a_vote_is_played_at_once() {
    let mut room = Room::open(&crate::room::night(2, "{ grace: 0s }"));
    room.start().unwrap();
    tell_clocks(&mut room, 200_000);
    room.act("open", json!({ "question": "Who?", "options": ["A", "B"] })).unwrap();

    room.press(1, 1, "a");
    room.press(2, 1, "a");

    assert_eq!(room.entries_of("result").len(), 1);
    assert!(played(&room).is_empty());
}

#[test]
fn a_slot_that_is_silent_is_not_waited_for() {
    let mut room = armed();
    [1, 3].into_iter().for_each(|number| ping(&mut room, number, 200_000, Some(0)));
    room.pass(Duration::from_secs(40));

    press(&mut room, 2, 1, 1_000);
    room.pass(millis(15));

    assert_eq!(phase(&mut room), "locked");
}
