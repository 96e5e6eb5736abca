//! Tests with clients of older installations, which subscribe once and count on a broker that outlives them.

use std::sync::Arc;

use eg_core::broker::{Broker, Embedded, EmbeddedOptions, Remember};
use eg_core::clock::SteadyClock;
use rumqttc::QoS;
use tempfile::TempDir;

use crate::clients::{Plain, Wire};
use crate::held_port::HeldPort;
use crate::packet::{Hello, PUBACK, PUBLISH, SUBACK, publish_retained, subscribe};

const STATUS: &str = "eg/dev/slot-01/status";

/// Built-in broker that keeps only the subscriptions of its clients.
struct Room {
    broker: Embedded,
    _held: HeldPort,
    _folder: TempDir,
}

impl Room {
    fn new() -> Self {
        let (folder, held) = (tempfile::tempdir().unwrap(), HeldPort::take());
        let clock = Arc::new(SteadyClock::default());
        let remember = Remember { file: folder.path().join("eg.clients.json"), clock };
        let options = EmbeddedOptions {
            remember: Some(remember),
            ..EmbeddedOptions::on_loopback(held.number)
        };
        let mut broker = Embedded::new(options);
        broker.start().unwrap();
        Self { broker, _held: held, _folder: folder }
    }

    fn port(&self) -> u16 {
        self.broker.address().unwrap().port
    }

    fn restart(&mut self) {
        tokio::task::block_in_place(|| {
            self.broker.stop();
            self.broker.start().unwrap();
        });
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_client_that_only_connects_again_is_served_after_a_restart() {
    for level in [4, 5] {
        let mut room = Room::new();
        let hello = Hello { level, will: Some(STATUS), ..Hello::new("slot-01") };
        let mut before = Wire::connect_at(room.port(), hello).await;
        before.write(&hello.subscribe("eg/night/#")).await;
        assert_eq!(before.read().await.unwrap().kind, SUBACK);
        before.write(&hello.retained(STATUS, b"online")).await;
        let watcher = Plain::connect_at(room.port(), "watcher").await;
        watcher.subscribe(STATUS, QoS::AtLeastOnce).await;
        room.restart();

        let mut again = Wire::connect_at(room.port(), hello).await;
        let core = Plain::connect_at(room.port(), "core-01").await;
        let mut late = Plain::connect_at(room.port(), "late").await;
        late.subscribe(STATUS, QoS::AtLeastOnce).await;
        core.publish("eg/night/step", "step", QoS::AtMostOnce, false).await;

        let first = again.read().await.unwrap();
        assert_eq!(first.kind, PUBLISH, "no answer to what it did not ask: {first:?}");
        assert!(first.body.ends_with(b"step"), "{first:?}");
        assert_eq!(late.next_text().await.1, "online", "it stands as there again");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_client_that_subscribes_by_itself_is_served_as_it_asks() {
    let mut room = Room::new();
    let mut before = Wire::connect_at(room.port(), Hello::new("page")).await;
    before.write(&subscribe("eg/old")).await;
    before.read().await.unwrap();
    room.restart();

    let mut again = Wire::connect_at(room.port(), Hello::new("page")).await;
    again.write(&subscribe("eg/new")).await;
    let granted = again.read().await.unwrap();
    let core = Plain::connect_at(room.port(), "core-01").await;
    core.publish("eg/old", "old", QoS::AtLeastOnce, false).await;
    core.publish("eg/new", "new", QoS::AtLeastOnce, false).await;

    assert_eq!((granted.kind, &granted.body[..2]), (SUBACK, &[0, 1][..]));
    assert_eq!(again.read().await.unwrap().publish().0, "eg/new");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_client_that_said_goodbye_is_forgotten() {
    let mut room = Room::new();
    let mut before = Wire::connect_at(room.port(), Hello::new("page")).await;
    before.write(&subscribe("eg/t")).await;
    before.read().await.unwrap();
    before.write(&[0xe0, 0]).await;
    before.closed().await;
    room.restart();

    let mut again = Wire::connect_at(room.port(), Hello::new("page")).await;
    let core = Plain::connect_at(room.port(), "core-01").await;
    core.publish("eg/t", "t", QoS::AtLeastOnce, false).await;
    again.write(&publish_retained("eg/own", b"x")).await;
    again.write(&crate::packet::publish("eg/own", 1, b"x")).await;

    assert_eq!(again.read().await.unwrap().kind, PUBACK);
}
