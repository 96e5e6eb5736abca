//! Reasons why a message is not taken.

use thiserror::Error;

use crate::options::MAX_PACKET;

/// A message that was not taken.
#[derive(Debug, Error, PartialEq, Eq)]
pub enum PublishError {
    /// The client has no connection; nothing is queued meanwhile.
    #[error("not connected to the broker; send it again once connected")]
    Offline,
    /// The client has ended.
    #[error("this client has disconnected from the broker")]
    Closed,
    /// The topic is none that can be published to.
    #[error(
        "cannot publish to {topic:?}; a topic is not empty and has no +, no # and no control character"
    )]
    Topic {
        /// Topic asked for.
        topic: String,
    },
    /// Above the packet limit; sending it would end the connection.
    #[error("the message to {topic} makes a packet of {bytes} bytes; the limit is {limit}", limit = MAX_PACKET)]
    TooLarge {
        /// Topic asked for.
        topic: String,
        /// Size of the whole packet.
        bytes: usize,
    },
}
