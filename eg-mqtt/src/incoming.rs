//! The reading half: messages, and news of the link.

use std::time::Duration;

use bytes::Bytes;
use tokio::sync::mpsc;

use crate::client::AckToken;
use crate::disconnect::DisconnectError;

/// The reading half of a connection.
#[derive(Debug)]
pub struct Incoming {
    pub(crate) notices: mpsc::Receiver<Notice>,
}

impl Incoming {
    /// Waits for what comes next. `None` after a disconnect, or when every client was dropped.
    pub async fn next(&mut self) -> Option<Notice> {
        self.notices.recv().await
    }
}

/// News of the link.
#[derive(Debug)]
pub enum Notice {
    /// The connection stands and the subscriptions are in place. Messages that the broker held
    /// may have come just before.
    Connected {
        /// True if the broker still knew this client.
        session_present: bool,
        /// Topic filters that the broker did not grant.
        refused: Vec<String>,
    },
    /// A message arrived.
    Message(Message),
    /// A message above [`MAX_PACKET`](crate::MAX_PACKET) arrived; it was acknowledged and dropped,
    /// because a broker would repeat it for ever.
    Oversize {
        /// Topic of the message.
        topic: String,
        /// Size of the payload.
        bytes: usize,
    },
    /// The connection was lost, or could not be made.
    Lost {
        /// Reason for the loss.
        error: DisconnectError,
        /// Wait before the next attempt.
        retry_in: Duration,
    },
}

/// A message from the broker.
#[derive(Debug)]
pub struct Message {
    /// Topic it was published to.
    pub topic: String,
    /// Payload, as it came.
    pub payload: Bytes,
    /// True if the broker kept it for late subscribers: a state, not something that just happened.
    pub retained: bool,
    /// True if the broker sent it before and saw no acknowledgement.
    pub repeated: bool,
    /// Token for [`Client::ack`](crate::Client::ack) once the message is safe; with
    /// [`Options::manual_acks`](crate::Options::manual_acks) and QoS 1.
    pub ack: Option<AckToken>,
}
