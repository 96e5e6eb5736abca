//! Losses on the way, and what is not lost.

use crate::broker::Mosquitto;
use crate::core::Core;
use crate::player::Player;
use eg_agent::outbox::Limits;
use eg_agent::slot::Status;
use eg_proto::{Event, EventKind, InputStatus, Overall, Topic, decode};
use std::time::Duration;

fn alternating(presses: usize) -> Vec<EventKind> {
    (0..presses).flat_map(|_| [EventKind::Press, EventKind::Release]).collect()
}

#[tokio::test]
async fn a_press_arrives_once_alone_dated_and_marked_as_simulated() {
    let (broker, folder) = (Mosquitto::start(), tempfile::tempdir().unwrap());
    let mut core = Core::start(broker.port).await;
    let player = Player::start(broker.port, folder.path()).await;
    core.during(player.settled()).await;

    let before = Core::now();
    let (panel, a) = ("panel".parse().unwrap(), "a".parse().unwrap());
    player.slot.press(&panel, &a).unwrap();
    core.until(|core| core.presses() == 1).await;
    core.during(player.see(|state| state.outbox.waiting == 0)).await;

    let event: Event = decode(core.raw.last().unwrap().as_bytes()).unwrap();
    assert_eq!((event.kind, event.late, event.sim), (EventKind::Press, false, true));
    let (at, unc) = (event.t.core_us.unwrap(), Duration::from_micros(event.t.unc_us));
    assert!(at + unc >= before && at - unc <= Core::now(), "{at:?} ± {unc:?}");
    assert!(event.t.unc_us > 0);
    assert_eq!(core.played(), [EventKind::Press]);
}

#[tokio::test]
async fn every_press_arrives_once_and_in_order_although_the_broker_dies_under_it() {
    let (mut broker, folder) = (Mosquitto::start(), tempfile::tempdir().unwrap());
    let mut core = Core::start(broker.port).await;
    let player = Player::start(broker.port, folder.path()).await;

    for round in 1..=3 {
        core.during(player.play_times(20)).await;
        broker.kill();
        core.during(player.play_times(10)).await;
        broker.start_again();
        core.until(|core| core.releases() == 30 * round).await;
    }
    core.during(player.see(|state| state.outbox.waiting == 0)).await;

    assert_eq!(core.played(), alternating(90));
    let events = core.stored.values().flatten();
    assert!(events.clone().any(|event| event.late) && events.clone().any(|event| !event.late));
}

#[tokio::test]
async fn a_backlog_comes_in_arrays() {
    let (mut broker, folder) = (Mosquitto::start(), tempfile::tempdir().unwrap());
    let mut core = Core::start(broker.port).await;
    let player = Player::start(broker.port, folder.path()).await;
    core.during(player.play("a")).await;
    core.until(|core| core.releases() == 1).await;

    broker.kill();
    core.during(player.see(|state| state.status() == Status::Disconnected)).await;
    player.play_times(150).await;
    let before = core.raw.len();
    broker.start_again();
    core.until(|core| core.releases() == 151).await;

    let messages = core.raw.len() - before;
    let sizes: Vec<usize> =
        core.raw[before..].iter().map(|raw| raw.matches("boot").count()).collect();
    assert!((2..20).contains(&messages), "{messages} messages of {sizes:?} events");
    assert_eq!(core.played(), alternating(151));
}

#[tokio::test]
async fn what_a_core_did_not_acknowledge_comes_again_when_it_greets() {
    let (broker, folder) = (Mosquitto::start(), tempfile::tempdir().unwrap());
    let mut core = Core::start(broker.port).await;
    let player = Player::start(broker.port, folder.path()).await;
    core.until(|core| core.stored.values().flatten().count() > 0).await;
    core.during(player.see(|state| state.outbox.waiting == 0)).await;

    core.acks = false;
    core.during(player.play_times(10)).await;
    core.until(|core| core.releases() == 10).await;
    core.acks = true;
    let repeated = core.repeated;
    core.greet().await;
    core.until(|core| core.repeated >= repeated + 20).await;
    core.during(player.see(|state| state.outbox.waiting == 0)).await;

    assert_eq!(core.played(), alternating(10));
}

#[tokio::test]
async fn what_was_played_before_there_was_a_broker_arrives_when_there_is_one() {
    let (mut broker, folder) = (Mosquitto::start(), tempfile::tempdir().unwrap());
    broker.kill();
    let first = Player::start(broker.port, folder.path()).await;
    first.play_times(5).await;
    drop(first);
    let second = Player::start(broker.port, folder.path()).await;
    second.play_times(3).await;

    broker.start_again();
    let mut core = Core::start(broker.port).await;
    core.until(|core| core.releases() == 8).await;

    assert_eq!(core.played(), alternating(8));
    assert_eq!(core.boots.len(), 2);
    assert!(core.stored.values().flatten().all(|event| event.late));
}

#[tokio::test]
async fn a_full_disk_is_said_and_loses_no_press() {
    let (broker, folder) = (Mosquitto::start(), tempfile::tempdir().unwrap());
    let mut core = Core::start(broker.port).await;
    let limits = Limits { bytes: Some(1), ..Limits::default() };
    let player = Player::start_with(broker.port, folder.path(), limits).await;

    core.during(player.play_times(30)).await;
    core.until(|core| core.releases() == 30).await;
    core.until(|core| core.last(Topic::InputStatus).is_some_and(|said| said.contains("full")))
        .await;

    let said: InputStatus = decode(core.last(Topic::InputStatus).unwrap().as_bytes()).unwrap();
    assert_eq!(core.played(), alternating(30));
    assert_eq!(said.status, Overall::Degraded);
    let outbox = &said.devices[&eg_proto::DeviceName::new("outbox").unwrap()];
    assert!(outbox.error.as_deref().unwrap().contains("memory"), "{outbox:?}");
}
