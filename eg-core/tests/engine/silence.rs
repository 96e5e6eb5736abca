//! Silence: a slot that says how often it pings and falls silent is offline, and online again with its next word.

use crate::room::{Room, night, secs, slot};
use eg_core::ingest::{Arrival, BrokerNews};
use eg_proto::{ClockPing, Presence};

/// Delivers a ping of a slot whose next one follows within `next_ms`.
fn ping(room: &mut Room, number: usize, next_ms: Option<u32>) {
    let ping = ClockPing { n: 1, t1_us: 1, sync: None, waiting: Some(0), next_ms };
    room.arrive([Arrival::Ping(slot(number), ping)]);
}

fn presence(room: &mut Room, number: usize) -> Presence {
    room.state().slots[&slot(number)].presence
}

/// Returns the presences that the journal holds of a slot.
fn told(room: &Room, number: usize) -> Vec<String> {
    let own =
        room.entries_of("status").into_iter().filter(|entry| entry.slot == Some(slot(number)));
    own.filter_map(|entry| Some(entry.body.get("presence")?.as_str()?.to_owned())).collect()
}

/// Opens a room with a slot of today, which pings every three seconds, and one that does not tell.
fn room() -> Room {
    let mut room = Room::open(&night(2, "{}"));
    room.connect();
    for (number, next_ms) in [(1, Some(3_000)), (2, None)] {
        room.greet(number);
        ping(&mut room, number, next_ms);
    }
    room
}

#[test]
fn a_slot_that_falls_silent_is_offline_after_ten_seconds_and_online_with_its_next_ping() {
    let mut room = room();

    room.pass(secs(9));
    let soon = presence(&mut room, 1);
    room.pass(secs(1));
    let silent = presence(&mut room, 1);
    room.pass(secs(60));
    ping(&mut room, 1, Some(3_000));

    assert_eq!((soon, silent), (Presence::Online, Presence::Offline));
    assert_eq!(presence(&mut room, 1), Presence::Online);
    assert_eq!(told(&room, 1), ["online", "offline", "online"]);
}

#[test]
fn an_agent_that_does_not_tell_how_often_it_pings_is_not_declared_lost() {
    let mut room = room();

    room.pass(secs(14));

    assert_eq!(presence(&mut room, 2), Presence::Online);
}

#[test]
fn a_slot_that_pings_stays_online() {
    let mut room = room();

    for _ in 0..20 {
        room.pass(secs(3));
        ping(&mut room, 1, Some(3_000));
    }

    assert_eq!(told(&room, 1), ["online"]);
}

#[test]
fn a_core_that_did_not_listen_declares_nobody_lost() {
    let mut room = room();

    room.clock_passes_without_a_round(secs(30));
    room.pass(secs(1));
    let stopped = presence(&mut room, 1);
    ping(&mut room, 1, Some(3_000));
    room.arrive([Arrival::Broker(BrokerNews::Lost("it died".to_owned()))]);
    room.pass(secs(60));
    let cut = presence(&mut room, 1);
    room.connect();
    room.pass(secs(9));
    let back = presence(&mut room, 1);
    room.pass(secs(1));

    assert_eq!([stopped, cut, back], [Presence::Online; 3]);
    assert_eq!(presence(&mut room, 1), Presence::Offline, "the core listened, and nothing came");
}

#[test]
fn a_slot_that_somebody_said_was_offline_is_online_with_its_next_ping() {
    let mut room = room();
    room.leave(1);

    ping(&mut room, 1, Some(3_000));

    assert_eq!(told(&room, 1), ["online", "offline", "online"]);
}
