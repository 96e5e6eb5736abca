use eg_mqtt::{DisconnectError, MAX_PACKET, Notice, PublishError, Qos, connect};

use crate::scripted::{Broker, PUBACK, connected, filters, guarded, lost, message, next, publish};

#[tokio::test]
async fn refuses_an_oversize_message_before_it_is_queued() {
    let broker = Broker::start().await;
    let (client, mut incoming) = connect(broker.options(), []).unwrap();
    let mut peer = broker.accept(false).await;
    connected(&mut incoming).await;

    let largest = MAX_PACKET - 12;
    let refused = client.publish("eg/t", vec![b'x'; largest + 1], Qos::AtLeastOnce, false).await;
    let taken = client.publish("eg/t", vec![b'x'; largest], Qos::AtLeastOnce, false).await;
    let (_, _, payload) = peer.read().await.unwrap().publish();

    let expected = PublishError::TooLarge { topic: "eg/t".into(), bytes: MAX_PACKET + 1 };
    assert_eq!(refused.unwrap_err(), expected);
    assert!(taken.is_ok());
    assert_eq!(payload.len(), largest);
}

#[tokio::test]
async fn drops_an_oversize_message_and_takes_the_next() {
    let broker = Broker::start().await;
    let mut options = broker.options();
    options.manual_acks = true;
    let (_client, mut incoming) = connect(options, filters(["eg/#"])).unwrap();
    let mut peer = broker.accept(false).await;
    let asked = peer.read().await.unwrap();
    peer.grant(&asked, &[1]).await;
    connected(&mut incoming).await;

    peer.publish("eg/large", 1, &vec![b'x'; MAX_PACKET]).await;
    peer.publish("eg/small", 2, b"press").await;
    let notice = next(&mut incoming).await;
    let answer = peer.read().await.unwrap();

    assert!(matches!(notice, Notice::Oversize { bytes: MAX_PACKET, .. }), "{notice:?}");
    assert_eq!((answer.kind, answer.body), (PUBACK, vec![0, 1]));
    assert_eq!(message(&mut incoming).await.topic, "eg/small");
}

#[tokio::test]
async fn says_the_size_that_ended_the_connection() {
    let broker = Broker::start().await;
    let (_client, mut incoming) = connect(broker.options(), []).unwrap();
    let mut peer = broker.accept(false).await;
    connected(&mut incoming).await;

    peer.write(&[0x32, 0x80, 0x80, 0x80, 0x01]).await;
    let (error, _) = lost(&mut incoming).await;

    assert!(matches!(error, DisconnectError::Oversize { bytes: 2_097_152 }), "{error:?}");
}

#[tokio::test]
async fn waits_for_room_and_keeps_the_order() {
    let broker = Broker::start().await;
    let mut options = broker.options();
    options.queue = 2;
    options.in_flight = 1;
    let (client, mut incoming) = connect(options, []).unwrap();
    let mut peer = broker.accept(false).await;
    connected(&mut incoming).await;

    let publisher = tokio::spawn(async move {
        for n in 0..50_u8 {
            client.publish("eg/t", vec![n], Qos::AtLeastOnce, false).await.unwrap();
        }
        client
    });
    let mut seen = Vec::new();
    for _ in 0..50 {
        let (_, id, payload) = peer.read().await.unwrap().publish();
        seen.extend(payload);
        peer.acknowledge(id).await;
    }
    let client = guarded(publisher).await.unwrap();
    let last = publish(&client, "last");
    let (_, id, _) = peer.read().await.unwrap().publish();
    peer.acknowledge(id).await;

    assert_eq!(seen, (0..50).collect::<Vec<u8>>());
    assert!(guarded(last).await.unwrap());
}
