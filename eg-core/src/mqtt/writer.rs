//! Writer of the link: publishes everything that waits. What could not be sent is published again once the connection
//! stands.

use super::outbound::Pending;
use super::transport::{Handover, Outbox};
use super::{LinkOptions, Outbound};
use crate::engine::effects::message::OutgoingMessage;
use crate::ingest::{Arrival, Delivery};
use eg_mqtt::{Publication, PublishError, Qos};
use eg_proto::{ClockPing, ClockPong, SlotId, Timestamp, Topic, encode};
use tokio::sync::mpsc;

/// Publishes until the transport ends.
pub(super) async fn write(
    outbox: &impl Outbox,
    options: &LinkOptions,
    outbound: &Outbound,
    bus: mpsc::Sender<Delivery>,
) {
    let writer = Writer { outbox, options, bus };
    loop {
        let pending = outbound.take().await;
        if let Err(PublishError::Closed) = writer.send_all(pending).await {
            return;
        }
    }
}

struct Writer<'a, O> {
    outbox: &'a O,
    options: &'a LinkOptions,
    bus: mpsc::Sender<Delivery>,
}

impl<O: Outbox> Writer<'_, O> {
    async fn send_all(&self, pending: Pending) -> Result<(), PublishError> {
        let Pending { hello, pongs, answers, acks, tokens, messages, states, .. } = pending;
        for (slot, ping, at) in pongs {
            self.pong(slot, ping, at).await?;
        }
        for token in tokens {
            self.outbox.ack(token).await;
        }
        if hello {
            self.publish(&Topic::CoreHello, encode(&self.options.hello), false).await?;
        }
        for (slot, answer) in answers {
            self.publish(&Topic::PairAnswer(slot), encode(&answer), false).await?;
        }
        for ((slot, _), ack) in acks {
            let ack = encode(&ack);
            self.publish(&Topic::InputAck(slot), ack, false).await?;
        }
        for post in messages {
            self.post(post).await?;
        }
        for (_, post) in states {
            self.post(post).await?;
        }
        Ok(())
    }

    async fn pong(&self, slot: SlotId, ping: ClockPing, at: Timestamp) -> Result<(), PublishError> {
        let ClockPing { n, t1_us, .. } = ping;
        let topic = self.options.topics.of(&Topic::ClockPong(slot));
        let (t3_us, boot) = (self.options.clock.now(), Some(self.options.hello.boot));
        let pong = ClockPong { n, t1_us, t2_us: at, t3_us, boot };
        let (payload, qos) = (encode(&pong).into(), Qos::AtMostOnce);
        let pong = Publication { topic, payload, qos, retained: false };
        self.told(self.outbox.publish(pong).await).map(drop)
    }

    async fn post(&self, post: OutgoingMessage) -> Result<(), PublishError> {
        let now = self.options.clock.now();
        if post.expires.is_some_and(|at| at <= now) {
            tracing::warn!(topic = ?post.topic, "expired before it could be sent");
            return Ok(());
        }
        let handover = self.publish(&post.topic, post.payload, post.retained).await?;
        if let (Some(handover), Some(effect)) = (handover, post.effect) {
            let (bus, clock) = (self.bus.clone(), self.options.clock.clone());
            tokio::spawn(async move {
                if handover.acknowledged().await {
                    let what = vec![Arrival::Sent(effect)];
                    let delivery = Delivery { at: clock.now(), what, token: None };
                    // The engine has stopped: the effect is published again after the next start.
                    let _ = bus.send(delivery).await;
                }
            });
        }
        Ok(())
    }

    async fn publish(
        &self,
        topic: &Topic,
        payload: Vec<u8>,
        retained: bool,
    ) -> Result<Option<Handover>, PublishError> {
        let (topic, payload) = (self.options.topics.of(topic), payload.into());
        let publication = Publication { topic, payload, qos: Qos::AtLeastOnce, retained };
        self.told(self.outbox.publish(publication).await)
    }

    /// Converts the result of a publication. Being offline is no error: nothing needs to be sent then.
    fn told(
        &self,
        handover: Result<Handover, PublishError>,
    ) -> Result<Option<Handover>, PublishError> {
        match handover {
            Ok(handover) => Ok(Some(handover)),
            Err(PublishError::Offline) => Ok(None),
            Err(PublishError::Closed) => Err(PublishError::Closed),
            Err(error @ (PublishError::Topic { .. } | PublishError::TooLarge { .. })) => {
                tracing::error!(%error, "cannot be published");
                Ok(None)
            }
        }
    }
}
