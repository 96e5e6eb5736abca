//! A broker without behaviour of its own: it reads packets and writes what it is told.

use std::time::Duration;

use bytes::Bytes;
use eg_mqtt::{Client, DisconnectError, Incoming, Message, Notice, Options, Qos, Subscription};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::time::timeout;

/// No test waits longer than this for anything.
const GUARD: Duration = Duration::from_secs(45);

pub(crate) const CONNECT: u8 = 1;
pub(crate) const PUBLISH: u8 = 3;
pub(crate) const PUBACK: u8 = 4;
pub(crate) const SUBSCRIBE: u8 = 8;
pub(crate) const UNSUBSCRIBE: u8 = 10;
pub(crate) const PINGREQ: u8 = 12;
pub(crate) const DISCONNECT: u8 = 14;

pub(crate) struct Broker {
    listener: TcpListener,
}

impl Broker {
    pub(crate) async fn start() -> Self {
        Self { listener: TcpListener::bind("127.0.0.1:0").await.unwrap() }
    }

    pub(crate) fn options(&self) -> Options {
        Options::new("127.0.0.1", self.listener.local_addr().unwrap().port(), "slot-01")
    }

    /// Waits for a TCP connection.
    pub(crate) async fn meet(&self) -> Peer {
        let (stream, _) = guarded(self.listener.accept()).await.unwrap();
        Peer { stream }
    }

    /// Waits for a client and accepts it.
    pub(crate) async fn accept(&self, session_present: bool) -> Peer {
        let mut peer = self.meet().await;
        assert_eq!(peer.read().await.unwrap().kind, CONNECT);
        peer.write(&[0x20, 2, u8::from(session_present), 0]).await;
        peer
    }
}

pub(crate) struct Packet {
    pub(crate) kind: u8,
    pub(crate) body: Vec<u8>,
}

impl Packet {
    /// Topic, packet id and payload of a PUBLISH with QoS 1.
    pub(crate) fn publish(&self) -> (String, u16, Vec<u8>) {
        assert_eq!(self.kind, PUBLISH);
        let length = usize::from(u16::from_be_bytes([self.body[0], self.body[1]]));
        let (topic, rest) = self.body[2..].split_at(length);
        let id = u16::from_be_bytes([rest[0], rest[1]]);
        (String::from_utf8(topic.to_vec()).unwrap(), id, rest[2..].to_vec())
    }
}

pub(crate) struct Peer {
    stream: TcpStream,
}

impl Peer {
    /// The next packet; `None` when the client closed the connection.
    pub(crate) async fn read(&mut self) -> Option<Packet> {
        guarded(async {
            let first = self.stream.read_u8().await.ok()?;
            let (mut length, mut shift) = (0, 0);
            loop {
                let byte = self.stream.read_u8().await.ok()?;
                length |= usize::from(byte & 0x7f) << shift;
                shift += 7;
                if byte & 0x80 == 0 {
                    break;
                }
            }
            let mut body = vec![0; length];
            self.stream.read_exact(&mut body).await.ok()?;
            Some(Packet { kind: first >> 4, body })
        })
        .await
    }

    /// The next packet that is not a ping; pings are answered.
    pub(crate) async fn read_past_pings(&mut self) -> Option<Packet> {
        loop {
            match self.read().await {
                Some(packet) if packet.kind == PINGREQ => self.write(&[0xd0, 0]).await,
                other => return other,
            }
        }
    }

    pub(crate) async fn write(&mut self, bytes: &[u8]) {
        guarded(self.stream.write_all(bytes)).await.unwrap();
    }

    pub(crate) async fn acknowledge(&mut self, id: u16) {
        let id = id.to_be_bytes();
        self.write(&[0x40, 2, id[0], id[1]]).await;
    }

    /// Answers a SUBSCRIBE with one code for each filter.
    pub(crate) async fn grant(&mut self, subscribe: &Packet, codes: &[u8]) {
        assert_eq!(subscribe.kind, SUBSCRIBE);
        let length = u8::try_from(2 + codes.len()).unwrap();
        let mut answer = vec![0x90, length, subscribe.body[0], subscribe.body[1]];
        answer.extend(codes);
        self.write(&answer).await;
    }

    /// Sends a PUBLISH with QoS 1.
    pub(crate) async fn publish(&mut self, topic: &str, id: u16, payload: &[u8]) {
        let mut body = u16::try_from(topic.len()).unwrap().to_be_bytes().to_vec();
        body.extend(topic.as_bytes());
        body.extend(id.to_be_bytes());
        body.extend(payload);
        let mut packet = vec![0x32];
        let mut length = body.len();
        while length > 0x7f {
            packet.push(u8::try_from(length & 0x7f).unwrap() | 0x80);
            length >>= 7;
        }
        packet.push(u8::try_from(length).unwrap());
        packet.extend(body);
        self.write(&packet).await;
    }
}

pub(crate) async fn guarded<T>(future: impl Future<Output = T>) -> T {
    timeout(GUARD, future).await.expect("this comes in time")
}

pub(crate) async fn next(incoming: &mut Incoming) -> Notice {
    guarded(incoming.next()).await.expect("the link still runs")
}

pub(crate) async fn connected(incoming: &mut Incoming) -> (bool, Vec<String>) {
    match next(incoming).await {
        Notice::Connected { session_present, refused } => (session_present, refused),
        other => panic!("connected is next, not {other:?}"),
    }
}

pub(crate) async fn lost(incoming: &mut Incoming) -> (DisconnectError, Duration) {
    match next(incoming).await {
        Notice::Lost { error, retry_in } => (error, retry_in),
        other => panic!("a loss is next, not {other:?}"),
    }
}

pub(crate) async fn message(incoming: &mut Incoming) -> Message {
    match next(incoming).await {
        Notice::Message(message) => message,
        other => panic!("a message is next, not {other:?}"),
    }
}

/// Publishes with QoS 1 and tells whether the broker acknowledged.
pub(crate) fn publish(client: &Client, payload: &str) -> tokio::task::JoinHandle<bool> {
    let (client, payload) = (client.clone(), Bytes::from(payload.to_owned()));
    tokio::spawn(async move {
        match client.publish("eg/t", payload, Qos::AtLeastOnce, false).await {
            Ok(sent) => sent.acknowledged().await.is_ok(),
            Err(_) => false,
        }
    })
}

pub(crate) fn filters<const N: usize>(names: [&str; N]) -> [Subscription; N] {
    names.map(|name| Subscription::new(name, Qos::AtLeastOnce))
}
