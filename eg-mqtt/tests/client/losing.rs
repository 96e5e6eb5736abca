use std::time::Duration;

use eg_mqtt::{DisconnectError, Options, PublishError, Qos, Refusal, connect};

use tokio::net::TcpSocket;

use crate::scripted::{
    Broker, CONNECT, PUBLISH, UNSUBSCRIBE, connected, filters, guarded, lost, message, publish,
};

#[tokio::test]
async fn says_when_the_name_has_no_address() {
    let options = Options::new("no-such-host.invalid", 1883, "slot-01");
    let (_client, mut incoming) = connect(options, []).unwrap();

    let (error, _) = lost(&mut incoming).await;

    assert!(matches!(error, DisconnectError::Resolve { .. }), "{error:?}");
    assert!(error.to_string().contains("no-such-host.invalid"), "{error}");
}

#[tokio::test]
async fn says_when_nobody_listens_and_waits_longer_each_time() {
    // A port that is bound belongs to this test, and refuses everybody as long as nobody listens there.
    let nobody = TcpSocket::new_v4().unwrap();
    nobody.bind(([127, 0, 0, 1], 0).into()).unwrap();
    let address = nobody.local_addr().unwrap().to_string();
    let options = Options::new("127.0.0.1", nobody.local_addr().unwrap().port(), "slot-01");
    let (_client, mut incoming) = connect(options, []).unwrap();

    let (error, first) = lost(&mut incoming).await;
    let (_, second) = lost(&mut incoming).await;
    let (_, third) = lost(&mut incoming).await;

    assert!(matches!(error, DisconnectError::Connect { .. }), "{error:?}");
    assert!(error.to_string().contains(&address), "{error}");
    assert_eq!(first, Duration::from_millis(300));
    assert!((300..=600).contains(&second.as_millis()), "{second:?}");
    assert!((600..=1200).contains(&third.as_millis()), "{third:?}");
}

#[tokio::test]
async fn says_why_the_broker_refused() {
    let broker = Broker::start().await;
    let (_client, mut incoming) = connect(broker.options(), []).unwrap();

    let mut peer = broker.meet().await;
    assert_eq!(peer.read().await.unwrap().kind, CONNECT);
    peer.write(&[0x20, 2, 0, 4]).await;
    let (error, _) = lost(&mut incoming).await;

    assert!(matches!(error, DisconnectError::Refused(Refusal::Credentials)), "{error:?}");
}

#[tokio::test]
async fn says_when_what_answers_is_not_a_broker() {
    let broker = Broker::start().await;
    let (_client, mut incoming) = connect(broker.options(), []).unwrap();

    let mut peer = broker.meet().await;
    peer.write(b"HTTP/1.1 400 Bad Request\r\n\r\n").await;
    drop(peer);
    let (error, _) = lost(&mut incoming).await;

    assert!(matches!(error, DisconnectError::NotMqtt { .. }), "{error:?}");
}

#[tokio::test]
async fn gives_up_a_broker_that_leaves_a_ping_unanswered() {
    let broker = Broker::start().await;
    let mut options = broker.options();
    options.keep_alive = Duration::from_secs(1);
    let (_client, mut incoming) = connect(options, []).unwrap();

    let _silent = broker.accept(false).await;
    connected(&mut incoming).await;
    let (error, _) = lost(&mut incoming).await;

    assert!(matches!(error, DisconnectError::Silent), "{error:?}");
}

#[tokio::test]
async fn gives_up_a_broker_that_is_silent_although_much_is_sent_to_it() {
    let broker = Broker::start().await;
    let mut options = broker.options();
    (options.keep_alive, options.silence) = (Duration::from_secs(60), Duration::from_secs(1));
    let (client, mut incoming) = connect(options, []).unwrap();
    let _silent = broker.accept(false).await;
    connected(&mut incoming).await;

    let busy = async {
        while client.publish("eg/t", "ping", Qos::AtMostOnce, false).await.is_ok() {
            tokio::task::yield_now().await;
        }
    };
    let (error, ()) = guarded(async { tokio::join!(lost(&mut incoming), busy) }).await;

    assert!(matches!(error.0, DisconnectError::Silent), "{error:?}");
}

#[tokio::test]
async fn keeps_a_broker_that_has_nothing_to_say_but_answers() {
    let broker = Broker::start().await;
    let mut options = broker.options();
    // Half of the silence is for the answer, which a busy machine may delay.
    (options.keep_alive, options.silence) = (Duration::from_secs(60), Duration::from_secs(4));
    let (_client, mut incoming) = connect(options, []).unwrap();
    let mut peer = broker.accept(false).await;
    connected(&mut incoming).await;

    for _ in 0..3 {
        let asked = peer.read().await.expect("the connection stands");
        assert_eq!(asked.kind, UNSUBSCRIBE);
        peer.write(&[0xb0, 2, asked.body[0], asked.body[1]]).await;
    }
}

#[tokio::test]
async fn fails_what_was_on_its_way_and_repeats_none_of_it() {
    let broker = Broker::start().await;
    let mut options = broker.options();
    options.persistent = true;
    let (client, mut incoming) = connect(options, []).unwrap();
    let mut first = broker.accept(false).await;
    connected(&mut incoming).await;

    let old = publish(&client, "old");
    assert_eq!(first.read().await.unwrap().kind, PUBLISH);
    drop(first);
    let old_arrived = guarded(old).await.unwrap();
    lost(&mut incoming).await;
    let offline = client.publish("eg/t", "meanwhile", Qos::AtLeastOnce, false).await;
    let mut second = broker.accept(true).await;
    connected(&mut incoming).await;
    let new = publish(&client, "new");
    let (_, id, payload) = second.read().await.unwrap().publish();
    second.acknowledge(id).await;

    assert!(!old_arrived);
    assert_eq!(offline.unwrap_err(), PublishError::Offline);
    assert_eq!(payload, b"new");
    assert!(guarded(new).await.unwrap());
}

#[tokio::test]
async fn gives_the_connection_up_when_nobody_reads() {
    let broker = Broker::start().await;
    let mut options = broker.options();
    options.keep_alive = Duration::from_secs(1);
    options.queue = 1;
    let (_client, mut incoming) = connect(options, filters(["eg/#"])).unwrap();
    let mut peer = broker.accept(false).await;
    let asked = peer.read().await.unwrap();
    peer.grant(&asked, &[1]).await;
    connected(&mut incoming).await;

    for id in 1..=3 {
        peer.publish("eg/t", id, b"").await;
    }
    while peer.read().await.is_some() {}
    let read = [message(&mut incoming).await, message(&mut incoming).await];
    let (error, _) = lost(&mut incoming).await;

    assert_eq!(read.map(|message| message.topic), ["eg/t", "eg/t"]);
    assert!(matches!(error, DisconnectError::Stalled), "{error:?}");
}

#[tokio::test]
async fn takes_a_goodbye_in_mqtt_5_for_a_closed_connection() {
    let broker = Broker::start().await;
    let (_client, mut incoming) = connect(broker.options(), []).unwrap();
    let mut peer = broker.accept(false).await;
    connected(&mut incoming).await;

    peer.write(&[0xe0, 1, 0x8e]).await;
    let (error, _) = lost(&mut incoming).await;

    assert!(matches!(error, DisconnectError::Closed), "{error:?}");
}

#[tokio::test]
async fn waits_as_long_as_it_is_told_to_before_it_comes_back() {
    let broker = Broker::start().await;
    let (client, mut incoming) = connect(broker.options(), []).unwrap();
    client.wait_at_least(Duration::from_secs(5));

    let peer = broker.accept(false).await;
    connected(&mut incoming).await;
    drop(peer);
    let (_, retry_in) = lost(&mut incoming).await;

    assert!((5..=10).contains(&retry_in.as_secs()), "{retry_in:?}");
}

#[tokio::test]
async fn comes_back_at_once_when_it_is_told_to_however_long_it_was_to_wait() {
    let broker = Broker::start().await;
    let (client, mut incoming) = connect(broker.options(), []).unwrap();
    client.wait_at_least(Duration::from_secs(3600));
    let peer = broker.accept(false).await;
    connected(&mut incoming).await;
    drop(peer);
    lost(&mut incoming).await;

    client.retry_now();

    let _back = broker.accept(false).await;
    connected(&mut incoming).await;
}
