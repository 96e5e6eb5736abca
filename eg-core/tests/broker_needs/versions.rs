use rumqttc::QoS;

use crate::clients::{Plain, ShellSubscriber, Wire, shell_publish};
use crate::needs;
use crate::packet::Hello;
use crate::under_test::Target;

needs!(
    clients_of_both_versions_hear_each_other,
    a_version_nobody_speaks_is_turned_away,
    an_mqtt_5_client_is_answered_in_mqtt_5,
);

async fn clients_of_both_versions_hear_each_other(target: Target) {
    let mut old = Plain::connect(&target, "old").await;
    old.subscribe("eg/+", QoS::AtLeastOnce).await;
    let mut new = ShellSubscriber::start(&target, "eg/+").await;

    old.publish("eg/old", "from 3.1.1", QoS::AtLeastOnce, false).await;
    shell_publish(&target, "eg/new", "from 5", &[]).await;

    assert_eq!(old.next_text().await, ("eg/old".into(), "from 3.1.1".into()));
    assert_eq!(old.next_text().await, ("eg/new".into(), "from 5".into()));
    assert_eq!(new.next().await, "eg/old 0 from 3.1.1");
    assert_eq!(new.next().await, "eg/new 0 from 5");
}

async fn a_version_nobody_speaks_is_turned_away(target: Target) {
    let mut wire = Wire::open(&target).await;

    wire.write(&Hello { level: 9, ..Hello::new("tomorrow") }.bytes()).await;
    let answer = wire.read().await;
    wire.closed().await;

    // Byte 1 of CONNACK is the code; any but 0 is a refusal, and so is no answer.
    assert!(answer.is_none_or(|answer| answer.body[1] != 0));
}

async fn an_mqtt_5_client_is_answered_in_mqtt_5(target: Target) {
    let mut wire = Wire::open(&target).await;

    wire.write(&Hello { level: 5, ..Hello::new("new") }.bytes()).await;
    let answer = wire.read().await.unwrap();

    assert_eq!(answer.body[1], 0);
    assert!(answer.body.len() > 2, "MQTT 5 has properties: {answer:?}");
}
