//! Reader of the link: stamps every message with its arrival time and passes it on.

use super::pings::Pings;
use super::transport::Inbox;
use super::{LinkOptions, Outbound};
use crate::ingest;
use crate::ingest::{Arrival, BrokerNews, Delivery, Unreadable};
use eg_mqtt::{Message, Notice};
use eg_proto::{ClockPing, PairRequest, SlotId, Timestamp, Topic, decode};
use tokio::sync::mpsc;

/// Reads until the connection or the engine ends.
pub(super) async fn read(
    inbox: &mut impl Inbox,
    options: &LinkOptions,
    outbound: &Outbound,
    bus: mpsc::Sender<Delivery>,
) {
    let mut pings = Pings::new(bus.clone());
    while let Some(notice) = pings.pass_until(inbox.next()).await {
        let at = options.clock.now();
        let delivery = match notice {
            Notice::Connected { refused, .. } => {
                if !refused.is_empty() {
                    tracing::error!(?refused, "the broker does not let the core listen to these");
                }
                outbound.renew();
                Some(news(at, Arrival::Broker(BrokerNews::Connected)))
            }
            Notice::Lost { error, retry_in } => {
                tracing::warn!(%error, ?retry_in, "no link to the broker");
                Some(news(at, Arrival::Broker(BrokerNews::Lost(error.to_string()))))
            }
            Notice::Oversize { topic, bytes } => {
                let why = format!("{bytes} bytes are too many; {} are read", eg_mqtt::MAX_PACKET);
                let payload = Vec::new();
                let message = Unreadable { slot: None, topic, why, payload };
                Some(news(at, Arrival::Unreadable(message)))
            }
            Notice::Message(message) => delivery(options, outbound, at, message),
        };
        let Some(delivery) = delivery else { continue };
        if matches!(delivery.what.as_slice(), [Arrival::Ping(..)]) {
            pings.keep(delivery);
            continue;
        }
        pings.pass().await;
        if bus.send(delivery).await.is_err() {
            return;
        }
    }
}

/// Answers a slot that asks for its adoption.
fn pair(options: &LinkOptions, outbound: &Outbound, slot: SlotId, payload: &[u8], retained: bool) {
    match decode::<PairRequest>(payload) {
        Ok(_) if retained => tracing::debug!(%slot, "a request for adoption that the broker kept"),
        Ok(request) => {
            let answer = options.access.pair(&slot, request);
            outbound.answer(slot, answer);
        }
        Err(error) => tracing::debug!(%slot, %error, "a request for adoption that makes no sense"),
    }
}

fn news(at: Timestamp, arrival: Arrival) -> Delivery {
    Delivery { at, what: vec![arrival], token: None }
}

/// Converts a message to a delivery. A clock ping is answered at once, unless the engine is stuck, and passed on without
/// a token; `None` for one that is retained or cannot be read.
fn delivery(
    options: &LinkOptions,
    outbound: &Outbound,
    at: Timestamp,
    message: Message,
) -> Option<Delivery> {
    let Message { topic, payload, retained, repeated: _, ack: token } = message;
    let parsed = options.topics.parse(&topic);
    if let Some(Topic::Pair(slot)) = parsed {
        pair(options, outbound, slot, &payload, retained);
        // Nothing of it is stored, and the slot asks again.
        token.into_iter().for_each(|token| outbound.ack(token));
        return None;
    }
    if let Some(Topic::ClockPing(slot)) = parsed {
        if retained {
            tracing::debug!(%slot, "a clock ping that the broker kept: it asks nothing now");
            return None;
        }
        match decode::<ClockPing>(&payload) {
            Ok(ping) => {
                if outbound.pulse.beats(at) {
                    outbound.pong(slot.clone(), ping, at);
                }
                return Some(news(at, Arrival::Ping(slot, ping)));
            }
            Err(error) => tracing::debug!(%slot, %error, "a clock ping that makes no sense"),
        }
        return None;
    }
    let what = ingest::decode_message(&options.topics, options.compat, &topic, &payload, retained);
    Some(Delivery { at, what, token })
}
