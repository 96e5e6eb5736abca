//! Tests with pages and agents of an older installation: from other machines, and after a restart of the core.

use crate::Server;
use eg_core::engine::command::{Actor, Command};
use eg_proto::NightStep;
use futures_util::{SinkExt, StreamExt};
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::{Error, Message};
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};

const OLD: &str = "compat: true
rooms:
  main: { game: night-vote, config: { grace: 0s, expected: 2 } }
";

fn text(text: &str) -> Vec<u8> {
    [&u16::try_from(text.len()).unwrap().to_be_bytes()[..], text.as_bytes()].concat()
}

/// Builds a packet of at most 127 bytes behind its header, as old clients write them.
fn packet(first: u8, parts: &[&[u8]]) -> Vec<u8> {
    let body = parts.concat();
    [&[first, u8::try_from(body.len()).unwrap()][..], &body].concat()
}

/// Builds a CONNECT of MQTT 3.1.1 with a clean session.
fn connect(id: &str) -> Vec<u8> {
    packet(0x10, &[b"\0\x04MQTT\x04\x02\0\x3c", &text(id)])
}

fn subscribe(filter: &str) -> Vec<u8> {
    packet(0x82, &[b"\0\x01", &text(filter), b"\x01"])
}

fn vote(device: &str) -> Vec<u8> {
    let json = format!(r#"{{"device_id":"{device}","step":1,"choice":"A"}}"#);
    packet(0x30, &[&text("eg/night/vote"), json.as_bytes()])
}

type Page = WebSocketStream<MaybeTlsStream<TcpStream>>;

/// Opens the connection of a page that another server, `origin`, has served.
async fn page(house: &Server, origin: &str) -> Result<Page, Error> {
    let url = format!("ws://{}/mqtt", house.core().websocket().unwrap());
    let mut request = url.into_client_request().unwrap();
    request.headers_mut().insert("origin", origin.parse().unwrap());
    request.headers_mut().insert("sec-websocket-protocol", "mqtt".parse().unwrap());
    connect_async(request).await.map(|(socket, _)| socket)
}

async fn say(page: &mut Page, bytes: Vec<u8>) {
    page.send(Message::Binary(bytes.into())).await.unwrap();
}

/// Reads until this text has arrived.
async fn hears(page: &mut Page, wanted: &str) {
    let mut all = Vec::new();
    let heard = async {
        while !String::from_utf8_lossy(&all).contains(wanted) {
            if let Message::Binary(bytes) = page.next().await.unwrap().unwrap() {
                all.extend(bytes);
            }
        }
    };
    tokio::time::timeout(Duration::from_secs(45), heard).await.expect(wanted);
}

async fn open_step(house: &Server) {
    let options = ["A", "B"].map(str::to_owned).into();
    let step = NightStep { step: 1, question: "Who?".to_owned(), options };
    let by = Actor("compat".to_owned());
    house.core().handle().ask(by, Command::NightStep(step)).await.unwrap();
}

#[tokio::test]
async fn pages_of_other_machines_vote_and_see_the_result() {
    let house = Server::open(OLD);
    let mut pages = Vec::new();
    for (device, origin) in
        [("slot-11", "http://192.168.1.30:5173"), ("poste-2", "http://localhost:5173")]
    {
        let mut page = page(&house, origin).await.unwrap();
        say(&mut page, connect(&format!("ui-{device}"))).await;
        say(&mut page, subscribe("eg/night/#")).await;
        hears(&mut page, "\u{1}\u{1}").await;
        pages.push((device, page));
    }

    open_step(&house).await;
    for (device, page) in &mut pages {
        hears(page, "Who?").await;
        say(page, vote(device)).await;
    }

    for (_, page) in &mut pages {
        hears(page, r#""status":"success""#).await;
    }
}

#[tokio::test]
async fn without_compat_pages_of_other_machines_have_to_be_listed() {
    let closed = Server::open("hosts: [core.example.org]");
    let listed = Server::open("origins: [\"http://192.168.1.30:5173\"]");

    let refused = page(&closed, "http://192.168.1.30:5173").await;
    let own = page(&closed, "http://core.example.org:3000").await;
    let known = page(&listed, "http://192.168.1.30:5173").await;
    let other = page(&listed, "http://192.168.1.31:5173").await;

    let Err(Error::Http(answer)) = refused else { panic!("{refused:?}") };
    let body = String::from_utf8(answer.body().clone().unwrap_or_default()).unwrap();
    assert_eq!(answer.status(), 403);
    assert!(body.contains("`origins` in core.yaml"), "{body}");
    assert!(own.is_ok() && known.is_ok());
    assert!(other.is_err());
}

#[tokio::test]
async fn an_old_agent_that_only_connects_again_hears_the_next_step() {
    let mut house = Server::open(OLD);
    let port = house.config.ports.mqtt;
    let mut agent = TcpStream::connect(("127.0.0.1", port)).await.unwrap();
    agent.write_all(&[connect("slot-01"), subscribe("eg/night/step")].concat()).await.unwrap();
    let mut answers = [0; 9];
    agent.read_exact(&mut answers).await.unwrap();
    house.dark();
    house.light();

    let mut agent = TcpStream::connect(("127.0.0.1", port)).await.unwrap();
    agent.write_all(&connect("slot-01")).await.unwrap();
    agent.read_exact(&mut answers[..4]).await.unwrap();
    open_step(&house).await;
    let mut heard = vec![0; 17];
    agent.read_exact(&mut heard).await.unwrap();

    assert_eq!(&heard[4..], b"eg/night/step", "{heard:?}");
}
