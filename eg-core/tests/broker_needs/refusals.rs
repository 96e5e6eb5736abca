//! Tests of refusals: the answers to a client that is not wanted, and texts that no broker may pass on.

use rumqttc::QoS;

use crate::clients::{Page, Plain, Wire};
use crate::needs;
use crate::packet::{
    CONNACK, DISCONNECT, Hello, PUBACK, SUBACK, publish, publish_retained, subscribe, unsubscribe,
};
use crate::under_test::Target;

needs!(
    a_client_of_mqtt_3_1_1_is_never_sent_a_disconnect,
    a_client_of_mqtt_3_1_1_that_gives_no_name_for_its_session_is_refused_in_3_1_1,
    a_page_is_answered_in_its_own_version_too,
    a_topic_with_a_control_character_ends_the_connection,
    a_filter_with_a_control_character_ends_the_connection,
    a_will_or_a_name_with_a_control_character_is_refused,
    a_topic_with_other_letters_is_passed_on,
);

async fn a_client_of_mqtt_3_1_1_is_never_sent_a_disconnect(target: Target) {
    let mut first = Wire::connect(&target, Hello::new("slot-01")).await;

    let _second = Wire::connect(&target, Hello::new("slot-01")).await;

    assert!(first.read().await.is_none(), "closed, without a word");
}

async fn a_client_of_mqtt_3_1_1_that_gives_no_name_for_its_session_is_refused_in_3_1_1(
    target: Target,
) {
    let mut wire = Wire::open(&target).await;

    wire.write(&Hello { clean: false, ..Hello::new("") }.bytes()).await;
    let answer = wire.read().await.unwrap();

    assert_eq!((answer.kind, answer.body), (CONNACK, vec![0, 2]));
    wire.closed().await;
}

async fn a_page_is_answered_in_its_own_version_too(target: Target) {
    let mut first = Page::connect(&target, Hello::new("page")).await;

    let _second = Page::connect(&target, Hello::new("page")).await;

    assert!(first.read().await.is_none(), "closed, without a word");
}

/// Topics that Mosquitto does not accept, besides U+0000, which no client may even send.
const BAD: [&str; 7] =
    ["prop/\u{1}/state", "\u{1f}", "a/\u{7f}", "a\u{80}", "a\u{9f}b", "\u{fdd0}", "a/\u{ffff}"];

async fn a_topic_with_a_control_character_ends_the_connection(target: Target) {
    for topic in BAD {
        for bytes in [publish(topic, 1, b"ON"), publish_retained(topic, b"ON")] {
            let mut device = Wire::connect(&target, Hello::new("device")).await;
            device.write(&bytes).await;
            assert!(device.read().await.is_none(), "{topic:?}");
        }
    }

    let mut late = Plain::connect(&target, "late").await;
    late.subscribe("#", QoS::AtLeastOnce).await;
    late.publish("eg/end", "end", QoS::AtLeastOnce, false).await;

    assert_eq!(late.next_text().await.0, "eg/end", "none of them was kept");
}

async fn a_filter_with_a_control_character_ends_the_connection(target: Target) {
    for filter in BAD {
        for bytes in [subscribe(filter), unsubscribe(filter)] {
            let mut device = Wire::connect(&target, Hello::new("device")).await;
            device.write(&bytes).await;
            assert!(device.read().await.is_none(), "{filter:?}");
        }
    }
}

async fn a_will_or_a_name_with_a_control_character_is_refused(target: Target) {
    let hellos =
        [Hello { will: Some("gone/\u{1}"), ..Hello::new("device") }, Hello::new("dev\u{7f}ice")];

    for hello in hellos {
        let mut wire = Wire::open(&target).await;
        wire.write(&hello.bytes()).await;
        let answer = wire.read().await;
        assert!(answer.is_none_or(|answer| answer.body[1] != 0), "{:?}", hello.id);
        wire.closed().await;
    }
}

async fn a_topic_with_other_letters_is_passed_on(target: Target) {
    let mut device = Wire::connect(&target, Hello::new("device")).await;
    device.write(&subscribe("salle/état/#")).await;
    let granted = device.read().await.unwrap();

    device.write(&publish("salle/état/🔔", 7, b"ON")).await;
    let mut answers = [device.read().await.unwrap(), device.read().await.unwrap()];
    answers.sort_by_key(|answer| answer.kind);

    assert_eq!(granted.kind, SUBACK);
    assert_eq!(answers[0].publish().0, "salle/état/🔔");
    assert_eq!((answers[1].kind, &answers[1].body[..]), (PUBACK, &[0, 7][..]));
}

/// Refusal of MQTT 3.1, for the built-in broker alone: Mosquitto serves that version as well.
#[tokio::test]
async fn a_client_of_mqtt_3_1_is_told_that_it_is_too_old() {
    let target = Target::embedded();
    let mut wire = Wire::open(&target).await;

    wire.write(b"\x10\x12\x00\x06MQIsdp\x03\x02\x00\x3c\x00\x04pub1").await;
    let answer = wire.read().await.unwrap();

    assert_eq!((answer.kind, answer.body), (CONNACK, vec![0, 1]));
    wire.closed().await;
}

#[tokio::test]
async fn a_client_of_mqtt_5_is_told_why_it_is_let_go() {
    let target = Target::embedded();
    let mut first = Wire::connect(&target, Hello { level: 5, ..Hello::new("slot-01") }).await;
    let mut second = Wire::connect(&target, Hello { level: 5, ..Hello::new("slot-01") }).await;

    let taken_over = first.read().await.unwrap();
    // Topic, packet identifier, no properties.
    second.write(b"\x32\x07\x00\x01\x01\x00\x01\x00x").await;
    let malformed = second.read().await.unwrap();

    assert_eq!((taken_over.kind, taken_over.body[0]), (DISCONNECT, 0x8e));
    assert_eq!((malformed.kind, malformed.body[0]), (DISCONNECT, 0x81));
}
