use rumqttc::QoS;
use tokio::net::TcpStream;

use crate::clients::{Plain, Wish};
use crate::needs;
use crate::under_test::Target;

needs!(a_stop_lets_everyone_go, what_was_kept_survives_a_stop);

async fn a_stop_lets_everyone_go(mut target: Target) {
    let port = target.port();
    let client = Plain::connect(&target, "client").await;
    let silent = TcpStream::connect(("127.0.0.1", port)).await.unwrap();

    target.stop().await;
    client.closed().await;
    let after = TcpStream::connect(("127.0.0.1", port)).await;

    drop(silent);
    assert!(after.is_err(), "nobody listens any more");
}

async fn what_was_kept_survives_a_stop(mut target: Target) {
    let persistent = || Wish { clean: false, ..Wish::new("core-01") };
    let core = Plain::connect_as(&target, persistent()).await;
    core.subscribe("eg/event", QoS::AtLeastOnce).await;
    core.leave().await;
    let slot = Plain::connect(&target, "slot-01").await;
    slot.publish("eg/event", "press", QoS::AtLeastOnce, false).await;
    slot.publish("eg/state/mode", "night", QoS::AtLeastOnce, true).await;

    target.stop().await;
    slot.closed().await;
    target.start_again();
    let mut core = Plain::connect_as(&target, persistent()).await;
    let kept = core.next_text().await;
    core.subscribe("eg/state/mode", QoS::AtLeastOnce).await;

    assert!(core.session_present);
    assert_eq!(kept, ("eg/event".into(), "press".into()));
    assert_eq!(core.next_text().await, ("eg/state/mode".into(), "night".into()));
}
