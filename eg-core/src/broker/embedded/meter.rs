//! Meter on one client's connection: what it sends, and what waits for it.

use std::collections::HashMap;
use std::io;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::BytesMut;
use tokio::sync::oneshot;
use tokio::time::Instant;

use super::alarms::Alarms;
use super::backlog::Backlog;
use super::budget::Budget;
use super::options::Limits;
use super::rate::Bucket;
use super::retained::Retained;
use super::sessions::Sessions;
use super::wire::{
    CONNACK, Fields, Frame, Level, PUBACK, PUBCOMP, PUBLISH, PUBREC, PUBREL, SUBSCRIBE,
    UNSUBSCRIBE, topic_alias,
};
use crate::broker::trouble::TroubleKind;

/// Flag of a PUBLISH that is to be retained (section 3.3.1.3).
const RETAIN: u8 = 1;
/// Bits of a PUBLISH that are its QoS (section 3.3.1.2).
const QOS: u8 = 0b110;
/// Largest number of topic aliases that are remembered; the library allows fewer.
const ALIASES: usize = 64;

/// Ledgers that the meters of all clients write into. Clones share them.
#[derive(Clone)]
pub(super) struct Ledgers {
    pub(super) budget: Budget,
    pub(super) retained: Arc<Mutex<Retained>>,
    pub(super) sessions: Sessions,
    pub(super) alarms: Alarms,
}

impl Ledgers {
    /// Notes a message on its way to every client; `false`: it is to be retained, and there is no room for it.
    pub(super) fn pass(&self, client: &str, topic: &str, payload: usize, retain: bool) -> bool {
        let kept = !retain || self.keep(client, topic, payload);
        for away in self.budget.published(topic, payload) {
            let sessions = self.sessions.clone();
            tokio::spawn(async move { sessions.end(&away).await });
        }
        kept
    }

    /// Notes a message that is to be retained; `false`: there is no room for it.
    pub(super) fn keep(&self, client: &str, topic: &str, payload: usize) -> bool {
        let mut retained = self.retained.lock().unwrap_or_else(PoisonError::into_inner);
        let kept = retained.keep(topic, payload);
        drop(retained);
        if !kept {
            self.alarms.raise(client, TroubleKind::NoRoom);
        }
        kept
    }
}

/// Meter on one client's connection.
pub(super) struct Meter {
    ledgers: Ledgers,
    id: String,
    level: Level,
    bucket: Bucket,
    packets: usize,
    bytes: usize,
    aliases: HashMap<u16, String>,
    backlog: Backlog,
    /// Largest number of messages in flight.
    window: usize,
    dismissed: oneshot::Receiver<()>,
}

impl Meter {
    /// Creates the meter of a client, which has to go when `dismissed` resolves.
    pub(super) fn new(
        ledgers: Ledgers,
        id: String,
        level: Level,
        limits: &Limits,
        dismissed: oneshot::Receiver<()>,
    ) -> Self {
        let backlog = Backlog::new(ledgers.sessions.queue(&id));
        Self {
            ledgers,
            id,
            level,
            bucket: Bucket::new(limits.rate, Instant::now()),
            packets: 0,
            bytes: 0,
            aliases: HashMap::new(),
            backlog,
            window: usize::from(limits.in_flight),
            dismissed,
        }
    }

    /// Takes in a packet of the client. A message for which there is no room becomes one that is not retained.
    pub(super) fn came(&mut self, whole: &mut BytesMut, header: usize) {
        self.bytes += whole.len();
        let (kind, fields) = (whole[0] >> 4, Fields(&whole[header..]));
        match kind {
            PUBACK | PUBREC | PUBCOMP => {
                if let Some(packet) = { fields }.number() {
                    let count = self.ledgers.budget.acknowledged(&self.id, packet);
                    self.fills(count);
                }
                return;
            }
            PUBREL => return,
            _ => self.packets += 1,
        }
        match kind {
            PUBLISH => {
                let (first, Some((topic, payload))) = (whole[0], self.message(whole[0], fields))
                else {
                    return;
                };
                if !self.ledgers.pass(&self.id, &topic, payload, first & RETAIN != 0) {
                    whole[0] &= !RETAIN;
                }
            }
            SUBSCRIBE | UNSUBSCRIBE => self.subscriptions(kind, fields),
            _ => {}
        }
    }

    /// Takes in packets that were made on the client's behalf.
    pub(super) fn resumed(&mut self, mut packets: &[u8]) {
        while let Ok(Some(frame)) = Frame::of(packets, packets.len()) {
            let Some((whole, rest)) = packets.split_at_checked(frame.length) else { return };
            if whole[0] >> 4 == SUBSCRIBE {
                self.subscriptions(SUBSCRIBE, Fields(&whole[frame.header..]));
            }
            packets = rest;
        }
    }

    /// Takes in a packet of the library.
    pub(super) fn went(&mut self, whole: &[u8], header: usize) {
        let mut fields = Fields(&whole[header..]);
        match whole[0] >> 4 {
            CONNACK if fields.0.starts_with(&[0, 0]) => self.ledgers.budget.begin(&self.id),
            PUBLISH if whole[0] & QOS != 0 => {
                if let Some(packet) = fields.sized().and_then(|_| fields.number()) {
                    let count = self.ledgers.budget.sent(&self.id, packet, whole.len());
                    self.fills(count);
                }
            }
            _ => {}
        }
    }

    /// Returns how long nothing is to be read from this client, because of what came since the last call.
    pub(super) fn pause(&mut self) -> Option<Duration> {
        let (packets, bytes) = (std::mem::take(&mut self.packets), std::mem::take(&mut self.bytes));
        let pause = self.bucket.take(Instant::now(), packets, bytes);
        if pause.is_zero() {
            return None;
        }
        self.ledgers.alarms.raise(&self.id, TroubleKind::TooFast);
        Some(pause)
    }

    /// Fails once the client has to go, and wakes the task then.
    pub(super) fn check(&mut self, context: &mut Context<'_>) -> io::Result<()> {
        if self.dismissed.is_terminated() {
            return Ok(());
        }
        match Pin::new(&mut self.dismissed).poll(context) {
            Poll::Ready(Ok(())) => Err(io::ErrorKind::ConnectionAborted.into()),
            Poll::Ready(Err(_)) | Poll::Pending => Ok(()),
        }
    }

    fn fills(&mut self, in_flight: usize) {
        self.backlog.fills(in_flight >= self.window);
    }

    /// Takes in whether the socket has taken something, or waits.
    pub(super) fn wrote(&mut self, waits: bool, context: &mut Context<'_>) {
        if waits {
            self.backlog.waits(context);
        } else {
            self.backlog.goes_on();
        }
    }

    /// Takes in that the socket failed.
    pub(super) fn lost(&self, error: &io::Error) {
        if error.kind() == io::ErrorKind::TimedOut {
            self.ledgers.alarms.raise(&self.id, TroubleKind::Stalled);
        }
    }

    /// Returns topic and payload size of a PUBLISH.
    fn message(&mut self, first: u8, mut fields: Fields<'_>) -> Option<(String, usize)> {
        let mut topic = String::from_utf8_lossy(fields.sized()?).into_owned();
        if first & QOS != 0 {
            fields.number()?;
        }
        if self.level == Level::V5 {
            let length = fields.length()?;
            let alias = topic_alias(fields.take(length)?);
            let has_room =
                |alias: &u16| self.aliases.len() < ALIASES || self.aliases.contains_key(alias);
            match alias {
                Some(alias) if topic.is_empty() => topic.clone_from(self.aliases.get(&alias)?),
                Some(alias) if has_room(&alias) => {
                    self.aliases.insert(alias, topic.clone());
                }
                Some(_) | None => {}
            }
        }
        Some((topic, fields.0.len()))
    }

    fn subscriptions(&mut self, kind: u8, mut fields: Fields<'_>) {
        if fields.number().is_none() || fields.properties(self.level).is_none() {
            return;
        }
        while let Some(filter) = fields.sized() {
            let filter = String::from_utf8_lossy(filter);
            if kind == UNSUBSCRIBE {
                self.ledgers.budget.unsubscribe(&self.id, &filter);
                continue;
            }
            if fields.byte().is_none() {
                return;
            }
            self.ledgers.budget.subscribe(&self.id, &filter);
        }
    }
}
