use rumqttc::QoS;

use crate::clients::{Plain, ShellSubscriber, shell_publish};
use crate::needs;
use crate::under_test::Target;

needs!(
    a_retained_message_waits_for_those_who_come_later,
    a_retained_message_is_replaced_by_the_next,
    an_empty_message_clears_a_retained_one,
    who_was_there_already_sees_it_as_something_new,
    an_mqtt_5_client_sees_it_too,
);

async fn a_retained_message_waits_for_those_who_come_later(target: Target) {
    let publisher = Plain::connect(&target, "publisher").await;
    publisher.publish("eg/dev/slot-01/status", "online", QoS::AtLeastOnce, true).await;
    publisher.publish("eg/dev/slot-02/status", "offline", QoS::AtLeastOnce, true).await;
    publisher.publish("eg/dev/slot-02/event", "press", QoS::AtLeastOnce, false).await;

    let mut late = Plain::connect(&target, "late").await;
    late.subscribe("eg/dev/+/+", QoS::AtLeastOnce).await;
    let mut seen = [late.next().await, late.next().await];
    seen.sort_by(|a, b| a.topic.cmp(&b.topic));

    assert!(seen.iter().all(|arrival| arrival.retained), "{seen:?}");
    assert_eq!(seen.map(|arrival| arrival.payload), ["online", "offline"]);
}

async fn a_retained_message_is_replaced_by_the_next(target: Target) {
    let publisher = Plain::connect(&target, "publisher").await;
    publisher.publish("eg/state/mode", "day", QoS::AtLeastOnce, true).await;
    publisher.publish("eg/state/mode", "night", QoS::AtLeastOnce, true).await;

    let mut late = Plain::connect(&target, "late").await;
    late.subscribe("eg/state/mode", QoS::AtLeastOnce).await;
    let first = late.next().await;
    publisher.publish("eg/state/mode", "end", QoS::AtLeastOnce, false).await;

    assert_eq!((first.payload.as_str(), first.retained), ("night", true));
    assert_eq!(late.next_text().await.1, "end");
}

async fn an_empty_message_clears_a_retained_one(target: Target) {
    let publisher = Plain::connect(&target, "publisher").await;
    publisher.publish("eg/state/mode", "day", QoS::AtLeastOnce, true).await;
    publisher.publish("eg/state/mode", "", QoS::AtLeastOnce, true).await;

    let mut late = Plain::connect(&target, "late").await;
    late.subscribe("eg/#", QoS::AtLeastOnce).await;
    publisher.publish("eg/end", "end", QoS::AtLeastOnce, false).await;

    assert_eq!(late.next_text().await, ("eg/end".into(), "end".into()));
}

async fn who_was_there_already_sees_it_as_something_new(target: Target) {
    let mut early = Plain::connect(&target, "early").await;
    early.subscribe("eg/state/mode", QoS::AtLeastOnce).await;

    early.publish("eg/state/mode", "night", QoS::AtLeastOnce, true).await;

    assert!(!early.next().await.retained);
}

async fn an_mqtt_5_client_sees_it_too(target: Target) {
    shell_publish(&target, "eg/state/mode", "night", &["-r"]).await;

    let mut late = ShellSubscriber::start(&target, "eg/state/#").await;

    assert_eq!(late.next().await, "eg/state/mode 1 night");
}
