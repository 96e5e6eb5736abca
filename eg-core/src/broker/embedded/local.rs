//! Client in the broker's own process: messages come to it and go from it without a socket.
//!
//! It is a session at the router like every other, so it hears what a subscriber of its filters hears: publications,
//! wills, and first what is retained. The library lets a publisher wait for a client that is behind for two seconds at
//! most, and queues then, dropping the oldest in the end. Nobody may come that far behind here: while [`ROOM`] messages
//! wait, whoever publishes something that this client hears waits for its acknowledgement (see [`Gate`]).

use std::collections::VecDeque;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use eg_mqtt::{Publication, Qos, Subscription};
use mqtt5::QoS;
use mqtt5::broker::router::{
    DeliveryLanes, LaneReceivers, MessageRouter, RoutableMessage, SubscriptionRequest,
    TakeoverNotice,
};
use mqtt5::broker::storage::QueueHandle;
use mqtt5::packet::publish::PublishPacket;
use mqtt5::topic_matching;
use tokio::runtime::Handle;
use tokio::sync::{Notify, mpsc, oneshot};
use tokio::time::timeout;

use super::meter::Ledgers;

/// Number of messages that may wait for the client before publishers wait.
const ROOM: usize = 2_048;
/// Longest wait of a publisher. A slot that is not heard for so long has dialled again, and the connection that waits
/// here is let go.
const PATIENCE: Duration = Duration::from_secs(10);
/// Number of messages that its lanes hold: those that may wait, and some more of each connection.
const LANE: usize = ROOM + 32 * 1_024;
/// Number of messages taken out of its queue at once.
const BATCH: usize = 256;

/// Built-in broker, for a client in its own process. Clones are the same broker.
#[derive(Clone)]
pub struct LocalBroker {
    router: Arc<MessageRouter>,
    ledgers: Ledgers,
    gate: Gate,
    runtime: Handle,
}

impl fmt::Debug for LocalBroker {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("LocalBroker(…)")
    }
}

/// Message for a client in the broker's own process.
#[derive(Debug)]
pub(crate) struct LocalMessage {
    pub(crate) topic: String,
    pub(crate) payload: Bytes,
    /// `true` if the broker kept it for late subscribers.
    pub(crate) retained: bool,
}

impl From<PublishPacket> for LocalMessage {
    fn from(packet: PublishPacket) -> Self {
        let PublishPacket { topic_name: topic, payload, retain: retained, .. } = packet;
        Self { topic, payload, retained }
    }
}

impl LocalBroker {
    /// Creates the access of local clients to a broker, on whose runtime this is called.
    pub(super) fn new(router: Arc<MessageRouter>, ledgers: Ledgers, gate: Gate) -> Self {
        Self { router, ledgers, gate, runtime: Handle::current() }
    }

    /// Runs a task on the broker's thread. It ends with the broker at the latest.
    pub(crate) fn spawn(&self, task: impl Future<Output = ()> + Send + 'static) {
        self.runtime.spawn(task);
    }

    /// Subscribes a client of this name, and returns what comes for it: first what is retained.
    pub(crate) async fn enter(&self, id: &str, filters: &[Subscription]) -> LocalReceiver {
        let (lanes, receivers) = DeliveryLanes::channel(LANE);
        let queue = self.router.queue_handle(id);
        let (taken, displaced) = oneshot::channel();
        self.gate.close_behind(lanes.qos1_tx.clone(), filters);
        let (name, waits) = (id.to_owned(), Arc::clone(&queue));
        let registered = self.router.register_session(name, lanes, waits, taken, true).await;
        let mut kept = VecDeque::new();
        for Subscription { filter, qos } in filters {
            let request = SubscriptionRequest::new(id, filter, library_qos(*qos));
            if let Err(error) = self.router.subscribe(request).await {
                tracing::error!(filter, %error, "the broker does not let the core listen to this");
            }
            kept.extend(self.router.get_retained_messages(filter).await);
        }
        let (id, generation) = (id.to_owned(), registered.generation);
        LocalReceiver { broker: self.clone(), id, generation, receivers, queue, kept, displaced }
    }

    /// Publishes a message in the name of `id`; when this returns, every subscriber has it or will get it.
    pub(crate) async fn publish(&self, id: &str, publication: Publication) {
        let Publication { topic, payload, qos, retained } = publication;
        let is_kept = self.ledgers.pass(id, &topic, payload.len(), retained);
        let mut packet = PublishPacket::new(topic, payload, library_qos(qos));
        packet.retain = retained && is_kept;
        self.router.route_message(&packet, Some(id)).await;
    }
}

fn library_qos(qos: Qos) -> QoS {
    match qos {
        Qos::AtMostOnce => QoS::AtMostOnce,
        Qos::AtLeastOnce => QoS::AtLeastOnce,
    }
}

/// Messages for a client in the broker's own process.
pub(crate) struct LocalReceiver {
    broker: LocalBroker,
    id: String,
    generation: u64,
    receivers: LaneReceivers,
    /// Overflow of the lanes, younger than what is in them.
    queue: QueueHandle,
    /// Messages that come next.
    kept: VecDeque<PublishPacket>,
    displaced: oneshot::Receiver<TakeoverNotice>,
}

impl LocalReceiver {
    /// Waits for the next message. `None` once another client has taken the name.
    pub(crate) async fn next(&mut self) -> Option<LocalMessage> {
        loop {
            if let Some(packet) = self.kept.pop_front() {
                return Some(packet.into());
            }
            tokio::select! {
                message = self.receivers.qos1.recv() => {
                    self.broker.gate.left(self.receivers.qos1.len());
                    if self.receivers.qos1.is_empty() && !self.queue.is_empty() {
                        self.queue.notify();
                    }
                    return Some(message?.publish.into());
                }
                message = self.receivers.qos0.recv() => return Some(message?.publish.into()),
                () = self.queue.notified() => if self.receivers.qos1.is_empty() {
                    let batch = self.queue.take(BATCH).await;
                    self.kept.extend(batch.iter().map(|message| message.to_publish_packet()));
                    self.queue.finish_drain();
                    if !self.queue.is_empty() {
                        self.queue.notify();
                    }
                },
                _ = &mut self.displaced => return None,
            }
        }
    }

    /// Unsubscribes the client; whoever waited for it goes on.
    pub(crate) async fn leave(self) {
        let Self { broker, id, generation, receivers, .. } = self;
        broker.router.release_client(&id, generation, false).await;
        broker.gate.open();
        drop(receivers);
    }
}

/// Gate that makes publishers wait while too much waits for a local client. Clones are the same gate.
#[derive(Clone, Default)]
pub(super) struct Gate(Arc<GateState>);

#[derive(Default)]
struct GateState {
    client: Mutex<Option<Behind>>,
    opened: Notify,
}

/// Way to the client behind a gate.
struct Behind {
    lane: mpsc::Sender<RoutableMessage>,
    filters: Vec<String>,
}

impl Gate {
    /// Waits while too much waits for a client that hears this topic, at most [`PATIENCE`].
    pub(super) async fn pass(&self, topic: &str) {
        if !self.is_open(topic) && timeout(PATIENCE, self.opens(topic)).await.is_err() {
            tracing::debug!(topic, "passed on to a client that takes nothing");
        }
    }

    async fn opens(&self, topic: &str) {
        while !self.is_open(topic) {
            let opened = self.0.opened.notified();
            tokio::pin!(opened);
            opened.as_mut().enable();
            if !self.is_open(topic) {
                opened.await;
            }
        }
    }

    fn is_open(&self, topic: &str) -> bool {
        let client = self.client();
        let Some(Behind { lane, filters }) = &*client else { return true };
        lane.max_capacity() - lane.capacity() < ROOM
            || lane.is_closed()
            || !filters.iter().any(|filter| topic_matching::matches(topic, filter))
    }

    fn close_behind(&self, lane: mpsc::Sender<RoutableMessage>, filters: &[Subscription]) {
        let filters = filters.iter().map(|wanted| wanted.filter.clone()).collect();
        *self.client() = Some(Behind { lane, filters });
    }

    /// Notes how many messages wait now. Those who wait are woken when half of the room is free again.
    fn left(&self, waiting: usize) {
        if waiting == ROOM / 2 {
            self.0.opened.notify_waiters();
        }
    }

    fn open(&self) {
        *self.client() = None;
        self.0.opened.notify_waiters();
    }

    fn client(&self) -> MutexGuard<'_, Option<Behind>> {
        self.0.client.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests;
