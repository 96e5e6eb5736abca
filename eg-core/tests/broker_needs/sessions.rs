use rumqttc::QoS;

use crate::clients::{Plain, Wish};
use crate::needs;
use crate::under_test::Target;

needs!(
    a_persistent_session_keeps_what_comes_meanwhile,
    a_clean_session_forgets,
    a_second_client_of_one_name_takes_the_place_of_the_first,
    a_taken_over_session_goes_on_with_its_subscriptions,
);

fn persistent(id: &str) -> Wish<'_> {
    Wish { clean: false, ..Wish::new(id) }
}

async fn a_persistent_session_keeps_what_comes_meanwhile(target: Target) {
    let core = Plain::connect_as(&target, persistent("core-01")).await;
    let known_at_first = core.session_present;
    core.subscribe("eg/event", QoS::AtLeastOnce).await;
    core.leave().await;
    let slot = Plain::connect(&target, "slot-01").await;

    for n in 0..100 {
        slot.publish("eg/event", &n.to_string(), QoS::AtLeastOnce, false).await;
    }
    let mut core = Plain::connect_as(&target, persistent("core-01")).await;

    assert!(!known_at_first && core.session_present);
    for n in 0..100 {
        assert_eq!(core.next_text().await.1, n.to_string());
    }
}

async fn a_clean_session_forgets(target: Target) {
    let core = Plain::connect_as(&target, persistent("core-01")).await;
    core.subscribe("eg/event", QoS::AtLeastOnce).await;
    core.leave().await;
    let slot = Plain::connect(&target, "slot-01").await;
    slot.publish("eg/event", "meanwhile", QoS::AtLeastOnce, false).await;

    let mut core = Plain::connect(&target, "core-01").await;
    core.subscribe("eg/end", QoS::AtLeastOnce).await;
    slot.publish("eg/event", "later", QoS::AtLeastOnce, false).await;
    slot.publish("eg/end", "end", QoS::AtLeastOnce, false).await;

    assert!(!core.session_present);
    assert_eq!(core.next_text().await.0, "eg/end");
}

async fn a_second_client_of_one_name_takes_the_place_of_the_first(target: Target) {
    let first = Plain::connect(&target, "slot-01").await;

    let mut second = Plain::connect(&target, "slot-01").await;
    first.closed().await;
    second.subscribe("eg/t", QoS::AtLeastOnce).await;
    second.publish("eg/t", "still here", QoS::AtLeastOnce, false).await;

    assert_eq!(second.next_text().await.1, "still here");
}

async fn a_taken_over_session_goes_on_with_its_subscriptions(target: Target) {
    let first = Plain::connect_as(&target, persistent("core-01")).await;
    first.subscribe("eg/event", QoS::AtLeastOnce).await;
    let slot = Plain::connect(&target, "slot-01").await;

    let mut second = Plain::connect_as(&target, persistent("core-01")).await;
    slot.publish("eg/event", "press", QoS::AtLeastOnce, false).await;

    assert!(second.session_present);
    assert_eq!(second.next_text().await.1, "press");
}
