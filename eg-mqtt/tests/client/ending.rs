use eg_mqtt::{Publication, PublishError, Qos, Unacknowledged, connect};

use crate::scripted::{Broker, DISCONNECT, connected, guarded, publish};

fn offline() -> Publication {
    Publication {
        topic: "eg/dev/slot-01/status".into(),
        payload: "offline".into(),
        qos: Qos::AtLeastOnce,
        retained: true,
    }
}

#[tokio::test]
async fn says_its_last_words_and_leaves_cleanly() {
    let broker = Broker::start().await;
    let (client, mut incoming) = connect(broker.options(), []).unwrap();
    let mut peer = broker.accept(false).await;
    connected(&mut incoming).await;

    let leaving = tokio::spawn({
        let client = client.clone();
        async move { client.disconnect(Some(offline())).await }
    });
    let (topic, id, payload) = peer.read().await.unwrap().publish();
    peer.acknowledge(id).await;
    let goodbye = peer.read().await.unwrap();

    assert_eq!((topic.as_str(), payload.as_slice()), ("eg/dev/slot-01/status", &b"offline"[..]));
    assert_eq!(goodbye.kind, DISCONNECT);
    assert!(peer.read().await.is_none());
    assert_eq!(guarded(leaving).await.unwrap(), Ok(()));
    assert!(guarded(incoming.next()).await.is_none());
    let late = client.publish("eg/t", "late", Qos::AtLeastOnce, false).await;
    assert_eq!(late.unwrap_err(), PublishError::Closed);
}

#[tokio::test]
async fn waits_for_what_is_in_flight_before_it_leaves() {
    let broker = Broker::start().await;
    let (client, mut incoming) = connect(broker.options(), []).unwrap();
    let mut peer = broker.accept(false).await;
    connected(&mut incoming).await;

    let vote = publish(&client, "vote");
    let (_, id, _) = peer.read().await.unwrap().publish();
    let leaving = tokio::spawn(async move { client.disconnect(None).await });
    peer.acknowledge(id).await;

    assert_eq!(peer.read().await.unwrap().kind, DISCONNECT);
    assert!(guarded(vote).await.unwrap());
    assert_eq!(guarded(leaving).await.unwrap(), Ok(()));
}

#[tokio::test]
async fn lets_the_will_speak_when_the_last_words_do_not_arrive() {
    let broker = Broker::start().await;
    let (client, mut incoming) = connect(broker.options(), []).unwrap();
    let mut peer = broker.accept(false).await;
    connected(&mut incoming).await;

    let leaving = tokio::spawn(async move { client.disconnect(Some(offline())).await });
    peer.read().await.unwrap().publish();
    let after = peer.read_past_pings().await;

    assert!(after.is_none(), "cut, without DISCONNECT");
    assert_eq!(guarded(leaving).await.unwrap(), Err(Unacknowledged));
}

#[tokio::test]
async fn stops_trying_when_it_leaves_while_the_broker_is_away() {
    let broker = Broker::start().await;
    let options = broker.options();
    drop(broker);
    let (client, mut incoming) = connect(options, []).unwrap();

    let left = guarded(client.disconnect(None)).await;
    while guarded(incoming.next()).await.is_some() {}

    assert_eq!(left, Ok(()));
}

#[tokio::test]
async fn lets_the_will_speak_when_the_last_client_is_dropped() {
    let broker = Broker::start().await;
    let (client, mut incoming) = connect(broker.options(), []).unwrap();
    let mut peer = broker.accept(false).await;
    connected(&mut incoming).await;

    drop(client);

    assert!(peer.read().await.is_none(), "cut, without DISCONNECT");
    assert!(guarded(incoming.next()).await.is_none());
}
