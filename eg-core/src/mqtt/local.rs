//! Transport to the broker in this process: no socket, and no thread between the broker and the link.
//!
//! Publishers wait while the link is behind, so nothing needs to be acknowledged: what was handed over and is not
//! stored when the process ends is still in the outboxes of the slots.

use super::transport::{Handover, Inbox, Outbox};
use crate::broker::{LocalBroker, LocalMessage, LocalReceiver};
use eg_mqtt::{AckToken, Message, Notice, Publication, PublishError};

/// Receiving half: says first that it is connected.
pub(super) struct LocalInbox {
    receiver: LocalReceiver,
    told: bool,
}

impl LocalInbox {
    /// Creates the half of a client that has just subscribed.
    pub(super) fn new(receiver: LocalReceiver) -> Self {
        Self { receiver, told: false }
    }

    /// Ends the client's session.
    pub(super) async fn leave(self) {
        self.receiver.leave().await;
    }
}

impl Inbox for LocalInbox {
    async fn next(&mut self) -> Option<Notice> {
        if !std::mem::replace(&mut self.told, true) {
            return Some(Notice::Connected { session_present: false, refused: Vec::new() });
        }
        let LocalMessage { topic, payload, retained } = self.receiver.next().await?;
        Some(Notice::Message(Message { topic, payload, retained, repeated: false, ack: None }))
    }
}

/// Sending half.
pub(super) struct LocalOutbox {
    broker: LocalBroker,
    id: String,
}

impl LocalOutbox {
    /// Creates the half that publishes in the name of `id`.
    pub(super) fn new(broker: LocalBroker, id: String) -> Self {
        Self { broker, id }
    }
}

impl Outbox for LocalOutbox {
    async fn publish(&self, publication: Publication) -> Result<Handover, PublishError> {
        publication.check()?;
        self.broker.publish(&self.id, publication).await;
        Ok(Handover::Given)
    }

    async fn ack(&self, _: AckToken) {}
}
