//! A core, played by the test: it stores what comes, acknowledges it, and answers about the time.

use std::collections::BTreeMap;
use std::time::Duration;

use eg_hal::clock;
use eg_mqtt::{
    Client, Credentials, Incoming, Message, Notice, Options, Qos, Subscription, connect,
};
use eg_proto::{
    Ack, Boot, ClockPing, ClockPong, CoreHello, Event, EventKind, SlotId, Timestamp, Topic, Topics,
    decode, decode_batch, encode,
};
use serde::Serialize;

use crate::soon;

/// Password of the core, at a broker that asks for one.
pub(crate) const PASSWORD: &str = "a password of the core";
/// Lead of the core's clock over the slot's, µs.
pub(crate) const AHEAD: i64 = 1_764_000_000_000_000;

pub(crate) struct Core {
    pub(crate) client: Client,
    incoming: Incoming,
    /// Events that are stored, by start of the agent, in the order of arrival.
    pub(crate) stored: BTreeMap<Boot, Vec<Event>>,
    /// Starts in the order in which they were first heard of.
    pub(crate) boots: Vec<Boot>,
    pub(crate) repeated: usize,
    /// Nothing was stored yet since the connection stands.
    fresh: bool,
    /// Everything else that came, oldest first.
    pub(crate) heard: Vec<(Topic, String)>,
    /// Payloads on the event topic, as they came.
    pub(crate) raw: Vec<String>,
    pub(crate) acks: bool,
}

pub(crate) fn slot() -> SlotId {
    SlotId::new("slot-01").unwrap()
}

impl Core {
    pub(crate) async fn start(port: u16) -> Self {
        let mut options = Options::new("127.0.0.1", port, "core-01");
        // A broker without passwords asks nobody.
        let (user, password) = ("core-01".to_owned(), PASSWORD.to_owned());
        options.credentials = Some(Credentials { user, password });
        let all = [Subscription::new("eg/#", Qos::AtLeastOnce)];
        let (client, incoming) = connect(options, all).unwrap();
        let mut core = Self {
            client,
            incoming,
            stored: BTreeMap::new(),
            boots: Vec::new(),
            repeated: 0,
            fresh: true,
            heard: Vec::new(),
            raw: Vec::new(),
            acks: true,
        };
        soon(async { while !core.step().await {} }).await;
        core
    }

    /// The core's time of a moment on this machine.
    pub(crate) fn now() -> Timestamp {
        Timestamp(i64::try_from(clock::now().0).unwrap() + AHEAD)
    }

    pub(crate) fn in_future(millis: u64) -> Timestamp {
        Self::now() + Duration::from_millis(millis)
    }

    /// Takes one notice; `true`: the connection stands anew.
    async fn step(&mut self) -> bool {
        let notice = self.incoming.next().await;
        self.hear(notice).await
    }

    async fn hear(&mut self, notice: Option<Notice>) -> bool {
        match notice.expect("the core's client lives") {
            Notice::Connected { .. } => {
                self.fresh = true;
                self.greet().await;
                return true;
            }
            Notice::Message(message) => self.take(&message).await,
            Notice::Lost { .. } => {}
            Notice::Oversize { topic, .. } => panic!("oversize on {topic}"),
        }
        false
    }

    async fn take(&mut self, message: &Message) {
        let Some(topic) = Topics::default().parse(&message.topic) else { return };
        if let Topic::InputEvent(_) = topic {
            assert!(!message.retained, "an event was retained");
            self.raw.push(String::from_utf8(message.payload.to_vec()).unwrap());
            self.store(decode_batch(&message.payload).unwrap()).await;
        } else if let Topic::ClockPing(_) = topic {
            let ClockPing { n, t1_us, .. } = decode(&message.payload).unwrap();
            let now = Self::now();
            self.say(Topic::ClockPong, &ClockPong { n, t1_us, t2_us: now, t3_us: now, boot: None })
                .await;
        } else {
            let text = String::from_utf8(message.payload.to_vec()).unwrap();
            self.heard.push((topic, text));
        }
    }

    /// Stores what is new, insists on order, and acknowledges.
    async fn store(&mut self, events: Vec<Event>) {
        let mut acks = BTreeMap::new();
        for event in events {
            if !self.boots.contains(&event.boot) {
                self.boots.push(event.boot);
            }
            let known = self.stored.entry(event.boot).or_default();
            let last = known.last().map_or(0, |event| event.seq);
            let early = event.seq > last + 1;
            assert!(!early || self.fresh, "{} overtook: {last} was the last", event.seq);
            if early {
                // What came before it went to a broker at which nobody listened yet. It is sent again after the hello.
                continue;
            }
            if event.seq == last + 1 {
                self.fresh = false;
                known.push(event.clone());
            } else {
                self.repeated += 1;
            }
            acks.insert(event.boot, known.len() as u64);
        }
        for (boot, seq) in acks.into_iter().filter(|_| self.acks) {
            self.say(Topic::InputAck, &Ack::new(boot, seq)).await;
        }
    }

    /// Says that the core is here, as it does with every connection.
    pub(crate) async fn greet(&self) {
        let boot = Boot(ulid::Ulid(7));
        let hello = CoreHello { device_id: "core-01".into(), version: "0".into(), boot };
        self.publish(&Topic::CoreHello, &encode(&hello)).await;
    }

    /// Publishes to the slot. While the broker is away it is lost, as in life.
    pub(crate) async fn say<T: Serialize>(&self, topic: fn(SlotId) -> Topic, message: &T) {
        self.publish(&topic(slot()), &encode(message)).await;
    }

    pub(crate) async fn publish(&self, topic: &Topic, payload: &[u8]) {
        let topic = Topics::default().of(topic);
        drop(self.client.publish(topic, payload.to_vec(), Qos::AtLeastOnce, false).await);
    }

    /// Goes on until `done`.
    pub(crate) async fn until(&mut self, mut done: impl FnMut(&Self) -> bool) {
        soon(async {
            while !done(self) {
                self.step().await;
            }
        })
        .await;
    }

    /// Goes on while something else happens.
    pub(crate) async fn during<T>(&mut self, other: impl Future<Output = T>) -> T {
        tokio::pin!(other);
        soon(async {
            loop {
                let notice = tokio::select! {
                    done = &mut other => return done,
                    notice = self.incoming.next() => notice,
                };
                self.hear(notice).await;
            }
        })
        .await
    }

    /// All events, in the order in which they were stored, without snapshots and faults.
    pub(crate) fn played(&self) -> Vec<EventKind> {
        let all = self.boots.iter().flat_map(|boot| &self.stored[boot]);
        let boring = |kind: &EventKind| matches!(kind, EventKind::Snapshot { .. });
        all.map(|event| event.kind.clone()).filter(|kind| !boring(kind)).collect()
    }

    pub(crate) fn presses(&self) -> usize {
        self.played().iter().filter(|kind| **kind == EventKind::Press).count()
    }

    pub(crate) fn releases(&self) -> usize {
        self.played().iter().filter(|kind| **kind == EventKind::Release).count()
    }

    /// The last payload on a topic.
    pub(crate) fn last(&self, topic: fn(SlotId) -> Topic) -> Option<&str> {
        let topic = topic(slot());
        self.heard.iter().rev().find(|(heard, _)| *heard == topic).map(|(_, text)| text.as_str())
    }
}
