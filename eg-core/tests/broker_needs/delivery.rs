use std::collections::HashSet;

use rumqttc::QoS;

use crate::clients::{Arrival, Plain, Wire};
use crate::packet::{Hello, SUBACK, puback, subscribe};
use crate::under_test::Target;
use crate::{guarded, needs};

needs!(
    a_message_comes_with_the_qos_it_was_sent_with,
    a_subscription_limits_the_qos,
    wildcards_match_whole_levels,
    one_publisher_is_heard_in_order,
    a_flood_loses_nothing_that_was_acknowledged,
);

/// Number of messages in the flood, from each of two publishers: together more than the built-in broker has places in
/// one client's lane, so the last ones go through its queue.
const FLOOD: usize = 6_000;

fn arrival(topic: &str, payload: &str, qos: QoS) -> Arrival {
    Arrival { topic: topic.into(), payload: payload.into(), qos, retained: false }
}

async fn a_message_comes_with_the_qos_it_was_sent_with(target: Target) {
    let mut subscriber = Plain::connect(&target, "subscriber").await;
    let publisher = Plain::connect(&target, "publisher").await;
    subscriber.subscribe("eg/t", QoS::ExactlyOnce).await;

    for qos in [QoS::AtMostOnce, QoS::AtLeastOnce, QoS::ExactlyOnce] {
        publisher.publish("eg/t", "x", qos, false).await;

        assert_eq!(subscriber.next().await, arrival("eg/t", "x", qos));
    }
}

async fn a_subscription_limits_the_qos(target: Target) {
    let mut subscriber = Plain::connect(&target, "subscriber").await;
    let publisher = Plain::connect(&target, "publisher").await;
    subscriber.subscribe("eg/t", QoS::AtMostOnce).await;

    publisher.publish("eg/t", "x", QoS::AtLeastOnce, false).await;

    assert_eq!(subscriber.next().await, arrival("eg/t", "x", QoS::AtMostOnce));
}

async fn wildcards_match_whole_levels(target: Target) {
    let publisher = Plain::connect(&target, "publisher").await;
    let topics =
        ["eg", "eg/dev", "eg/dev/slot-01/status", "eg/dev/slot-01/input/status", "other/x"];
    let expected: [(&str, &[&str]); 5] = [
        ("eg/dev/+/status", &["eg/dev/slot-01/status"]),
        ("eg/#", &["eg", "eg/dev", "eg/dev/slot-01/status", "eg/dev/slot-01/input/status"]),
        ("eg/+", &["eg/dev"]),
        ("+/x", &["other/x"]),
        ("eg/dev/slot-01/#", &["eg/dev/slot-01/status", "eg/dev/slot-01/input/status"]),
    ];

    for (number, (filter, heard)) in expected.into_iter().enumerate() {
        let mut subscriber = Plain::connect(&target, &format!("subscriber-{number}")).await;
        subscriber.subscribe(filter, QoS::AtLeastOnce).await;
        subscriber.subscribe("end", QoS::AtLeastOnce).await;
        for topic in topics.iter().chain(&["end"]) {
            publisher.publish(topic, "x", QoS::AtLeastOnce, false).await;
        }

        for topic in heard.iter().chain(&["end"]) {
            assert_eq!(subscriber.next_text().await.0, *topic, "{filter}");
        }
    }
}

async fn one_publisher_is_heard_in_order(target: Target) {
    let mut subscriber = Plain::connect(&target, "subscriber").await;
    let publisher = Plain::connect(&target, "publisher").await;
    subscriber.subscribe("eg/t", QoS::AtLeastOnce).await;
    let sent: Vec<String> = (0..500).map(|n| n.to_string()).collect();

    let acknowledged = publisher.publish_many("eg/t", sent.clone()).await;

    assert_eq!(acknowledged, sent.len());
    for payload in sent {
        assert_eq!(subscriber.next_text().await.1, payload);
    }
}

async fn a_flood_loses_nothing_that_was_acknowledged(target: Target) {
    let mut slow = Wire::connect(&target, Hello::new("slow")).await;
    slow.write(&subscribe("eg/t")).await;
    assert_eq!(slow.read().await.unwrap().kind, SUBACK);

    // Nobody reads and nobody acknowledges while the flood comes in.
    let mut floods = Vec::new();
    for name in ["a", "b"] {
        let publisher = Plain::connect(&target, name).await;
        let payloads = (0..FLOOD).map(|n| format!("{name}{n}")).collect();
        floods.push(tokio::spawn(async move { publisher.publish_many("eg/t", payloads).await }));
    }
    let mut acknowledged = 0;
    for flood in floods {
        acknowledged += guarded("the end of a flood", flood).await.unwrap();
    }
    let mut heard = HashSet::new();
    while heard.len() < acknowledged {
        let packet = slow.read().await.expect("the subscriber stays connected");
        let (_, id, payload) = packet.publish();
        heard.insert(payload);
        slow.write(&puback(id.unwrap())).await;
    }

    assert_eq!(acknowledged, 2 * FLOOD);
}
