//! Transport of the link: how messages come from the broker and go to it.
//!
//! There are two, with one behaviour: a socket, for a broker that runs elsewhere, and the broker's own process. Reader and
//! writer know neither.

use eg_mqtt::{AckToken, Notice, Publication, PublishError, Sent};

/// Receiving half: messages, and news of the connection.
pub(super) trait Inbox: Send {
    /// Waits for what comes next. `None` when the transport has ended.
    fn next(&mut self) -> impl Future<Output = Option<Notice>> + Send;
}

/// Sending half.
pub(super) trait Outbox: Send + Sync {
    /// Hands a message to the broker, waiting for room.
    ///
    /// # Errors
    /// [`PublishError`]: the message was not taken.
    fn publish(
        &self,
        publication: Publication,
    ) -> impl Future<Output = Result<Handover, PublishError>> + Send;

    /// Tells the broker that a message is safe here.
    fn ack(&self, token: AckToken) -> impl Future<Output = ()> + Send;
}

/// Handover of a message to the broker.
#[derive(Debug)]
pub(super) enum Handover {
    /// The broker has the message.
    Given,
    /// The broker's acknowledgement follows.
    Awaited(Sent),
}

impl Handover {
    /// Waits until the broker has the message; `false` if the connection was lost before.
    pub(super) async fn acknowledged(self) -> bool {
        match self {
            Self::Given => true,
            Self::Awaited(sent) => sent.acknowledged().await.is_ok(),
        }
    }
}
