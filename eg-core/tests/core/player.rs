//! Agent of a slot, as the core hears it.

use eg_mqtt::{
    Client, Credentials, Incoming, Message, Notice, Options, Publication, Qos, Subscription,
    connect,
};
use eg_proto::{
    Ack, Boot, DeviceHello, Event, EventKind, EventTime, Hello, Secret, SlotId, SlotResult, Topic,
    Topics, decode, encode,
};
use std::collections::VecDeque;

pub(crate) struct Player {
    pub(crate) slot: SlotId,
    client: Client,
    incoming: Incoming,
    heard: VecDeque<Message>,
    topics: Topics,
    boot: Boot,
}

impl Player {
    pub(crate) async fn sit(port: u16, number: usize, secret: Option<Secret>) -> Self {
        let slot = SlotId::new(format!("slot-{number:02}")).unwrap();
        let topics = Topics::default();
        let mut options = Options::new("127.0.0.1", port, slot.as_str());
        options.credentials = secret.map(|secret| Credentials {
            user: slot.to_string(),
            password: secret.expose().to_owned(),
        });
        options.will = Some(Publication {
            topic: topics.of(&Topic::Status(slot.clone())),
            payload: "offline".into(),
            qos: Qos::AtLeastOnce,
            retained: true,
        });
        let mine = [
            Topic::InputAck(slot.clone()),
            Topic::Command(slot.clone()),
            Topic::ClockPong(slot.clone()),
            Topic::Result(slot.clone()),
            Topic::CoreHello,
        ];
        let filters =
            mine.iter().map(|topic| Subscription::new(topics.of(topic), Qos::AtLeastOnce));
        let (client, incoming) = connect(options, filters.collect::<Vec<_>>()).unwrap();
        let boot = Boot(ulid::Ulid::new());
        let heard = VecDeque::new();
        let mut player = Self { slot, client, incoming, heard, topics, boot };
        player.until_connected().await;
        player
    }

    async fn until_connected(&mut self) {
        while !self.client.is_online() {
            if let Some(Notice::Message(message)) = self.incoming.next().await {
                self.heard.push_back(message);
            }
        }
    }

    /// Waits until the connection was lost and is up again.
    pub(crate) async fn come_back(&mut self) {
        while !matches!(self.incoming.next().await.unwrap(), Notice::Lost { .. }) {}
        self.until_connected().await;
    }

    /// Waits for the next message on this topic and returns its payload. Messages on other topics are kept meanwhile.
    pub(crate) async fn hear(&mut self, topic: &Topic) -> Vec<u8> {
        let wanted = self.topics.of(topic);
        if let Some(place) = self.heard.iter().position(|message| message.topic == wanted) {
            return self.heard.remove(place).unwrap().payload.to_vec();
        }
        loop {
            match self.incoming.next().await.unwrap() {
                Notice::Message(message) if message.topic == wanted => {
                    return message.payload.to_vec();
                }
                Notice::Message(message) => self.heard.push_back(message),
                Notice::Connected { .. } | Notice::Lost { .. } | Notice::Oversize { .. } => {}
            }
        }
    }

    pub(crate) async fn ack(&mut self) -> Ack {
        let topic = Topic::InputAck(self.slot.clone());
        decode(&self.hear(&topic).await).unwrap()
    }

    /// Waits for the next result of its room, as the slot hears it.
    pub(crate) async fn result(&mut self) -> SlotResult {
        let topic = Topic::Result(self.slot.clone());
        loop {
            let told = self.hear(&topic).await;
            if !told.is_empty() {
                return decode(&told).unwrap();
            }
        }
    }

    pub(crate) async fn say(&self, topic: fn(SlotId) -> Topic, payload: Vec<u8>) {
        let topic = self.topics.of(&topic(self.slot.clone()));
        self.client.publish(topic, payload, Qos::AtLeastOnce, false).await.unwrap();
    }

    pub(crate) async fn greet(&self) {
        self.say(Topic::Status, "online".into()).await;
        let device = DeviceHello {
            name: "panel".parse().unwrap(),
            driver: "button-row".to_owned(),
            inputs: ["a", "b"].map(|name| name.parse().unwrap()).into(),
            outputs: vec!["lamp-a".parse().unwrap()],
            kinds: None,
            version: None,
        };
        let hello = Hello {
            kind: "slot".to_owned(),
            version: "0.1.0".to_owned(),
            ts: None,
            boot: Some(self.boot),
            devices: vec![device],
            agent: None,
        };
        self.say(Topic::Hello, encode(&hello)).await;
    }

    pub(crate) async fn press(&mut self, seq: u64, input: &str) {
        let t =
            EventTime { core_us: None, unc_us: 0, src: eg_proto::Source::Synthetic, core: None };
        let event = Event {
            boot: self.boot,
            seq,
            device: "panel".parse().unwrap(),
            input: input.parse().unwrap(),
            kind: EventKind::Press,
            t,
            late: false,
            sim: true,
        };
        self.until_connected().await;
        self.say(Topic::InputEvent, encode(&event)).await;
    }
}
