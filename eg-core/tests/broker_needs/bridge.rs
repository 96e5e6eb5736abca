//! Tests of a real Mosquitto as a bridge to the built-in broker, with its usual settings.

use rumqttc::QoS;

use crate::clients::Plain;
use crate::guarded;
use crate::under_test::{Neighbour, Target};

/// Waits until a message from one end of the bridge arrives at the other.
async fn stands(near: &Plain, far: &mut Plain) {
    guarded("the bridge", async {
        loop {
            near.publish("bridge/probe", "probe", QoS::AtLeastOnce, false).await;
            let heard = tokio::time::timeout(std::time::Duration::from_millis(300), far.next());
            if heard.await.is_ok() {
                return;
            }
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_default_mosquitto_bridge_carries_both_ways_and_echoes_nothing() {
    let target = Target::embedded();
    let neighbour = Neighbour::bridged_to(&target);
    let mut here = Plain::connect(&target, "here").await;
    let mut there = Plain::connect_at(neighbour.port(), "there").await;
    here.subscribe("#", QoS::AtLeastOnce).await;
    there.subscribe("#", QoS::AtLeastOnce).await;
    stands(&there, &mut here).await;

    there.publish("prop/door", "from there", QoS::AtLeastOnce, false).await;
    here.publish("eg/state/mode", "from here", QoS::AtLeastOnce, true).await;
    there.publish("prop/end", "end", QoS::AtLeastOnce, false).await;
    here.publish("eg/end", "end", QoS::AtLeastOnce, false).await;

    let heard = async |client: &mut Plain| {
        let mut all = Vec::new();
        while !(all.contains(&"prop/end".to_owned()) && all.contains(&"eg/end".to_owned())) {
            let topic = client.next().await.topic;
            if topic != "bridge/probe" && !topic.starts_with('$') {
                all.push(topic);
            }
        }
        all.sort();
        all
    };
    let wanted = ["eg/end", "eg/state/mode", "prop/door", "prop/end"];
    assert_eq!(heard(&mut here).await, wanted, "each once");
    assert_eq!(heard(&mut there).await, wanted, "each once");

    let mut late = Plain::connect_at(neighbour.port(), "late").await;
    late.subscribe("eg/state/mode", QoS::AtLeastOnce).await;
    assert!(late.next().await.retained, "a state is kept on the other side too");
}
