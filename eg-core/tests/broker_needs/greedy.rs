//! Clients that take too much, of the built-in broker alone: Mosquitto has limits of its own.

use eg_core::broker::{ClientTrouble, EmbeddedOptions, Limits, Rate, TroubleKind};
use rumqttc::QoS;
use tokio::sync::mpsc;

use crate::clients::{Plain, Wire};
use crate::guarded;
use crate::packet::{CONNACK, Hello, PUBLISH, SUBACK, subscribe};
use crate::under_test::Target;

const MEGA: usize = 1 << 20;

fn target(limits: Limits) -> (Target, mpsc::Receiver<ClientTrouble>) {
    let (tell, troubles) = mpsc::channel(99);
    let options =
        EmbeddedOptions { limits, troubles: Some(tell), ..EmbeddedOptions::on_loopback(0) };
    (Target::embedded_with(options), troubles)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn subscribers_that_never_read_are_let_go_and_named_and_the_others_hear_everything() {
    let limits = Limits { queued_bytes_in_all: 8 * MEGA, ..Limits::default() };
    let (target, mut troubles) = target(limits);
    let mut reader = Plain::connect(&target, "reader").await;
    reader.subscribe("eg/#", QoS::AtLeastOnce).await;
    let mut silent = Vec::new();
    for n in 0..20 {
        let id = format!("silent-{n}");
        let mut wire = Wire::connect(&target, Hello::new(&id)).await;
        wire.write(&subscribe("#")).await;
        assert_eq!(wire.read().await.unwrap().kind, SUBACK);
        silent.push(wire);
    }

    let payload = "x".repeat(20_000);
    for _ in 0..600 {
        reader.publish("eg/t", &payload, QoS::AtLeastOnce, false).await;
    }
    for _ in 0..600 {
        assert_eq!(reader.next().await.payload.len(), payload.len());
    }

    for wire in &mut silent {
        wire.closed().await;
    }
    let mut named = std::collections::BTreeSet::new();
    while named.len() < 20 {
        let trouble = guarded("each to be named", troubles.recv()).await.unwrap();
        assert!(matches!(trouble.kind, TroubleKind::Greedy(_)), "{trouble:?}");
        named.insert(trouble.client_id);
    }
    assert!(!named.contains("reader"), "{named:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_session_of_a_client_that_is_away_is_dropped_when_too_much_waits_for_it() {
    let limits = Limits { queued_bytes_in_all: MEGA, ..Limits::default() };
    let (target, mut troubles) = target(limits);
    let away = Hello { clean: false, ..Hello::new("away") };
    let mut wire = Wire::connect(&target, away).await;
    wire.write(&subscribe("#")).await;
    assert_eq!(wire.read().await.unwrap().kind, SUBACK);
    drop(wire);
    let mut client = Plain::connect(&target, "client").await;
    client.subscribe("eg/t", QoS::AtLeastOnce).await;

    for _ in 0..100 {
        client.publish("eg/t", &"x".repeat(20_000), QoS::AtLeastOnce, false).await;
        client.next().await;
    }

    let trouble = guarded("it to be named", troubles.recv()).await.unwrap();
    assert_eq!(trouble.client_id, "away");
    let mut again = Wire::open(&target).await;
    again.write(&away.bytes()).await;
    let connack = again.read().await.unwrap();
    assert_eq!((connack.kind, connack.body), (CONNACK, vec![0, 0]), "its session has ended");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_client_beyond_its_rate_is_slowed_and_named_and_loses_nothing() {
    let rate = Rate { packets: 20, packets_at_once: 50, ..Rate::default() };
    let (target, mut troubles) = target(Limits { rate, ..Limits::default() });
    let mut mad = Plain::connect(&target, "mad").await;
    mad.subscribe("eg/t", QoS::AtLeastOnce).await;

    // All at once: one that waited for each answer might be slow enough by itself, on a busy machine.
    let acknowledged = mad.publish_many("eg/t", (0..90).map(|n| n.to_string()).collect()).await;

    assert_eq!(acknowledged, 90);
    for n in 0..90 {
        assert_eq!(mad.next_text().await.1, n.to_string());
    }
    let trouble = guarded("it to be named", troubles.recv()).await.unwrap();
    assert_eq!(trouble.kind, TroubleKind::TooFast);
    assert!(troubles.try_recv().is_err(), "once is enough");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn retained_messages_of_one_slot_are_bounded_and_further_ones_are_passed_on() {
    let (target, mut troubles) = target(Limits { retained_each: 3, ..Limits::default() });
    let mut live = Plain::connect(&target, "live").await;
    live.subscribe("eg/#", QoS::AtLeastOnce).await;

    for n in 0..5 {
        live.publish(&format!("eg/dev/a/{n}"), "x", QoS::AtLeastOnce, true).await;
        live.next().await;
    }
    live.publish("eg/dev/b/0", "x", QoS::AtLeastOnce, true).await;
    live.next().await;

    let mut late = Plain::connect(&target, "late").await;
    late.subscribe("eg/#", QoS::AtLeastOnce).await;
    let mut kept = Vec::new();
    for _ in 0..4 {
        kept.push(late.next().await.topic);
    }
    kept.sort();
    assert_eq!(kept, ["eg/dev/a/0", "eg/dev/a/1", "eg/dev/a/2", "eg/dev/b/0"]);
    let trouble = guarded("it to be named", troubles.recv()).await.unwrap();
    assert_eq!((trouble.client_id.as_str(), trouble.kind), ("live", TroubleKind::NoRoom));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_client_without_a_name_is_served_and_one_of_version_5_hears_its_name() {
    let (target, _troubles) = target(Limits::default());

    for level in [4, 5] {
        let hello = Hello { level, ..Hello::new("") };
        let mut wire = Wire::open(&target).await;
        wire.write(&hello.bytes()).await;
        let connack = wire.read().await.unwrap();
        assert_eq!((connack.kind, &connack.body[..2]), (CONNACK, &[0, 0][..]));
        let named = connack.body.windows(9).any(|part| part == b"nameless-");
        assert_eq!(named, level == 5, "{connack:?}");
        wire.write(&hello.subscribe("eg/t")).await;
        assert_eq!(wire.read().await.unwrap().kind, SUBACK);
        wire.write(&hello.retained("eg/t", b"x")).await;
        assert_eq!(wire.read().await.unwrap().kind, PUBLISH);
    }
}
