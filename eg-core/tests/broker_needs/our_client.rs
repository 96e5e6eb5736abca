use std::time::Duration;

use eg_mqtt::{Incoming, Message, Notice, Options, Publication, Qos, Subscription, connect};
use rumqttc::QoS;
use tokio::time::{Instant, timeout};

use crate::clients::Plain;
use crate::under_test::Target;
use crate::{guarded, needs};

needs!(
    what_it_did_not_acknowledge_comes_again_after_a_restart,
    what_it_acknowledged_does_not_come_again,
    its_last_words_arrive_and_its_will_does_not,
    small_packets_are_not_held_back,
    a_broker_with_nothing_to_say_is_not_given_up,
);

const STATUS: &str = "eg/dev/slot-01/status";

fn core(target: &Target) -> Options {
    let mut options = Options::new("127.0.0.1", target.port(), "core-01");
    options.persistent = true;
    options.manual_acks = true;
    options
}

fn events() -> [Subscription; 1] {
    [Subscription::new("eg/dev/+/input/event", Qos::AtLeastOnce)]
}

/// Skips losses until the link is up again; returns `true` if the broker knew the session.
async fn connected(incoming: &mut Incoming) -> bool {
    loop {
        match guarded("the link", incoming.next()).await.unwrap() {
            Notice::Connected { session_present, refused } => {
                assert!(refused.is_empty(), "{refused:?}");
                return session_present;
            }
            Notice::Lost { .. } => {}
            other => panic!("connected is next, not {other:?}"),
        }
    }
}

/// Waits for the next message, and ignores changes of the link meanwhile.
async fn message(incoming: &mut Incoming) -> Message {
    loop {
        if let Notice::Message(message) = guarded("a message", incoming.next()).await.unwrap() {
            return message;
        }
    }
}

async fn press(target: &Target, payload: &str) {
    let slot = Plain::connect(target, "slot-01").await;
    slot.publish("eg/dev/slot-01/input/event", payload, QoS::AtLeastOnce, false).await;
    slot.leave().await;
}

async fn what_it_did_not_acknowledge_comes_again_after_a_restart(mut target: Target) {
    let (client, mut incoming) = connect(core(&target), events()).unwrap();
    let known_at_first = connected(&mut incoming).await;
    press(&target, "press").await;
    let first = message(&mut incoming).await;

    target.stop().await;
    target.start_again();
    let again = message(&mut incoming).await;
    client.ack(again.ack.unwrap()).await;
    press(&target, "next").await;
    let next = message(&mut incoming).await;

    assert!(!known_at_first);
    assert_eq!(first.payload, "press");
    assert_eq!(again.payload, "press");
    assert_eq!(next.payload, "next");
}

async fn what_it_acknowledged_does_not_come_again(target: Target) {
    let (client, mut incoming) = connect(core(&target), events()).unwrap();
    connected(&mut incoming).await;
    press(&target, "press").await;
    client.ack(message(&mut incoming).await.ack.unwrap()).await;
    client.disconnect(None).await.unwrap();

    let (_client, mut incoming) = connect(core(&target), events()).unwrap();
    press(&target, "next").await;

    assert_eq!(message(&mut incoming).await.payload, "next");
}

async fn its_last_words_arrive_and_its_will_does_not(target: Target) {
    let mut watcher = Plain::connect(&target, "watcher").await;
    watcher.subscribe(STATUS, QoS::AtLeastOnce).await;
    let status = |payload: &'static str| Publication {
        topic: STATUS.into(),
        payload: payload.into(),
        qos: Qos::AtLeastOnce,
        retained: true,
    };
    let mut options = Options::new("127.0.0.1", target.port(), "slot-01");
    options.will = Some(status("cut"));
    let (client, mut incoming) = connect(options, []).unwrap();
    connected(&mut incoming).await;

    client.disconnect(Some(status("offline"))).await.unwrap();
    // The broker has let the name go, will or no will, once another can have it.
    let again = Plain::connect(&target, "slot-01").await;
    again.publish(STATUS, "end", QoS::AtLeastOnce, false).await;

    assert_eq!(watcher.next_text().await.1, "offline");
    assert_eq!(watcher.next_text().await.1, "end");
}

/// Time for which the system holds back a second small packet, unless its sender says that it must not.
const HELD_BACK: Duration = Duration::from_millis(40);

/// Checks an acknowledgement and a message, one after the other to one client. A busy machine delays a round now and
/// then; a system that holds packets back delays all but the first few of a connection.
async fn small_packets_are_not_held_back(target: Target) {
    let options = Options::new("127.0.0.1", target.port(), "slot-01");
    let (client, mut incoming) =
        connect(options, [Subscription::new("eg/t", Qos::AtLeastOnce)]).unwrap();
    connected(&mut incoming).await;

    guarded("50 rounds that nothing held back", async {
        let mut quick = 0;
        while quick < 50 {
            let since = Instant::now();
            let sent = client.publish("eg/t", "press", Qos::AtLeastOnce, false).await.unwrap();
            message(&mut incoming).await;
            sent.acknowledged().await.unwrap();
            quick += usize::from(since.elapsed() < HELD_BACK);
        }
    })
    .await;
}

async fn a_broker_with_nothing_to_say_is_not_given_up(target: Target) {
    let mut options = core(&target);
    // A broker on a busy machine has half of this for its answer.
    options.silence = Duration::from_secs(4);
    let (_client, mut incoming) = connect(options, events()).unwrap();
    connected(&mut incoming).await;

    let news = timeout(Duration::from_secs(6), incoming.next()).await;

    assert!(news.is_err(), "{news:?}");
}
