use super::*;
use crate::broker::embedded::EmbeddedOptions;
use crate::broker::embedded::engine::BrokerThread;

const EVENTS: &str = "eg/dev/slot-01/input/event";

async fn broker() -> LocalBroker {
    BrokerThread::open(&EmbeddedOptions::on_loopback(0)).await.unwrap().local()
}

fn event(number: usize) -> Publication {
    let (topic, payload) = (EVENTS.to_owned(), number.to_string().into());
    Publication { topic, payload, qos: Qos::AtLeastOnce, retained: false }
}

fn events() -> [Subscription; 1] {
    [Subscription::new("eg/dev/+/input/event", Qos::AtLeastOnce)]
}

#[tokio::test]
async fn publishers_wait_while_too_much_waits_and_nothing_is_dropped() {
    let broker = broker().await;
    let mut core = broker.enter("core-01", &events()).await;
    for number in 0..ROOM {
        broker.publish("slot-01", event(number)).await;
    }

    let gate = broker.gate.clone();
    let (press, state) = (gate.is_open(EVENTS), gate.is_open("eg/state/mode"));
    let waiting = tokio::spawn(async move { gate.pass(EVENTS).await });
    tokio::task::yield_now().await;
    let mut seen = Vec::new();
    while seen.len() < ROOM {
        seen.push(core.next().await.unwrap().payload);
    }
    waiting.await.unwrap();

    assert_eq!((press, state), (false, true));
    assert!(seen.into_iter().eq((0..ROOM).map(|number| Bytes::from(number.to_string()))));
}

#[tokio::test]
async fn what_overflowed_comes_after_what_came_before() {
    let broker = broker().await;
    let mut core = broker.enter("core-01", &events()).await;
    broker.publish("slot-01", event(0)).await;
    // As if the lane had been full.
    core.queue.expect_bind(u64::MAX);
    broker.publish("slot-01", event(1)).await;
    core.queue.mark_bound(u64::MAX);
    broker.publish("slot-01", event(2)).await;

    let mut seen = Vec::new();
    while seen.len() < 3 {
        seen.push(core.next().await.unwrap().payload);
    }

    assert_eq!(seen, ["0", "1", "2"]);
}

#[tokio::test]
async fn who_waits_goes_on_when_the_client_leaves() {
    let broker = broker().await;
    let core = broker.enter("core-01", &events()).await;
    for number in 0..ROOM {
        broker.publish("slot-01", event(number)).await;
    }

    let gate = broker.gate.clone();
    let waiting = tokio::spawn(async move { gate.pass(EVENTS).await });
    tokio::task::yield_now().await;
    core.leave().await;

    waiting.await.unwrap();
}
