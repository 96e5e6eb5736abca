//! Transport over a socket, to a broker that runs elsewhere.

use super::transport::{Handover, Inbox, Outbox};
use eg_mqtt::{AckToken, Client, Incoming, Notice, Publication, PublishError};

impl Inbox for Incoming {
    fn next(&mut self) -> impl Future<Output = Option<Notice>> + Send {
        Self::next(self)
    }
}

impl Outbox for Client {
    async fn publish(&self, publication: Publication) -> Result<Handover, PublishError> {
        let Publication { topic, payload, qos, retained } = publication;
        Self::publish(self, topic, payload, qos, retained).await.map(Handover::Awaited)
    }

    fn ack(&self, token: AckToken) -> impl Future<Output = ()> + Send {
        Self::ack(self, token)
    }
}
