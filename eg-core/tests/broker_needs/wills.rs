use rumqttc::QoS;

use crate::clients::{Plain, Wire, Wish};
use crate::needs;
use crate::packet::Hello;
use crate::under_test::Target;

needs!(
    a_cut_fires_the_will,
    a_goodbye_does_not_fire_the_will,
    a_retained_will_waits_for_those_who_come_later,
    the_will_of_an_mqtt_5_client_fires_too,
);

const STATUS: &str = "eg/dev/slot-01/status";

async fn a_cut_fires_the_will(target: Target) {
    let mut watcher = Plain::connect(&target, "watcher").await;
    watcher.subscribe(STATUS, QoS::AtLeastOnce).await;
    let wish = Wish { will: Some((STATUS, false)), ..Wish::new("slot-01") };
    let slot = Plain::connect_as(&target, wish).await;

    slot.cut().await;

    assert_eq!(watcher.next_text().await, (STATUS.into(), "gone".into()));
}

async fn a_goodbye_does_not_fire_the_will(target: Target) {
    let mut watcher = Plain::connect(&target, "watcher").await;
    watcher.subscribe("eg/#", QoS::AtLeastOnce).await;
    let wish = Wish { will: Some((STATUS, false)), ..Wish::new("slot-01") };
    let slot = Plain::connect_as(&target, wish).await;

    slot.leave().await;
    // The same name can only come back once the broker has let it go, will or no will.
    let again = Plain::connect(&target, "slot-01").await;
    again.publish("eg/end", "end", QoS::AtLeastOnce, false).await;

    assert_eq!(watcher.next_text().await.0, "eg/end");
}

async fn a_retained_will_waits_for_those_who_come_later(target: Target) {
    let mut watcher = Plain::connect(&target, "watcher").await;
    watcher.subscribe(STATUS, QoS::AtLeastOnce).await;
    let wish = Wish { will: Some((STATUS, true)), ..Wish::new("slot-01") };
    Plain::connect_as(&target, wish).await.cut().await;
    watcher.next().await;

    let mut late = Plain::connect(&target, "late").await;
    late.subscribe(STATUS, QoS::AtLeastOnce).await;
    let seen = late.next().await;

    assert_eq!((seen.payload.as_str(), seen.retained), ("gone", true));
}

async fn the_will_of_an_mqtt_5_client_fires_too(target: Target) {
    let mut watcher = Plain::connect(&target, "watcher").await;
    watcher.subscribe(STATUS, QoS::AtLeastOnce).await;
    let hello = Hello { level: 5, will: Some(STATUS), ..Hello::new("slot-01") };
    let slot = Wire::connect(&target, hello).await;

    drop(slot);

    assert_eq!(watcher.next_text().await, (STATUS.into(), "gone".into()));
}
