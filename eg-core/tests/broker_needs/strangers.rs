use rumqttc::QoS;
use tokio::task::JoinSet;

use crate::clients::{Plain, Wire};
use crate::packet::Hello;
use crate::under_test::{HALF_OPEN, Target};
use crate::{guarded, needs};

needs!(
    silent_connections_do_not_hurt_others,
    garbage_does_not_hurt_others,
    half_open_connections_are_bounded,
);

async fn hears_itself(client: &mut Plain) {
    client.publish("eg/t", "still here", QoS::AtLeastOnce, false).await;
    assert_eq!(client.next_text().await.1, "still here");
}

async fn silent_connections_do_not_hurt_others(target: Target) {
    let mut early = Plain::connect(&target, "early").await;
    early.subscribe("eg/t", QoS::AtLeastOnce).await;
    let mut silent = Vec::new();
    for _ in 0..HALF_OPEN / 2 {
        silent.push(Wire::open(&target).await);
    }

    let mut late = Plain::connect(&target, "late").await;
    late.subscribe("eg/t", QoS::AtLeastOnce).await;

    hears_itself(&mut late).await;
    assert_eq!(early.next_text().await.1, "still here");
}

async fn garbage_does_not_hurt_others(target: Target) {
    let mut client = Plain::connect(&target, "client").await;
    client.subscribe("eg/t", QoS::AtLeastOnce).await;
    let hello = Hello::new("broken").bytes();
    let garbage: [Vec<u8>; 6] = [
        b"GET / HTTP/1.1\r\nHost: broker\r\n\r\n".to_vec(),
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03".to_vec(),
        vec![0xff; 4096],
        vec![0x10, 0xff, 0xff, 0xff, 0xff, 0x7f],
        [hello.clone(), vec![0xf7, 0xff, 0xff, 0xff, 0x7f, 0, 0]].concat(),
        [hello.clone(), hello].concat(),
    ];

    for bytes in garbage {
        let mut stranger = Wire::open(&target).await;
        stranger.try_write(&bytes).await;
        stranger.closed().await;
        hears_itself(&mut client).await;
    }
}

async fn half_open_connections_are_bounded(target: Target) {
    let mut silent = Vec::new();
    for _ in 0..2 * HALF_OPEN {
        silent.push(Wire::open(&target).await);
    }

    let mut ends = JoinSet::new();
    for mut wire in silent {
        ends.spawn(async move { wire.closed().await });
    }
    for _ in 0..HALF_OPEN {
        guarded("the surplus to be closed", ends.join_next()).await.unwrap().unwrap();
    }
}

/// Displacement of half-open connections, by the built-in broker alone: at Mosquitto, a client that comes too late
/// stays outside.
#[tokio::test]
async fn a_client_gets_in_past_any_number_of_half_open_connections() {
    let target = Target::embedded();
    let mut silent = Vec::new();
    for _ in 0..3 * HALF_OPEN {
        silent.push(Wire::open(&target).await);
    }

    let mut client = Plain::connect(&target, "client").await;
    client.subscribe("eg/t", QoS::AtLeastOnce).await;

    hears_itself(&mut client).await;
    assert!(!silent.last_mut().unwrap().is_closed());
}
