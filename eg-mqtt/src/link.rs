//! State of the link, which the client halves and the event loop share under one lock.
//!
//! Every request enters the library's queue under the lock that also guards `epoch`, and the pump
//! empties that queue under the same lock when a connection is lost. So nothing from an old
//! connection ever goes out on a new one, ahead of what its owner sends again.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use rumqttc::{AsyncClient, ClientError, ManualAck, PublishNotice, PublishOptions};
use tokio::sync::{Notify, watch};

use crate::options::{Publication, Qos};
use crate::publish_error::PublishError;

/// Time for publications in flight to be acknowledged before a clean end.
const DRAIN_LIMIT: Duration = Duration::from_secs(2);

/// Topic filter to which nobody subscribes.
const PROBE: &str = "eg-mqtt/probe";

/// Progress of the end of a link.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Phase {
    /// The link is wanted.
    Open,
    /// A clean end was asked for.
    Leaving,
    /// The connection is to be dropped as it is; the broker publishes the will.
    Cut,
    /// The pump has stopped.
    Ended,
}

#[derive(Debug, Default)]
pub(crate) struct State {
    /// Counts connections; a token of another epoch acknowledges nothing.
    pub(crate) epoch: u64,
    /// The broker accepted the connection.
    pub(crate) linked: bool,
    /// The subscriptions are in place too: publications go out.
    pub(crate) online: bool,
    /// The shortest wait before the next attempt.
    pub(crate) shortest_wait: Duration,
}

#[derive(Debug)]
pub(crate) struct Link {
    pub(crate) requests: AsyncClient,
    /// Wakes those who wait for a place in the queue.
    pub(crate) room: Notify,
    /// Ends the wait before the next attempt to connect.
    pub(crate) hurry: Notify,
    phase: watch::Sender<Phase>,
    state: Mutex<State>,
}

impl Link {
    pub(crate) fn new(requests: AsyncClient) -> Self {
        Self {
            requests,
            room: Notify::new(),
            hurry: Notify::new(),
            phase: watch::Sender::new(Phase::Open),
            state: Mutex::default(),
        }
    }

    pub(crate) fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn phase(&self) -> watch::Receiver<Phase> {
        self.phase.subscribe()
    }

    pub(crate) fn leaving(&self) -> bool {
        *self.phase.borrow() != Phase::Open
    }

    /// Queues a publication. `None`: the queue is full.
    pub(crate) fn try_publish(
        &self,
        publication: &Publication,
    ) -> Result<Option<PublishNotice>, PublishError> {
        let qos = match publication.qos {
            Qos::AtMostOnce => PublishOptions::at_most_once(),
            Qos::AtLeastOnce => PublishOptions::at_least_once(),
        };
        let (topic, payload) = (publication.topic.clone(), publication.payload.clone());
        let state = self.state();
        if self.leaving() {
            return Err(PublishError::Closed);
        }
        if !state.online {
            return Err(PublishError::Offline);
        }
        let options = qos.retain(publication.retained);
        match self.requests.try_publish_tracked(topic, payload, options) {
            Ok(notice) => Ok(Some(notice)),
            Err(ClientError::RequestChannelFull(_)) => Ok(None),
            Err(_) => Err(PublishError::Closed),
        }
    }

    /// Asks the broker for a sign of life. The library sends pings only while nothing else goes out, so this asks for
    /// the end of a subscription that there is not, which every broker answers (MQTT 3.1.1, section 3.10.4).
    pub(crate) fn probe(&self) {
        if self.state().online && self.requests.try_unsubscribe(PROBE).is_err() {
            tracing::debug!("no place for a ping: the broker has enough to answer");
        }
    }

    /// Queues an acknowledgement, unless it belongs to a connection that is gone. `false`: the
    /// queue is full.
    pub(crate) fn try_ack(&self, epoch: u64, ack: &ManualAck) -> bool {
        let state = self.state();
        if !state.linked || state.epoch != epoch {
            return true;
        }
        let queued = self.requests.try_manual_ack(ack.clone());
        !matches!(queued, Err(ClientError::RequestChannelFull(_)))
    }

    /// Begins the end; a later call can only make it quicker.
    pub(crate) fn leave(&self, wanted: Phase) {
        let state = self.state();
        let begun = self.phase.send_if_modified(|phase| {
            let further = matches!(
                (*phase, wanted),
                (Phase::Open, _) | (Phase::Leaving, Phase::Cut) | (_, Phase::Ended)
            );
            if further {
                *phase = wanted;
            }
            further
        });
        if begun && wanted == Phase::Leaving && state.linked {
            self.say_goodbye();
        }
        drop(state);
        self.room.notify_waiters();
    }

    /// Queues DISCONNECT, after what is in flight if that drains in time.
    pub(crate) fn say_goodbye(&self) {
        let drained = self.requests.try_disconnect_with_timeout(DRAIN_LIMIT);
        if drained.is_err() && self.requests.try_disconnect_now().is_err() {
            tracing::debug!("the connection was gone before it could be closed");
        }
    }
}
