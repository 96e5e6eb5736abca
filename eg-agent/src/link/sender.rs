//! The task that publishes rows, and nothing else: it may wait for room while its neighbour reads.

use super::poison_message::PoisonDetector;
use super::stopwatch::Stopwatch;
use super::wall_clock;
use crate::outbox::{Outlet, Row};
use eg_mqtt::{Client, PublishError, Qos, Sent};
use eg_proto::{Rfid, SlotId, Topic, Topics, encode};
use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Rows in one array, at most.
const ROWS: usize = 200;
/// Bytes in one array, at most: half of what a packet may have.
const BYTES: usize = eg_mqtt::MAX_PACKET / 2;

/// State that sender and reader share.
#[derive(Clone, Debug, Default)]
pub(super) struct Shared(Arc<Mutex<PoisonDetector>>);

impl Shared {
    pub(super) fn poison(&self) -> MutexGuard<'_, PoisonDetector> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[derive(Clone, Debug)]
pub(super) struct Sender {
    pub(super) client: Client,
    pub(super) outlet: Outlet,
    pub(super) shared: Shared,
    pub(super) stopwatch: Stopwatch,
    event_topic: String,
    rfid_topic: String,
}

impl Sender {
    pub(super) fn new(
        client: Client,
        outlet: Outlet,
        stopwatch: Stopwatch,
        topics: &Topics,
        slot: &SlotId,
    ) -> Self {
        Self {
            client,
            outlet,
            stopwatch,
            shared: Shared::default(),
            event_topic: topics.of(&Topic::InputEvent(slot.clone())),
            rfid_topic: topics.of(&Topic::Rfid(slot.clone())),
        }
    }

    pub(super) async fn run(self) {
        loop {
            let shared = self.shared.clone();
            let (pass, rows) = self.outlet.next(|rows| batch(rows, &shared.poison())).await;
            if self.outlet.is_current(pass) {
                // What fails here stays in the outbox and comes again with the next connection.
                drop(self.send(rows).await);
            }
        }
    }

    async fn send(&self, rows: Vec<Row>) -> Result<(), PublishError> {
        let (Some(first), Some(last)) = (rows.first(), rows.last()) else { return Ok(()) };
        let (id, alone) = (first.id, self.shared.poison().is_suspect(first.id));
        self.shared.poison().sent(last.id, alone);
        self.stopwatch.sending(&rows);
        let sent = match self.publish(&rows).await {
            Err(error @ PublishError::TooLarge { .. }) if rows.len() == 1 => {
                self.outlet.dead_letter(id, error.to_string());
                return Err(error);
            }
            sent => sent?,
        };
        self.stopwatch.sent(&rows);
        if alone && sent.acknowledged().await.is_ok() {
            self.shared.poison().arrived(id);
        }
        for tag_uid in rows.into_iter().filter_map(|row| row.tag) {
            let rfid = Rfid { tag_uid, timestamp: Some(wall_clock::now()) };
            let topic = self.rfid_topic.as_str();
            self.client.publish(topic, encode(&rfid), Qos::AtLeastOnce, false).await?;
        }
        Ok(())
    }

    async fn publish(&self, rows: &[Row]) -> Result<Sent, PublishError> {
        let payload = match rows {
            [row] => row.json.clone(),
            rows => {
                let events: Vec<&str> = rows.iter().map(|row| row.json.as_str()).collect();
                format!("[{}]", events.join(","))
            }
        };
        self.client.publish(self.event_topic.as_str(), payload, Qos::AtLeastOnce, false).await
    }
}

/// Counts the rows that go into the next message: one that is live or suspected, an array of a backlog.
fn batch(rows: &VecDeque<Row>, poison: &PoisonDetector) -> usize {
    let Some(first) = rows.front() else { return 0 };
    if !first.late || poison.is_suspect(first.id) {
        return 1;
    }
    let mut bytes = 0;
    let fits = |row: &&Row| {
        bytes += row.json.len() + 1;
        row.late && bytes < BYTES
    };
    rows.iter().take(ROWS).take_while(fits).count()
}
