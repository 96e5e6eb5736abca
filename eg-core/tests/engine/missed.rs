//! Missed slots: after a cut of the links, and after a restart of the core, games wait for presses that are on their
//! way.

use crate::room::{Room, slot};
use eg_core::clock::Clock as _;
use eg_core::engine::replay;
use eg_core::ingest::Arrival;
use eg_proto::{ClockPing, Presence, SlotClock, Timestamp};
use serde_json::json;
use std::time::Duration;

const QUIZ: &str = "rooms: { main: { slots: [slot-01, slot-02, slot-03], game: buzzer, \
                    config: { roll_call: false } } }";

fn millis(millis: u64) -> Duration {
    Duration::from_millis(millis)
}

/// Delivers a ping of a slot, with the number of events in its outbox; agents of earlier versions do not report it.
fn ping(room: &mut Room, number: usize, waiting: Option<u64>) {
    let offset_us = room.clock.now().0 - 60_000_000;
    let sync = Some(SlotClock { offset_us, bound_us: 500, ..SlotClock::default() });
    room.arrive([Arrival::Ping(
        slot(number),
        ClockPing { n: 1, t1_us: 59_999_000, sync, waiting, next_ms: None },
    )]);
}

fn presence(room: &mut Room, number: usize, presence: Presence) {
    room.arrive([Arrival::Presence(slot(number), presence)]);
}

/// Delivers a press that happened `ago` before now.
fn press(room: &mut Room, number: usize, ago: Duration, late: bool) {
    let mut arrival = room.event(number, 1, "red");
    if let Arrival::Event(_, event) = &mut arrival {
        event.t.core_us = Some(room.clock.now() - ago);
        event.late = late;
    }
    room.arrive([arrival]);
}

/// Starts an armed quiz of three that are all linked.
fn armed() -> Room {
    let mut room = Room::open(QUIZ);
    room.start().unwrap();
    for number in 1..=3 {
        presence(&mut room, number, Presence::Online);
        ping(&mut room, number, Some(0));
    }
    room.act("arm", json!({})).unwrap();
    room.pass(millis(100));
    room
}

fn headline(room: &mut Room) -> String {
    room.session().public.headline.en
}

fn played(room: &Room) -> Vec<String> {
    let slots = room.entries_of("played").into_iter();
    slots.map(|entry| entry.slot.unwrap().to_string()).collect()
}

#[test]
fn after_a_cut_of_all_links_the_first_to_press_wins_and_not_the_first_to_come_back() {
    let mut room = armed();
    (1..=3).for_each(|number| presence(&mut room, number, Presence::Offline));
    room.pass(millis(700));

    presence(&mut room, 2, Presence::Online);
    ping(&mut room, 2, Some(1));
    press(&mut room, 2, millis(200), true);
    ping(&mut room, 2, Some(0));
    room.pass(millis(198));
    presence(&mut room, 1, Presence::Online);
    ping(&mut room, 1, Some(1));
    room.pass(millis(5));
    press(&mut room, 1, millis(530), true);
    ping(&mut room, 1, Some(0));
    assert!(played(&room).is_empty(), "slot-03 has not come yet");
    presence(&mut room, 3, Presence::Online);
    ping(&mut room, 3, Some(0));
    room.pass(millis(40));

    assert_eq!(headline(&mut room), "slot-01");
    assert_eq!(played(&room), ["slot-01", "slot-02"]);
}

#[test]
fn after_a_restart_of_the_core_too_and_it_knows_who_was_linked() {
    let mut room = armed();
    room.crash();

    ping(&mut room, 2, Some(1));
    press(&mut room, 2, millis(10), true);
    ping(&mut room, 2, Some(0));
    room.pass(millis(600));
    ping(&mut room, 1, Some(1));
    press(&mut room, 1, millis(650), true);
    ping(&mut room, 1, Some(0));
    ping(&mut room, 3, Some(0));
    room.pass(millis(40));

    assert_eq!(headline(&mut room), "slot-01");
    let record = room.reader().record(1).unwrap().unwrap();
    assert_eq!(replay(&record).unwrap().entries, record.entries.len() as u64);
}

#[test]
fn a_live_press_soon_after_a_restart_waits_for_the_others_as_well() {
    let mut room = armed();
    room.crash();
    room.pass(millis(300));

    ping(&mut room, 2, Some(0));
    press(&mut room, 2, millis(2), false);
    room.pass(millis(100));

    assert!(played(&room).is_empty());
    ping(&mut room, 1, Some(0));
    ping(&mut room, 3, Some(0));
    room.pass(millis(1));
    assert_eq!(played(&room), ["slot-02"], "nobody is missed any more");
}

#[test]
fn a_slot_that_does_not_come_back_is_waited_for_two_and_a_half_seconds() {
    let mut room = armed();
    presence(&mut room, 3, Presence::Offline);

    press(&mut room, 2, millis(2), false);
    room.pass(millis(2_499));
    assert!(played(&room).is_empty());
    room.pass(millis(1));

    assert_eq!(played(&room), ["slot-02"]);
}

#[test]
fn a_slot_that_was_lost_long_ago_is_not_waited_for() {
    let mut room = armed();
    presence(&mut room, 3, Presence::Offline);
    room.pass(Duration::from_secs(31));
    (1..=2).for_each(|number| ping(&mut room, number, Some(0)));

    press(&mut room, 2, millis(2), false);
    room.pass(millis(10));

    assert_eq!(played(&room), ["slot-02"]);
}

#[test]
fn a_slot_that_had_left_before_the_core_ended_is_not_waited_for() {
    let mut room = armed();
    presence(&mut room, 3, Presence::Offline);
    room.crash();

    (1..=2).for_each(|number| ping(&mut room, number, Some(0)));
    press(&mut room, 2, millis(2), false);
    room.pass(millis(10));

    assert_eq!(played(&room), ["slot-02"]);
}

#[test]
fn an_agent_that_does_not_tell_what_waits_has_sent_it_soon_after_it_is_back() {
    let mut room = armed();
    room.crash();

    for _ in 0..4 {
        (1..=3).for_each(|number| ping(&mut room, number, None));
        room.pass(millis(50));
    }
    press(&mut room, 2, millis(2), false);
    room.pass(millis(10));

    assert_eq!(played(&room), ["slot-02"]);
}

#[test]
fn who_is_waited_for_is_known_after_a_second_restart() {
    let mut room = armed();
    room.crash();
    room.crash();

    let at = room.clock.now();
    ping(&mut room, 2, Some(0));
    press(&mut room, 2, millis(2), false);
    room.pass(millis(2_600));

    let waited = room.entries_of("played")[0].at.since(at);
    assert!(waited >= millis(2_500), "{waited:?}");
    assert!(room.clock.now() > Timestamp(0));
}
