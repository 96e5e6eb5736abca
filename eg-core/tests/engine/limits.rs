//! Limits of one slot: whatever it reports of itself, the core keeps so much and says so, and the others do not notice.

use crate::room::{Room, night, slot};
use eg_core::ingest::Arrival;
use eg_proto::{InputStatus, Presence};
use serde_json::{Value, json};

/// Builds the status of a slot with boards from number `first` on.
fn status(first: usize, boards: usize, error: &str) -> Arrival {
    let board =
        |number: usize| (format!("board-{number}"), json!({ "state": "lost", "error": error }));
    let devices: serde_json::Map<String, Value> = (first..first + boards).map(board).collect();
    let status: InputStatus = serde_json::from_value(json!({
        "status": "degraded", "device_id": "slot-01", "devices": devices,
    }))
    .unwrap();
    Arrival::Status(slot(1), Box::new(status))
}

#[test]
fn a_slot_that_invents_boards_has_64_and_is_named() {
    let mut room = Room::open(&night(2, "{}"));
    room.greet(1);
    let before = room.entries().len();

    let round = room.arrive((0..20).map(|nth| status(nth * 4_000, 4_000, "gone")));

    assert!(round.stored);
    assert_eq!(room.state().slots[&slot(1)].devices.len(), 64);
    assert_eq!(room.entries().len() - before, 63, "one line for each board that is kept");
    assert!(room.state().troubles.iter().any(|alert| alert.en.starts_with("slot-01 reports more")));
    room.greet(1);
    assert!(room.state().troubles.is_empty(), "a usual hello sets it right");
}

#[test]
fn an_error_that_a_slot_reports_is_as_long_as_a_page_can_show() {
    let mut room = Room::open(&night(2, "{}"));
    room.greet(1);

    room.arrive([status(0, 1, &"x".repeat(200_000))]);

    let state = room.state();
    let error = state.slots[&slot(1)].devices[1].error.as_ref().unwrap();
    assert!(error.len() < 600, "{}", error.len());
}

#[test]
fn a_slot_that_speaks_is_online_whatever_somebody_says_of_it() {
    let mut room = Room::open(&night(2, "{}"));
    room.greet(1);
    room.arrive([Arrival::Presence(slot(1), Presence::Offline)]);
    assert_eq!(room.state().slots[&slot(1)].presence, Presence::Offline);

    room.press(1, 1, "a");

    assert_eq!(room.state().slots[&slot(1)].presence, Presence::Online);
    let said: Vec<_> =
        room.entries_of("status").into_iter().map(|it| it.body["presence"].clone()).collect();
    assert_eq!(said, ["online", "offline", "online"]);
}

#[test]
fn the_times_that_a_slot_reports_are_kept_within_their_octaves() {
    let mut room = Room::open(&night(2, "{}"));
    room.greet(1);
    let times = |octaves: usize| {
        let status: InputStatus = serde_json::from_value(json!({
            "status": "online", "device_id": "slot-01",
            "latency": { "lamp": { "n": 2, "p50_us": 820, "octaves": vec![1; octaves] } },
        }))
        .unwrap();
        Arrival::Status(slot(1), Box::new(status))
    };

    room.arrive([times(2)]);
    let usual = room.state().slots[&slot(1)].latency.clone().unwrap();
    room.arrive([times(100_000)]);
    let invented = room.state().slots[&slot(1)].latency.clone().unwrap();

    assert_eq!((usual.lamp.p50_us, usual.lamp.octaves.len(), usual.sent.n), (820, 2, 0));
    assert_eq!(invented.lamp.octaves.len(), eg_proto::Spread::OCTAVES);
}
