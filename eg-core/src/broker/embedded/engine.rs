//! Broker engine: the library's routing, sessions and store, put together.
//!
//! The library has a listener of its own, which leaves half-open connections unbounded and spins
//! when the process runs out of file descriptors. So [`super::listener`] accepts, and the library gets
//! each connection once it has said who it is, through a [`Translator`].

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use mqtt5::broker::client_handler::ClientHandler;
use mqtt5::broker::router::MessageRouter;
use mqtt5::broker::storage::client_queue::QueueLimits;
use mqtt5::broker::sys_topics::BrokerStats;
use mqtt5::broker::transport::BrokerTransport;
use mqtt5::broker::{
    BrokerConfig, DynamicStorage, FileBackend, MemoryBackend, ResourceLimits, ResourceMonitor,
    StorageBackend,
};
use tokio::sync::broadcast;

use super::admission;
use super::alarms::Alarms;
use super::bridges::Bridges;
use super::budget::Budget;
use super::clients::{ClientLine, Guests, Newcomer, NoPlace, Stay};
use super::connect_packet;
use super::connect_sniff::Greeting;
use super::local::{Gate, LocalBroker};
use super::meter::{Ledgers, Meter};
use super::options::{EmbeddedOptions, Limits};
use super::remembered::{Remembered, Talk};
use super::retained::Retained;
use super::sessions::Sessions;
use super::translator::{ClientParts, Translator};
use super::wire::is_clean;
use crate::access::{Access, Admitted, Claim, ClientIdentity, RefusedClient};
use crate::broker::BrokerError;
use crate::broker::thread::Stop;
use crate::tls::ServerStream;

/// Number of topic aliases that one MQTT 5 client may define.
const TOPIC_ALIASES: u16 = 32;
const SECONDS_A_DAY: u64 = 24 * 60 * 60;

#[derive(Clone)]
pub(super) struct BrokerThread {
    config: Arc<BrokerConfig>,
    router: Arc<MessageRouter>,
    access: Option<Arc<Access>>,
    storage: Arc<DynamicStorage>,
    stats: Arc<BrokerStats>,
    monitor: Arc<ResourceMonitor>,
    guests: Guests,
    remembered: Option<Remembered>,
    ledgers: Ledgers,
    gate: Gate,
    limits: Limits,
    /// Number of clients that were given a name.
    named: Arc<AtomicU64>,
    shutdown: broadcast::Sender<()>,
}

impl BrokerThread {
    /// Opens the store and reads back sessions and retained messages.
    pub(super) async fn open(options: &EmbeddedOptions) -> Result<Self, BrokerError> {
        let limits = options.limits;
        let queues =
            QueueLimits { max_messages: limits.queued_messages, max_bytes: limits.queued_bytes };
        let storage = match &options.folder {
            None => DynamicStorage::Memory(MemoryBackend::with_queue_limits(queues)),
            Some(folder) => {
                let store = |source| BrokerError::Store { folder: PathBuf::from(folder), source };
                let backend = FileBackend::with_queue_limits(folder, queues).await;
                DynamicStorage::File(backend.map_err(store)?)
            }
        };
        drop_poison(&storage).await.map_err(BrokerError::Recover)?;
        let storage = Arc::new(storage);
        let router = MessageRouter::with_storage(Arc::clone(&storage))
            .with_fallback_queue_limits(queues)
            .with_retained_limits(limits.retained, limits.packet);
        let router = Arc::new(router);
        let clock = options.access.as_ref().map(|access| Arc::clone(access.clock()));
        let guests = Guests::new(options.takeovers.clone(), clock);
        let gate = Gate::default();
        let bridges = Bridges::new(Arc::clone(&router), guests.clone(), gate.clone());
        let config = config(limits).with_event_handler(Arc::new(bridges));
        let expiry = u32::try_from(config.session_expiry_interval.as_secs()).unwrap_or(u32::MAX);
        router.recover_sessions(expiry).await.map_err(BrokerError::Recover)?;
        storage.cleanup_expired().await.map_err(BrokerError::Recover)?;
        router.initialize().await.map_err(BrokerError::Recover)?;

        let ledgers = ledgers(options, &router, &storage).await.map_err(BrokerError::Recover)?;

        Ok(Self {
            config: Arc::new(config),
            router,
            access: options.access.clone(),
            storage,
            stats: Arc::new(BrokerStats::new()),
            monitor: Arc::new(ResourceMonitor::new(unmetered(limits))),
            guests,
            remembered: options.remember.clone().map(Remembered::open),
            ledgers,
            gate,
            limits,
            named: Arc::default(),
            shutdown: broadcast::Sender::new(1),
        })
    }

    pub(super) fn stats(&self) -> Arc<BrokerStats> {
        Arc::clone(&self.stats)
    }

    /// Returns the access of clients in this process. To be called on the broker's thread.
    pub(super) fn local(&self) -> LocalBroker {
        LocalBroker::new(Arc::clone(&self.router), self.ledgers.clone(), self.gate.clone())
    }

    /// Decides who a client is and whether there is a place for it; a refusal is counted and told to people.
    fn admit(&self, peer: SocketAddr, greeting: &Greeting) -> Option<(Admitted, Stay, ClientLine)> {
        let Greeting { id, user, password, will_topic, bridge, .. } = greeting;
        let address = peer.ip();
        let (user, password, will) = (user.as_deref(), password.as_deref(), will_topic.as_deref());
        let admitted = match &self.access {
            Some(access) => {
                access.admit(&Claim { client: id, user, password, will, address }).ok()?
            }
            None => Admitted::as_one(ClientIdentity::Core),
        };
        let is_bridge = *bridge;
        let newcomer = Newcomer { id, peer, is_bridge, admitted: admitted.clone() };
        match self.guests.enter(newcomer) {
            Ok((stay, line)) => Some((admitted, stay, line)),
            Err(NoPlace { why, other }) => {
                if let Some(access) = &self.access {
                    access.refused(RefusedClient { client: id, why, topic: "", address, other });
                }
                None
            }
        }
    }

    /// Serves one client until it leaves or [`dismiss`](Self::dismiss) is called. Returns its stream if it has no right
    /// to come.
    pub(super) async fn serve(
        &self,
        stream: ServerStream,
        peer: SocketAddr,
        mut greeting: Greeting,
    ) -> Result<(), ServerStream> {
        let given = self.name(&mut greeting);
        let Some((Admitted { identity, .. }, _stay, line)) = self.admit(peer, &greeting) else {
            return Err(stream);
        };
        let rules = admission::rules(self.access.as_ref(), &identity, &greeting.id, peer.ip());
        let (id, level) = (greeting.id.clone(), greeting.level);
        if let Some((topic, payload)) = connect_packet::kept_will(&greeting.bytes, level)
            && !self.ledgers.keep(&id, &topic, payload)
        {
            connect_packet::keep_no_will(&mut greeting.bytes, level);
        }
        let dismissed = self.ledgers.budget.enter(&id, self.ledgers.sessions.queue(&id));
        let meter = Meter::new(self.ledgers.clone(), id.clone(), level, &self.limits, dismissed);
        // Slots of today subscribe with each connection by themselves.
        let is_old = matches!(identity, ClientIdentity::Guest | ClientIdentity::Core);
        let talk = self
            .remembered
            .clone()
            .filter(|_| is_old && given.is_none() && !id.is_empty())
            .map(|memory| Talk::new(memory, greeting.id.clone(), greeting.will_topic.clone()));
        let most = self.config.max_packet_size;
        let parts = ClientParts { talk, meter, given, line };
        let stream = Translator::new(stream, peer, greeting, most, parts);
        let handler = ClientHandler::new(
            BrokerTransport::WebSocket(Box::new(stream)),
            peer,
            Arc::clone(&self.config),
            Arc::clone(&self.router),
            rules,
            Some(Arc::clone(&self.storage)),
            Arc::clone(&self.stats),
            Arc::clone(&self.monitor),
            self.shutdown.subscribe(),
        );
        if let Err(error) = handler.run().await {
            tracing::debug!(%peer, %error, "a client's connection ended");
        }
        let has_session = self.ledgers.sessions.exists(&id).await;
        if let Some(ended) = self.ledgers.budget.leave(&id, has_session, self.limits.sessions) {
            self.ledgers.sessions.end(&ended).await;
        }
        Ok(())
    }

    /// Gives a nameless client a name, so that what waits for it can be found. Returns the name.
    fn name(&self, greeting: &mut Greeting) -> Option<String> {
        if !greeting.id.is_empty() {
            return None;
        }
        let number = self.named.fetch_add(1, Ordering::Relaxed);
        let id = format!("nameless-{}-{number}", ulid::Ulid::new().to_string().to_lowercase());
        if !connect_packet::name(&mut greeting.bytes, greeting.level, &id) {
            return None;
        }
        greeting.id.clone_from(&id);
        Some(id)
    }

    /// Cuts off clients as soon as they lose their right, until told to stop.
    pub(super) async fn watch(self, mut stop: Stop) {
        let Some(access) = &self.access else { return };
        let mut changed = access.changed();
        loop {
            tokio::select! {
                () = stop.wanted() => return,
                changed = changed.changed() => if changed.is_err() { return },
            }
            self.guests.cut(|client, admitted| !access.still_admits(client, admitted));
        }
    }

    /// Keeps the subscriptions of older clients on disk, until told to stop.
    pub(super) async fn remember(self, stop: Stop) {
        if let Some(remembered) = &self.remembered {
            remembered.keep(stop).await;
        }
    }

    /// Forgets sessions that have expired.
    pub(super) async fn sweep(&self) {
        if let Err(error) = self.storage.cleanup_expired().await {
            tracing::warn!(%error, "the broker could not clean its store");
        }
        self.router.sweep_sessions().await;
        self.ledgers.budget.sweep(&self.ledgers.sessions.all().await);
    }

    /// Tells every client that the broker stops, and disconnects it.
    pub(super) fn dismiss(&self) {
        if self.shutdown.send(()).is_err() {
            tracing::debug!("no client was connected when the broker stopped");
        }
    }

    /// Writes to disk what is not there yet.
    pub(super) async fn close(self) {
        if let Some(remembered) = &self.remembered {
            remembered.write().await;
        }
        if let Err(error) = self.storage.shutdown().await {
            tracing::warn!(%error, "the broker could not write its last messages to disk");
        }
    }
}

/// Opens the ledgers, with what the store has already.
async fn ledgers(
    options: &EmbeddedOptions,
    router: &Arc<MessageRouter>,
    storage: &Arc<DynamicStorage>,
) -> Result<Ledgers, mqtt5::MqttError> {
    let limits = options.limits;
    let alarms = Alarms::new(options.troubles.clone());
    let budget = Budget::new(limits.queued_bytes_in_all, alarms.clone());
    let sessions = Sessions::new(Arc::clone(router), Arc::clone(storage));
    for id in sessions.all().await {
        budget.restore(&id, sessions.queue(&id), sessions.filters(&id).await);
    }
    let mut retained = Retained::new(limits.retained_bytes, limits.retained_each);
    for (topic, message) in storage.get_retained_messages("#").await? {
        if !retained.keep(&topic, message.payload.len()) {
            tracing::warn!(topic, "more retained messages are stored than there is room for");
        }
    }
    Ok(Ledgers { budget, retained: Arc::new(Mutex::new(retained)), sessions, alarms })
}

/// Drops retained messages whose topic no client of libmosquitto accepts: earlier versions of EG stored them.
async fn drop_poison(storage: &DynamicStorage) -> Result<(), mqtt5::MqttError> {
    for (topic, _) in storage.get_retained_messages("#").await? {
        if !is_clean(topic.as_bytes()) {
            storage.remove_retained_message(&topic).await?;
            tracing::warn!(
                ?topic,
                "a retained message with a control character in its topic is dropped"
            );
        }
    }
    Ok(())
}

fn config(limits: Limits) -> BrokerConfig {
    let expiry = Duration::from_secs(u64::from(limits.session_days) * SECONDS_A_DAY);
    let mut config = BrokerConfig::default()
        .with_max_clients(limits.connections)
        .with_session_expiry(expiry)
        .with_max_packet_size(limits.packet)
        .with_max_subscriptions_per_client(limits.subscriptions)
        .with_max_retained_messages(limits.retained)
        .with_max_retained_message_size(limits.packet)
        .with_client_channel_capacity(limits.lane)
        .with_max_outbound_inflight(limits.in_flight)
        .with_server_receive_maximum(limits.in_flight)
        .with_sys_topics_enabled(false);
    config.topic_alias_maximum = TOPIC_ALIASES;
    config
}

/// Returns limits that switch the library's rate meter off: it drops messages above a rate, and EG drops no press.
fn unmetered(limits: Limits) -> ResourceLimits {
    ResourceLimits {
        max_connections: limits.connections,
        max_connections_per_ip: limits.connections,
        max_message_rate_per_client: 0,
        max_bandwidth_per_client: 0,
        max_connection_rate: u32::MAX,
        rate_limit_window: Duration::from_secs(1),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use mqtt5::QoS;
    use mqtt5::broker::storage::RetainedMessage;
    use mqtt5::packet::publish::PublishPacket;

    #[tokio::test]
    async fn what_earlier_versions_kept_and_nobody_bears_is_dropped_at_start() {
        let folder = tempfile::tempdir().unwrap();
        let queues = QueueLimits::default();
        let before = FileBackend::with_queue_limits(folder.path(), queues).await.unwrap();
        for topic in ["prop/\u{1}/state", "prop/door/state", "\u{9f}"] {
            let publish = PublishPacket::new(topic.to_owned(), &b"ON"[..], QoS::AtLeastOnce);
            let message = RetainedMessage::new(publish);
            before.store_retained_message(topic, message).await.unwrap();
        }
        before.shutdown().await.unwrap();
        drop(before);

        let options = EmbeddedOptions {
            folder: Some(folder.path().into()),
            ..EmbeddedOptions::on_loopback(0)
        };
        let engine = BrokerThread::open(&options).await.unwrap();

        let kept = engine.router.get_retained_messages("#").await;
        let kept: Vec<_> = kept.iter().map(|message| message.topic_name.as_str()).collect();
        assert_eq!(kept, ["prop/door/state"]);
        let stored = engine.storage.get_retained_messages("#").await.unwrap();
        assert_eq!(stored.len(), 1);
    }
}
