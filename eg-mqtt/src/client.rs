//! The writing half: publish, acknowledge, say goodbye.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use rumqttc::{ManualAck, PublishNotice};
use thiserror::Error;
use tokio::time::timeout;

use crate::link::{Link, Phase};
use crate::options::{MAX_PACKET, Publication, Qos, is_topic};
use crate::publish_error::PublishError;

/// Time for the last words to be acknowledged.
const FAREWELL_LIMIT: Duration = Duration::from_secs(3);
/// Time for the connection to be closed after them.
const CLOSE_LIMIT: Duration = Duration::from_secs(3);

/// The writing half of a connection; clones share it. Dropping the last one cuts the connection,
/// and the broker publishes the will.
#[derive(Clone, Debug)]
pub struct Client {
    handle: Arc<Handle>,
}

#[derive(Debug)]
struct Handle {
    link: Arc<Link>,
}

impl Drop for Handle {
    fn drop(&mut self) {
        self.link.leave(Phase::Cut);
    }
}

impl Client {
    pub(crate) fn new(link: Arc<Link>) -> Self {
        Self { handle: Arc::new(Handle { link }) }
    }

    /// Hands a message to the connection, waiting for a place in the queue. The publication is
    /// safe at the broker when [`Sent::acknowledged`] says so, and not before.
    ///
    /// # Errors
    /// [`PublishError`]: the message was not taken. [`Offline`](PublishError::Offline) is the
    /// common one: keep the message and send it after the next `Connected`.
    pub async fn publish(
        &self,
        topic: impl Into<String>,
        payload: impl Into<Bytes>,
        qos: Qos,
        retained: bool,
    ) -> Result<Sent, PublishError> {
        let (topic, payload) = (topic.into(), payload.into());
        self.send(&Publication { topic, payload, qos, retained }).await
    }

    async fn send(&self, publication: &Publication) -> Result<Sent, PublishError> {
        publication.check()?;
        let link = &self.handle.link;
        loop {
            let room = link.room.notified();
            tokio::pin!(room);
            room.as_mut().enable();
            match link.try_publish(publication)? {
                Some(notice) => return Ok(Sent { notice }),
                None => room.await,
            }
        }
    }

    /// Tells the broker that a message is safe here. A token from an earlier connection does
    /// nothing: the broker repeats that message.
    pub async fn ack(&self, token: AckToken) {
        let link = &self.handle.link;
        loop {
            let room = link.room.notified();
            tokio::pin!(room);
            room.as_mut().enable();
            if link.try_ack(token.epoch, &token.ack) {
                return;
            }
            room.await;
        }
    }

    /// Waits at least so long before each attempt to connect again, until another time is said; zero: no longer than
    /// usual. For a client that has to share its place at the broker.
    pub fn wait_at_least(&self, wait: Duration) {
        self.handle.link.state().shortest_wait = wait;
    }

    /// Tries to connect now, if it waits before the next attempt; otherwise the next wait is left out.
    pub fn retry_now(&self) {
        self.handle.link.hurry.notify_one();
    }

    /// True while publications go out.
    pub fn is_online(&self) -> bool {
        self.handle.link.state().online
    }

    /// Ends the connection for all clones: publishes `last`, waits for its acknowledgement and for
    /// what is in flight, and leaves without firing the will. Takes at most about six seconds.
    ///
    /// # Errors
    /// [`Unacknowledged`] when `last` did not arrive; the connection is then cut, so that the will
    /// speaks in its place.
    pub async fn disconnect(&self, last: Option<Publication>) -> Result<(), Unacknowledged> {
        let said = match last {
            None => Ok(()),
            Some(last) => {
                timeout(FAREWELL_LIMIT, self.say(&last)).await.unwrap_or(Err(Unacknowledged))
            }
        };
        let link = &self.handle.link;
        link.leave(if said.is_ok() { Phase::Leaving } else { Phase::Cut });

        let mut phase = link.phase();
        let ended = timeout(CLOSE_LIMIT, phase.wait_for(|phase| *phase == Phase::Ended)).await;
        if ended.is_err() {
            link.leave(Phase::Cut);
        }
        said
    }

    async fn say(&self, last: &Publication) -> Result<(), Unacknowledged> {
        let sent = self.send(last).await.map_err(|_| Unacknowledged)?;
        sent.acknowledged().await
    }
}

impl Publication {
    /// Refuses a message that no broker would take.
    ///
    /// # Errors
    /// [`PublishError::Topic`] and [`PublishError::TooLarge`].
    pub fn check(&self) -> Result<(), PublishError> {
        let Self { topic, payload, .. } = self;
        if !is_topic(topic) {
            return Err(PublishError::Topic { topic: topic.clone() });
        }
        let bytes = packet_size(topic.len(), payload.len());
        if bytes > MAX_PACKET {
            return Err(PublishError::TooLarge { topic: topic.clone(), bytes });
        }
        Ok(())
    }
}

/// Bytes on the wire of a PUBLISH with a packet id (MQTT 3.1.1, section 3.3).
fn packet_size(topic: usize, payload: usize) -> usize {
    let remaining = 2 + topic + 2 + payload;
    let length_bytes = match remaining {
        0..128 => 1,
        128..16_384 => 2,
        16_384..2_097_152 => 3,
        _ => 4,
    };
    1 + length_bytes + remaining
}

/// A publication on its way.
#[derive(Debug)]
pub struct Sent {
    notice: PublishNotice,
}

impl Sent {
    /// Waits until the broker has acknowledged the publication (QoS 1), or until it has left this
    /// machine (QoS 0).
    ///
    /// # Errors
    /// [`Unacknowledged`]: the connection was lost before. The message may have arrived or not;
    /// whoever needs it to arrive sends it again after the next `Connected`.
    pub async fn acknowledged(self) -> Result<(), Unacknowledged> {
        self.notice.wait_completion_async().await.map_err(|_| Unacknowledged)
    }
}

/// The right to acknowledge one message, on the connection that brought it.
#[derive(Debug)]
pub struct AckToken {
    pub(crate) epoch: u64,
    pub(crate) ack: ManualAck,
}

/// The connection was lost before the broker acknowledged.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
#[error("the connection was lost before the broker acknowledged; send it again once connected")]
pub struct Unacknowledged;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_every_byte_of_a_packet() {
        let sizes = [(1, 122), (1, 123), (10, 16_369), (10, 16_370)]
            .map(|(topic, payload)| packet_size(topic, payload));

        assert_eq!(sizes, [129, 131, 16_386, 16_388]);
    }
}
