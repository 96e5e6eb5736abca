use eg_core::broker::websocket::{WebSocket, WebSocketOptions};
use eg_core::broker::{Address, Broker, Embedded, EmbeddedOptions};
use rumqttc::QoS;
use tokio::io::AsyncReadExt;
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::Error;

use crate::clients::{Page, Plain};
use crate::packet::{Hello, PUBACK, SUBACK, publish, subscribe};
use crate::under_test::Target;
use crate::{guarded, needs};

needs!(
    a_page_is_given_the_sub_protocol,
    a_page_and_a_slot_hear_each_other,
    packets_may_share_a_frame_or_be_split_over_two,
    a_page_that_is_closed_fires_its_will,
);

async fn a_page_is_given_the_sub_protocol(target: Target) {
    let page = Page::connect(&target, Hello::new("page")).await;

    assert_eq!(page.sub_protocol.as_deref(), Some("mqtt"));
}

async fn a_page_and_a_slot_hear_each_other(target: Target) {
    let mut slot = Plain::connect(&target, "slot-01").await;
    slot.subscribe("eg/night/vote", QoS::AtLeastOnce).await;
    let mut page = Page::connect(&target, Hello::new("page")).await;
    page.write(&subscribe("eg/night/step")).await;
    let granted = page.read().await.unwrap();

    slot.publish("eg/night/step", "step", QoS::AtLeastOnce, false).await;
    let step = page.read().await.unwrap().publish();
    page.write(&publish("eg/night/vote", 7, b"vote")).await;
    let acknowledged = page.read().await.unwrap();

    assert_eq!(granted.kind, SUBACK);
    assert_eq!((step.0.as_str(), step.2.as_slice()), ("eg/night/step", &b"step"[..]));
    assert_eq!((acknowledged.kind, &acknowledged.body[..2]), (PUBACK, &[0, 7][..]));
    assert_eq!(slot.next_text().await, ("eg/night/vote".into(), "vote".into()));
}

async fn packets_may_share_a_frame_or_be_split_over_two(target: Target) {
    let mut slot = Plain::connect(&target, "slot-01").await;
    slot.subscribe("eg/t", QoS::AtLeastOnce).await;
    let mut page = Page::connect(&target, Hello::new("page")).await;
    let both = [publish("eg/t", 1, b"one"), publish("eg/t", 2, b"two")].concat();
    let third = publish("eg/t", 3, b"three");

    page.write(&both).await;
    page.write(&third[..5]).await;
    page.write(&third[5..]).await;

    for payload in ["one", "two", "three"] {
        assert_eq!(slot.next_text().await.1, payload);
    }
}

async fn a_page_that_is_closed_fires_its_will(target: Target) {
    let mut watcher = Plain::connect(&target, "watcher").await;
    watcher.subscribe("eg/page", QoS::AtLeastOnce).await;
    let page = Page::connect(&target, Hello { will: Some("eg/page"), ..Hello::new("page") }).await;

    drop(page);

    assert_eq!(watcher.next_text().await, ("eg/page".into(), "gone".into()));
}

/// Starts a built-in broker and a listener for pages with few places.
fn small_door() -> (Embedded, WebSocket) {
    let mut broker = Embedded::new(EmbeddedOptions::on_loopback(0));
    let address = broker.start().unwrap();
    let mut options = WebSocketOptions::new("127.0.0.1".parse().unwrap(), 0, address);
    options.half_open = 4;
    options.connections = 16;
    (broker, WebSocket::start(options).unwrap())
}

fn status(refused: Result<Page, Error>) -> u16 {
    match refused {
        Err(Error::Http(answer)) => answer.status().as_u16(),
        Err(other) => panic!("an HTTP answer, not {other}"),
        Ok(_) => panic!("a refusal"),
    }
}

#[tokio::test]
async fn a_page_from_elsewhere_is_refused() {
    let (_broker, door) = small_door();
    let url = format!("ws://{}/mqtt", door.address());
    let mqtt = ("sec-websocket-protocol", "mqtt");

    let stranger = Page::open(&url, &[mqtt, ("origin", "https://evil.example")]).await;
    let ours = Page::open(&url, &[mqtt, ("origin", "http://127.0.0.1:3000")]).await;

    assert_eq!(status(stranger), 403);
    assert!(ours.is_ok());
}

#[tokio::test]
async fn a_page_without_the_sub_protocol_is_refused() {
    let (_broker, door) = small_door();

    let refused = Page::open(&format!("ws://{}/mqtt", door.address()), &[]).await;

    assert_eq!(status(refused), 400);
}

#[tokio::test]
async fn a_page_is_told_when_the_broker_is_away() {
    let nobody = Address { host: "127.0.0.1".into(), port: 1 };
    let options = WebSocketOptions::new("127.0.0.1".parse().unwrap(), 0, nobody);
    let door = WebSocket::start(options).unwrap();
    let mqtt = ("sec-websocket-protocol", "mqtt");

    let refused = Page::open(&format!("ws://{}/mqtt", door.address()), &[mqtt]).await;

    assert_eq!(status(refused), 502);
}

#[tokio::test]
async fn a_page_gets_in_past_silent_connections() {
    let (_broker, door) = small_door();
    let mut silent = Vec::new();
    for _ in 0..12 {
        silent.push(TcpStream::connect(door.address()).await.unwrap());
    }

    let mqtt = ("sec-websocket-protocol", "mqtt");
    let page = Page::open(&format!("ws://{}/mqtt", door.address()), &[mqtt]).await;
    let oldest = guarded("the oldest to be closed", silent[0].read(&mut [0])).await;

    assert!(page.is_ok());
    assert!(!matches!(oldest, Ok(1..)), "{oldest:?}");
}

#[tokio::test]
async fn pages_are_let_go_when_the_listener_stops() {
    let (_broker, door) = small_door();
    let mqtt = ("sec-websocket-protocol", "mqtt");
    let mut page = Page::open(&format!("ws://{}/mqtt", door.address()), &[mqtt]).await.unwrap();

    let stopping = std::thread::spawn(move || drop(door));

    assert!(page.read().await.is_none());
    stopping.join().unwrap();
}
