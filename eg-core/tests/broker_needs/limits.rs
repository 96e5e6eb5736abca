use rumqttc::QoS;

use crate::clients::{Plain, Wire};
use crate::needs;
use crate::packet::{Hello, PUBACK, publish};
use crate::under_test::Target;

needs!(the_largest_packet_passes, a_packet_beyond_the_limit_ends_the_connection);

/// Length of a payload that makes a packet of exactly 256 kB: 4 bytes of fixed header, 6 of topic, 2 of id.
const LARGEST: usize = 256 * 1024 - 12;

async fn the_largest_packet_passes(target: Target) {
    let mut subscriber = Plain::connect(&target, "subscriber").await;
    subscriber.subscribe("eg/t", QoS::AtLeastOnce).await;

    subscriber.publish("eg/t", &"x".repeat(LARGEST), QoS::AtLeastOnce, false).await;

    assert_eq!(subscriber.next().await.payload.len(), LARGEST);
}

async fn a_packet_beyond_the_limit_ends_the_connection(target: Target) {
    let mut subscriber = Plain::connect(&target, "subscriber").await;
    subscriber.subscribe("eg/#", QoS::AtLeastOnce).await;
    let mut large = Wire::connect(&target, Hello::new("large")).await;

    large.try_write(&publish("eg/t", 1, &vec![b'x'; 2 * LARGEST])).await;
    let mut acknowledged = false;
    while let Some(packet) = large.read().await {
        acknowledged |= packet.kind == PUBACK;
    }
    subscriber.publish("eg/end", "end", QoS::AtLeastOnce, false).await;

    assert!(!acknowledged);
    assert_eq!(subscriber.next_text().await.0, "eg/end");
}
