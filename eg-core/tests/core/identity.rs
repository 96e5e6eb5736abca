//! Tests of adoption, of what a slot without a right hears, and of the commands that decide about it.

mod commands;

use crate::player::Player;
use crate::{Server, secret};
use eg_core::journal::Kind;
use eg_mqtt::{Client, Credentials, Incoming, Notice, Options, Qos, Subscription, connect};
use eg_proto::{
    NotAdopted, PairAnswer, PairRequest, Secret, SlotId, Topic, Topics, decode, encode,
    pairing_client,
};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpSocket, TcpStream};

const ROOM: &str = "rooms: { main: { slots: [slot-01, slot-02] } }";

/// Agent that waits for its adoption.
struct Waiting {
    slot: SlotId,
    client: Client,
    incoming: Incoming,
}

impl Waiting {
    async fn come(house: &Server, number: usize) -> Self {
        let slot: SlotId = format!("slot-{number:02}").parse().unwrap();
        let mut options = Options::new("127.0.0.1", house.config.ports.mqtt, pairing_client(&slot));
        let (user, password) = ("pairing".to_owned(), "pairing".to_owned());
        options.credentials = Some(Credentials { user, password });
        let answers = Topics::default().of(&Topic::PairAnswer(slot.clone()));
        let filters = vec![Subscription::new(answers, Qos::AtLeastOnce)];
        let (client, mut incoming) = connect(options, filters).unwrap();
        while !matches!(incoming.next().await.unwrap(), Notice::Connected { .. }) {}
        Self { slot, client, incoming }
    }

    async fn ask(&self, secret: &Secret) {
        let request = PairRequest {
            v: 1,
            slot: self.slot.clone(),
            version: "0.2.0".to_owned(),
            machine: "pi".to_owned(),
            secret_sha256: secret.digest(),
            authority_sha256: None,
            mosquitto: None,
            boards: Vec::new(),
        };
        let topic = Topics::default().of(&Topic::Pair(self.slot.clone()));
        self.client.publish(topic, encode(&request), Qos::AtLeastOnce, false).await.unwrap();
    }

    async fn answer(&mut self) -> PairAnswer {
        loop {
            if let Notice::Message(message) = self.incoming.next().await.unwrap() {
                return decode(&message.payload).unwrap();
            }
        }
    }
}

/// Returns the acts on identities in the journal: name, slot and who.
fn acts(house: &Server) -> Vec<(String, String, String)> {
    let entries = house.core().journal().entries(0, 1_000).unwrap();
    let acts = entries.into_iter().filter(|entry| entry.kind == Kind::Act);
    let text = |body: &serde_json::Value, at: &str| {
        body.pointer(at).and_then(|v| v.as_str().map(str::to_owned))
    };
    acts.filter_map(|entry| {
        let body = serde_json::to_value(&entry.body).unwrap();
        Some((text(&body, "/name")?, text(&body, "/args/slot")?, text(&body, "/by")?))
    })
    .collect()
}

/// Waits until the journal holds this act.
async fn until_act(house: &Server, name: &str, slot: &str, by: &str) {
    let mut live = house.core().handle().live();
    let wanted = (name.to_owned(), slot.to_owned(), by.to_owned());
    while !acts(house).contains(&wanted) {
        live.recv().await.unwrap();
    }
}

#[tokio::test]
async fn a_new_slot_waits_is_adopted_by_its_code_and_plays() {
    let house = Server::open("");
    let mut waiting = Waiting::come(&house, 5).await;
    waiting.ask(&secret(5)).await;
    assert_eq!(waiting.answer().await.why, Some(NotAdopted::Unknown));

    let access = house.core().access();
    let code = access.waiting()[&waiting.slot].code.clone();
    access.adopt(&waiting.slot, &code, "alice").unwrap();

    assert_eq!(waiting.answer().await.core.as_deref(), Some("core-01"));
    let mut player = Player::sit(house.config.ports.mqtt, 5, Some(secret(5))).await;
    player.press(1, "a").await;
    assert_eq!(player.ack().await.seq, 1);
    until_act(&house, "adopt", "slot-05", "alice").await;
}

fn text(text: &str) -> Vec<u8> {
    [&u16::try_from(text.len()).unwrap().to_be_bytes()[..], text.as_bytes()].concat()
}

fn packet(first: u8, parts: &[&[u8]]) -> Vec<u8> {
    let body = parts.concat();
    [&[first, u8::try_from(body.len()).unwrap()][..], &body].concat()
}

fn hello(level: u8, id: &str, credentials: Option<(&str, &str)>, will: Option<&str>) -> Vec<u8> {
    let none: &[u8] = if level == 5 { &[0] } else { &[] };
    let mut flags = 2;
    let mut rest = [none, &text(id)].concat();
    if let Some(topic) = will {
        flags |= 0b100;
        rest.extend([none, &text(topic), &text("gone")].concat());
    }
    if let Some((user, password)) = credentials {
        flags |= 0xc0;
        rest.extend([text(user), text(password)].concat());
    }
    packet(0x10, &[b"\0\x04MQTT", &[level, flags], b"\0\x3c", &rest])
}

async fn from(house: &Server, address: &str) -> TcpStream {
    let socket = TcpSocket::new_v4().unwrap();
    socket.bind(format!("{address}:0").parse().unwrap()).unwrap();
    socket.connect(format!("127.0.0.1:{}", house.config.ports.mqtt).parse().unwrap()).await.unwrap()
}

/// Reads one short packet.
async fn hear(stream: &mut TcpStream) -> Vec<u8> {
    let mut head = [0; 2];
    stream.read_exact(&mut head).await.unwrap();
    let mut body = vec![0; usize::from(head[1])];
    stream.read_exact(&mut body).await.unwrap();
    [&head[..], &body].concat()
}

/// Connects and returns the reason of the CONNACK, with the connection.
async fn come(
    house: &Server,
    address: &str,
    level: u8,
    id: &str,
    credentials: Option<(&str, &str)>,
) -> (u8, TcpStream) {
    let mut stream = from(house, address).await;
    stream.write_all(&hello(level, id, credentials, None)).await.unwrap();
    let connack = hear(&mut stream).await;
    (connack[3], stream)
}

/// Waits for a trouble of the operator's page that holds these words.
async fn until_told(house: &Server, words: &[&str]) {
    let mut state = house.core().handle().changed();
    let told = |text: &str| words.iter().all(|word| text.contains(word));
    state.wait_for(|state| state.troubles.iter().any(|one| told(&one.en))).await.unwrap();
}

#[tokio::test]
async fn a_slot_that_is_revoked_is_cut_at_once_and_does_not_come_back() {
    let house = Server::open(ROOM);
    let secret = secret(1);
    let mine = Some(("slot-01", secret.expose()));
    let (accepted, mut stream) = come(&house, "127.0.0.1", 4, "slot-01", mine).await;
    assert_eq!(accepted, 0);

    house.core().access().revoke(&"slot-01".parse().unwrap(), "bob").unwrap();

    assert_eq!(stream.read(&mut [0; 9]).await.unwrap(), 0, "the connection ends");
    assert_eq!(come(&house, "127.0.0.1", 4, "slot-01", mine).await.0, 5);
    assert_eq!(come(&house, "127.0.0.1", 5, "slot-01", mine).await.0, 0x87);
    until_told(&house, &["revoked", "slot-01"]).await;
    until_act(&house, "revoke", "slot-01", "bob").await;
}

#[tokio::test]
async fn a_copied_card_is_refused_and_both_addresses_are_named() {
    let house = Server::open(ROOM);
    let secret = secret(1);
    let mine = Some(("slot-01", secret.expose()));
    let (first, mut speaks) = come(&house, "127.0.0.2", 4, "slot-01", mine).await;

    let (copy, _) = come(&house, "127.0.0.3", 4, "slot-01", mine).await;

    assert_eq!((first, copy), (0, 5));
    until_told(&house, &["slot-01", "127.0.0.2", "127.0.0.3"]).await;
    speaks.write_all(b"\xc0\0").await.unwrap();
    assert_eq!(hear(&mut speaks).await, b"\xd0\0", "the first one stays");
    let (again, _) = come(&house, "127.0.0.2", 4, "slot-01", mine).await;
    assert_eq!(again, 0, "from its own address it takes over, as after a restart");
}

#[tokio::test]
async fn nobody_takes_the_place_of_the_core_or_of_another_slot() {
    let house = Server::open(ROOM);
    let (one, two) = (secret(1), secret(2));
    let (accepted, mut first) =
        come(&house, "127.0.0.1", 4, "slot-01", Some(("slot-01", one.expose()))).await;
    assert_eq!(accepted, 0);

    for (id, credentials) in [
        ("core-01", None),
        ("core-01", Some(("core-01", "guess"))),
        ("core-01", Some(("slot-02", two.expose()))),
        ("core-01", Some(("pairing", "pairing"))),
        ("slot-01", None),
        ("slot-01", Some(("slot-02", two.expose()))),
        ("slot-01", Some(("slot-01", two.expose()))),
        ("slot-01", Some(("pairing", "pairing"))),
        ("", None),
    ] {
        assert_eq!(
            come(&house, "127.0.0.1", 4, id, credentials).await.0,
            5,
            "{id} {credentials:?}"
        );
        assert_eq!(come(&house, "127.0.0.1", 5, id, credentials).await.0, 0x87, "{id}");
    }

    first.write_all(b"\xc0\0").await.unwrap();
    assert_eq!(hear(&mut first).await, b"\xd0\0");
    let mut player = house.player(2).await;
    player.press(1, "a").await;
    assert_eq!(player.ack().await.seq, 1, "the core is still there");
    until_told(&house, &["take the place of core-01"]).await;
}

#[tokio::test]
async fn a_slot_that_goes_mad_is_refused_in_the_words_of_its_protocol_and_named() {
    let house = Server::open(ROOM);
    let secret = secret(1);
    let mine = Some(("slot-01", secret.expose()));
    let mut player = house.player(2).await;

    for (level, none, puback, suback) in [
        (4, &b""[..], &[0x40, 2, 0, 7][..], 0x80),
        (5, &b"\0"[..], &[0x40, 0, 0, 7, 0x87][..], 0x87),
    ] {
        let (_, mut stream) = come(&house, "127.0.0.1", level, "slot-01", mine).await;
        let topic = text("eg/dev/slot-02/input/ack");
        let forged = packet(0x32, &[&topic, b"\0\x07", none, b"{}"]);
        stream.write_all(&forged).await.unwrap();
        let answer = hear(&mut stream).await;
        assert_eq!((answer[0], &answer[2..puback.len()]), (puback[0], &puback[2..]), "{level}");
        let listens = packet(0x82, &[b"\0\x08", none, &text("eg/dev/slot-02/#"), b"\x01"]);
        stream.write_all(&listens).await.unwrap();
        assert_eq!(hear(&mut stream).await.last(), Some(&suback), "{level}");
    }

    player.press(1, "a").await;
    assert_eq!(player.ack().await.seq, 1, "the forged word was not heard");
    until_told(&house, &["slot-01", "eg/dev/slot-02/input/ack"]).await;
    let refusals = house.core().access().refusals();
    assert!(refusals.iter().any(|one| one.client == "slot-01" && one.count == 2), "{refusals:?}");
}

#[tokio::test]
async fn a_will_on_somebody_else_s_topic_is_refused_with_the_connection() {
    let house = Server::open(ROOM);
    let secret = secret(1);
    let mine = Some(("slot-01", secret.expose()));
    let mut stream = from(&house, "127.0.0.1").await;

    stream.write_all(&hello(4, "slot-01", mine, Some("eg/dev/slot-02/status"))).await.unwrap();

    assert_eq!(hear(&mut stream).await, [0x20, 2, 0, 5]);
    until_told(&house, &["slot-01", "eg/dev/slot-02/status"]).await;
}
