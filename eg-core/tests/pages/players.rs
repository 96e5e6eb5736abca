//! Players of three slots, as their agents speak MQTT.

use eg_mqtt::{Client, Credentials, Incoming, Notice, Options, Qos, connect};
use eg_proto::Secret;
use serde_json::{Value, json};
use std::collections::BTreeMap;

const BOOT: &str = "01KAZ0000000000000000000EG";

/// Slots that play, which the core of a test has adopted.
pub(crate) const SLOTS: [&str; 3] = ["slot-01", "slot-02", "slot-03"];

/// Agents of all slots.
pub(crate) struct Players {
    clients: BTreeMap<&'static str, (Client, Incoming)>,
    sequence: BTreeMap<&'static str, u64>,
}

/// Returns the secret of a slot.
pub(crate) fn secret(slot: &str) -> Secret {
    Secret::from_random([slot.as_bytes()[slot.len() - 1]; 26])
}

impl Players {
    /// Connects, and says hello for three slots.
    pub(crate) async fn arrive(port: u16) -> Self {
        let mut players = Self { clients: BTreeMap::new(), sequence: BTreeMap::new() };
        for slot in SLOTS {
            let mut options = Options::new("127.0.0.1", port, slot);
            let password = secret(slot).expose().to_owned();
            options.credentials = Some(Credentials { user: slot.to_owned(), password });
            let (client, mut incoming) = connect(options, []).unwrap();
            while !matches!(incoming.next().await, Some(Notice::Connected { .. })) {}
            players.clients.insert(slot, (client, incoming));
            let board = json!({"name": "panel", "driver": "button-row",
                "inputs": ["ada", "bob"], "outputs": ["lamp-a"]});
            let hello =
                json!({"type": "slot", "version": "0.1.0", "boot": BOOT, "devices": [board]});
            let status = json!({"status": "online", "device_id": slot, "button_count": 2, "led_count": 1,
                "capabilities": ["buttons", "leds"], "devices": {"panel": {"state": "ready"}}});
            players.say(slot, "status", "online".into(), true).await;
            players.say(slot, "hello", hello.to_string(), true).await;
            players.say(slot, "input/status", status.to_string(), true).await;
        }
        players
    }

    /// Presses an input of a slot, and releases it.
    pub(crate) async fn press(&mut self, slot: &'static str, input: &str) {
        self.hold(slot, input).await;
        self.tell(slot, input, "release").await;
    }

    /// Presses an input of a slot, and keeps it pressed.
    pub(crate) async fn hold(&mut self, slot: &'static str, input: &str) {
        self.tell(slot, input, "press").await;
    }

    async fn tell(&mut self, slot: &'static str, input: &str, kind: &str) {
        let seq = self.sequence.entry(slot).or_default();
        *seq += 1;
        let event: Value = json!({"v": 1, "boot": BOOT, "seq": *seq, "device": "panel",
            "input": input, "kind": kind, "t": {"core_us": null, "unc_us": 500, "src": "kernel"},
            "late": false, "sim": false, "data": {}});
        self.say(slot, "input/event", event.to_string(), false).await;
    }

    /// Reports a slot's agent as offline.
    pub(crate) async fn leave(&mut self, slot: &'static str) {
        self.say(slot, "status", "offline".into(), true).await;
    }

    async fn say(&mut self, slot: &str, topic: &str, payload: String, retained: bool) {
        let topic = format!("eg/dev/{slot}/{topic}");
        let (client, _) = &self.clients[slot];
        let sent = client.publish(topic, payload, Qos::AtLeastOnce, retained).await.unwrap();
        sent.acknowledged().await.unwrap();
    }
}
