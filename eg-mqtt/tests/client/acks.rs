use eg_mqtt::connect;

use crate::scripted::{Broker, PUBACK, connected, filters, lost, message, publish};

#[tokio::test]
async fn acknowledges_a_message_when_told_and_not_before() {
    let broker = Broker::start().await;
    let mut options = broker.options();
    options.manual_acks = true;
    let (client, mut incoming) = connect(options, filters(["eg/#"])).unwrap();
    let mut peer = broker.accept(false).await;
    let asked = peer.read().await.unwrap();
    peer.grant(&asked, &[1]).await;
    connected(&mut incoming).await;

    peer.publish("eg/t", 7, b"press").await;
    let token = message(&mut incoming).await.ack.unwrap();
    let _sent = publish(&client, "first");
    let before = peer.read().await.unwrap();
    client.ack(token).await;
    let after = peer.read().await.unwrap();

    assert_eq!(before.publish().2, b"first");
    assert_eq!((after.kind, after.body), (PUBACK, vec![0, 7]));
}

#[tokio::test]
async fn never_acknowledges_on_one_connection_what_came_on_another() {
    let broker = Broker::start().await;
    let mut options = broker.options();
    options.manual_acks = true;
    options.persistent = true;
    let (client, mut incoming) = connect(options, filters(["eg/#"])).unwrap();
    let mut first = broker.accept(false).await;
    let asked = first.read().await.unwrap();
    first.grant(&asked, &[1]).await;
    connected(&mut incoming).await;

    first.publish("eg/t", 7, b"press").await;
    let stale = message(&mut incoming).await.ack.unwrap();
    drop(first);
    lost(&mut incoming).await;
    let mut second = broker.accept(true).await;
    connected(&mut incoming).await;
    client.ack(stale).await;
    let _sent = publish(&client, "next");

    assert_eq!(second.read().await.unwrap().publish().2, b"next");
}

#[tokio::test]
async fn acknowledges_by_itself_unless_told_otherwise() {
    let broker = Broker::start().await;
    let (_client, mut incoming) = connect(broker.options(), filters(["eg/#"])).unwrap();
    let mut peer = broker.accept(false).await;
    let asked = peer.read().await.unwrap();
    peer.grant(&asked, &[1]).await;
    connected(&mut incoming).await;

    peer.publish("eg/t", 9, b"press").await;
    let arrived = message(&mut incoming).await;
    let answer = peer.read().await.unwrap();

    assert!(arrived.ack.is_none());
    assert_eq!((answer.kind, answer.body), (PUBACK, vec![0, 9]));
}
