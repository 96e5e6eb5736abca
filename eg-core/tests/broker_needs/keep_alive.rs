use rumqttc::QoS;
use tokio::time::timeout;

use crate::clients::{Plain, Wire};
use crate::needs;
use crate::packet::{Hello, PINGREQ_BYTES, PINGRESP};
use crate::under_test::Target;

needs!(a_client_that_falls_silent_is_given_up, a_ping_is_answered);

async fn a_client_that_falls_silent_is_given_up(target: Target) {
    let mut watcher = Plain::connect(&target, "watcher").await;
    watcher.subscribe("eg/#", QoS::AtLeastOnce).await;
    let hello = Hello { keep_alive: 1, will: Some("eg/status"), ..Hello::new("silent") };
    let mut silent = Wire::connect(&target, hello).await;

    let given_up = timeout(target.keep_alive_limit(), silent.closed()).await;

    assert!(given_up.is_ok());
    assert_eq!(watcher.next_text().await, ("eg/status".into(), "gone".into()));
}

async fn a_ping_is_answered(target: Target) {
    let mut client = Wire::connect(&target, Hello::new("client")).await;

    client.write(PINGREQ_BYTES).await;

    assert_eq!(client.read().await.unwrap().kind, PINGRESP);
}
