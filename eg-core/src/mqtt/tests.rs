//! Promises of the link, kept over a socket and in the broker's own process.

use super::*;
use crate::access::{Access, AccessOptions};
use crate::broker::{Broker, Embedded, EmbeddedOptions};
use crate::clock::StoppedClock;
use crate::engine::Committed;
use crate::engine::effects::message::OutgoingMessage;
use crate::ingest::BrokerNews;
use eg_mqtt::{Client, Incoming, Message, Notice, Options, Publication};
use eg_proto::{Ack, Presence, Timestamp};
use std::time::Duration;
use tempfile::TempDir;
use tokio::time::timeout;

/// Makes each promise a test over both transports.
macro_rules! over_both {
    ($($promise:ident),+ $(,)?) => {
        mod local { $( #[tokio::test] async fn $promise() { super::$promise(true).await } )+ }
        mod socket { $( #[tokio::test] async fn $promise() { super::$promise(false).await } )+ }
    };
}

over_both!(
    presses_come_once_and_in_order_however_slow_the_engine_is,
    what_is_kept_and_what_a_dead_slot_has_left_come_too,
    acknowledgements_and_pongs_reach_their_slot,
    an_engine_that_is_stuck_answers_no_ping,
    what_the_broker_has_is_confirmed,
);

const BOOT: &str = "01KA000000000000000000000A";
const EVENTS: &str = "eg/dev/slot-01/input/event";
const STATUS: &str = "eg/dev/slot-01/status";
const PING: &str = "eg/dev/slot-01/clock/ping";
const LIMIT: Duration = Duration::from_secs(30);
const START: Timestamp = Timestamp(1_764_000_000_000_000);

/// Broker, and the link that is tested.
struct Room {
    // The link ends before its broker.
    link: Option<Link>,
    broker: Embedded,
    outbound: Arc<Outbound>,
    clock: Arc<StoppedClock>,
    topics: Topics,
    folder: TempDir,
}

impl Room {
    fn open() -> Self {
        let mut broker = Embedded::new(EmbeddedOptions::on_loopback(0));
        broker.start().unwrap();
        let (clock, outbound) = (Arc::new(StoppedClock::at(START)), Arc::default());
        let (topics, folder) = (Topics::default(), tempfile::tempdir().unwrap());
        Self { link: None, broker, outbound, clock, topics, folder }
    }

    fn options(&self, id: &str) -> Options {
        Options::new("127.0.0.1", self.broker.address().unwrap().port, id)
    }

    /// Starts the link and waits until it says that it is connected.
    async fn link(&mut self, is_local: bool, room: usize) -> mpsc::Receiver<Delivery> {
        let way = if is_local {
            Way::Local(self.broker.local().unwrap(), "core-01".to_owned())
        } else {
            let mut mqtt = self.options("core-01");
            mqtt.manual_acks = true;
            Way::Socket(Box::new(mqtt))
        };
        let (topics, core) = (self.topics.clone(), "core-01".to_owned());
        let access = AccessOptions { topics: topics.clone(), core, compat: false };
        let account = self.folder.path().join("account.db");
        let access = Arc::new(Access::open(&account, access, self.clock.clone()).unwrap());
        let options = LinkOptions {
            way,
            topics,
            compat: false,
            hello: hello("core-01"),
            clock: self.clock.clone(),
            takeovers: mpsc::channel(1).1,
            troubles: mpsc::channel(1).1,
            access,
        };
        let (bus, mut came) = mpsc::channel(room);
        self.link = Some(start(options, Arc::clone(&self.outbound), bus).unwrap());
        let connected = Arrival::Broker(BrokerNews::Connected);
        while arrival(&mut came, &self.outbound).await != connected {}
        came
    }

    /// Connects a slot that hears this topic.
    async fn slot(&self, topic: &str) -> (Client, Incoming) {
        let mut options = self.options("slot-01");
        options.will = Some(said(STATUS, "offline", true));
        let wanted = [Subscription::new(topic, Qos::AtLeastOnce)];
        let (client, mut incoming) = eg_mqtt::connect(options, wanted).unwrap();
        let first = timeout(LIMIT, incoming.next()).await.unwrap().unwrap();
        assert!(matches!(first, Notice::Connected { .. }), "{first:?}");
        (client, incoming)
    }
}

fn said(topic: &str, payload: impl Into<String>, retained: bool) -> Publication {
    let (topic, payload) = (topic.to_owned(), payload.into().into());
    Publication { topic, payload, qos: Qos::AtLeastOnce, retained }
}

fn press(seq: u64) -> String {
    format!(
        r#"{{"v":1,"boot":"{BOOT}","seq":{seq},"device":"panel","input":"red","kind":"press",
        "t":{{"core_us":null,"unc_us":0,"src":"kernel"}}}}"#
    )
}

async fn say(client: &Client, topic: &str, payload: String) {
    let qos = if topic == PING { Qos::AtMostOnce } else { Qos::AtLeastOnce };
    let sent = client.publish(topic, payload, qos, false).await.unwrap();
    sent.acknowledged().await.unwrap();
}

/// Waits for the next arrival, as an engine that stores it at once.
async fn arrival(came: &mut mpsc::Receiver<Delivery>, outbound: &Outbound) -> Arrival {
    loop {
        let Delivery { what, token, .. } = timeout(LIMIT, came.recv()).await.unwrap().unwrap();
        let tokens = token.into_iter().collect();
        outbound.put(Committed { tokens, ..Committed::default() });
        if let Some(first) = what.into_iter().next() {
            return first;
        }
    }
}

async fn message(incoming: &mut Incoming) -> Message {
    loop {
        let notice = timeout(LIMIT, incoming.next()).await.unwrap().unwrap();
        if let Notice::Message(message) = notice {
            return message;
        }
    }
}

fn slot() -> SlotId {
    "slot-01".parse().unwrap()
}

async fn presses_come_once_and_in_order_however_slow_the_engine_is(is_local: bool) {
    const ALL: u64 = 3_000;
    let mut room = Room::open();
    let mut came = room.link(is_local, 1).await;
    let (client, _incoming) = room.slot("nothing").await;

    let sending = tokio::spawn(async move {
        let mut sent = Vec::new();
        for seq in 1..=ALL {
            sent.push(client.publish(EVENTS, press(seq), Qos::AtLeastOnce, false).await.unwrap());
        }
        for sent in sent {
            sent.acknowledged().await.unwrap();
        }
        client
    });
    let mut seen = Vec::new();
    while seen.len() < 3_000 {
        if let Arrival::Event(_, event) = arrival(&mut came, &room.outbound).await {
            seen.push(event.seq);
        }
    }

    assert!(seen.into_iter().eq(1..=ALL));
    sending.await.unwrap();
}

async fn what_is_kept_and_what_a_dead_slot_has_left_come_too(is_local: bool) {
    let mut room = Room::open();
    let (client, _incoming) = room.slot("nothing").await;
    let online = client.publish(STATUS, "online", Qos::AtLeastOnce, true).await.unwrap();
    online.acknowledged().await.unwrap();

    let mut came = room.link(is_local, 99).await;
    let kept = arrival(&mut came, &room.outbound).await;
    drop(client);
    let left = arrival(&mut came, &room.outbound).await;

    assert_eq!(kept, Arrival::Presence(slot(), Presence::Online));
    assert_eq!(left, Arrival::Presence(slot(), Presence::Offline));
}

async fn acknowledgements_and_pongs_reach_their_slot(is_local: bool) {
    let mut room = Room::open();
    let _came = room.link(is_local, 99).await;
    let (client, mut incoming) = room.slot("eg/dev/slot-01/#").await;

    let ack = Ack::new(BOOT.parse().unwrap(), 7);
    room.outbound.put(Committed { acks: vec![(slot(), ack)], ..Committed::default() });
    let acknowledged = message(&mut incoming).await;
    say(&client, PING, r#"{"n":3,"t1_us":5}"#.to_owned()).await;
    let pong = loop {
        let next = message(&mut incoming).await;
        if next.topic.ends_with("pong") {
            break next;
        }
    };

    assert_eq!(acknowledged.topic, "eg/dev/slot-01/input/ack");
    assert!(acknowledged.payload.ends_with(br#""seq":7}"#), "{acknowledged:?}");
    let pong: eg_proto::ClockPong = eg_proto::decode(&pong.payload).unwrap();
    assert_eq!((pong.n, pong.t2_us, pong.t3_us), (3, START, START));
}

async fn an_engine_that_is_stuck_answers_no_ping(is_local: bool) {
    let mut room = Room::open();
    let mut came = room.link(is_local, 99).await;
    let (client, mut incoming) = room.slot("eg/dev/slot-01/clock/pong").await;

    room.outbound.pulse.works(START);
    room.clock.pass(Duration::from_secs(9));
    say(&client, PING, r#"{"n":1,"t1_us":5}"#.to_owned()).await;
    let unanswered = arrival(&mut came, &room.outbound).await;
    room.outbound.pulse.rests();
    say(&client, PING, r#"{"n":2,"t1_us":5}"#.to_owned()).await;
    let first = message(&mut incoming).await;

    assert!(matches!(unanswered, Arrival::Ping(_, ping) if ping.n == 1), "{unanswered:?}");
    let first: eg_proto::ClockPong = eg_proto::decode(&first.payload).unwrap();
    assert_eq!(first.n, 2);
}

async fn what_the_broker_has_is_confirmed(is_local: bool) {
    let mut room = Room::open();
    let mut came = room.link(is_local, 99).await;

    let topic = Topic::Command(slot());
    let (payload, effect) = (b"{}".to_vec(), Some(7));
    let command = OutgoingMessage { topic, payload, retained: false, effect, expires: None };
    room.outbound.put(Committed { messages: vec![command], ..Committed::default() });

    assert_eq!(arrival(&mut came, &room.outbound).await, Arrival::Sent(7));
}
