//! The library's parts, put together: routing, sessions and their store.
//!
//! The library has a listener of its own, which leaves half-open connections unbounded and spins
//! when the process runs out of file descriptors. So [`super::door`] accepts, and the library gets
//! each connection once it has spoken.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use mqtt5::broker::client_handler::ClientHandler;
use mqtt5::broker::router::MessageRouter;
use mqtt5::broker::storage::client_queue::QueueLimits;
use mqtt5::broker::sys_topics::BrokerStats;
use mqtt5::broker::transport::BrokerTransport;
use mqtt5::broker::{
    AuthProvider, BrokerConfig, DynamicStorage, FileBackend, MemoryBackend, ResourceLimits,
    ResourceMonitor, StorageBackend,
};
use tokio::net::TcpStream;
use tokio::sync::broadcast;

use super::{EmbeddedOptions, Limits, admission};
use crate::broker::StartError;

/// Topic aliases that one MQTT 5 client may define.
const TOPIC_ALIASES: u16 = 32;
const SECONDS_A_DAY: u64 = 24 * 60 * 60;

#[derive(Clone)]
pub(super) struct Engine {
    config: Arc<BrokerConfig>,
    router: Arc<MessageRouter>,
    rules: Arc<dyn AuthProvider>,
    storage: Arc<DynamicStorage>,
    stats: Arc<BrokerStats>,
    monitor: Arc<ResourceMonitor>,
    shutdown: broadcast::Sender<()>,
}

impl Engine {
    /// Opens the store and reads back sessions and retained messages.
    pub(super) async fn open(options: &EmbeddedOptions) -> Result<Self, StartError> {
        let limits = options.limits;
        let queues =
            QueueLimits { max_messages: limits.queued_messages, max_bytes: limits.queued_bytes };
        let storage = match &options.folder {
            None => DynamicStorage::Memory(MemoryBackend::with_queue_limits(queues)),
            Some(folder) => {
                let store = |source| StartError::Store { folder: PathBuf::from(folder), source };
                let backend = FileBackend::with_queue_limits(folder, queues).await;
                DynamicStorage::File(backend.map_err(store)?)
            }
        };
        let storage = Arc::new(storage);
        let router = MessageRouter::with_storage(Arc::clone(&storage))
            .with_fallback_queue_limits(queues)
            .with_retained_limits(limits.retained, limits.packet);
        let config = config(limits);
        let expiry = u32::try_from(config.session_expiry_interval.as_secs()).unwrap_or(u32::MAX);
        router.recover_sessions(expiry).await.map_err(StartError::Recover)?;
        storage.cleanup_expired().await.map_err(StartError::Recover)?;
        router.initialize().await.map_err(StartError::Recover)?;

        Ok(Self {
            config: Arc::new(config),
            router: Arc::new(router),
            rules: admission::rules(),
            storage,
            stats: Arc::new(BrokerStats::new()),
            monitor: Arc::new(ResourceMonitor::new(unmetered(limits))),
            shutdown: broadcast::Sender::new(1),
        })
    }

    pub(super) fn stats(&self) -> Arc<BrokerStats> {
        Arc::clone(&self.stats)
    }

    /// Serves one client until it leaves or [`dismiss`](Self::dismiss) is called.
    pub(super) async fn serve(&self, stream: TcpStream, peer: SocketAddr) {
        let handler = ClientHandler::new(
            BrokerTransport::tcp(stream),
            peer,
            Arc::clone(&self.config),
            Arc::clone(&self.router),
            Arc::clone(&self.rules),
            Some(Arc::clone(&self.storage)),
            Arc::clone(&self.stats),
            Arc::clone(&self.monitor),
            self.shutdown.subscribe(),
        );
        if let Err(error) = handler.run().await {
            tracing::debug!(%peer, %error, "a client's connection ended");
        }
    }

    /// Forgets sessions that have expired.
    pub(super) async fn sweep(&self) {
        if let Err(error) = self.storage.cleanup_expired().await {
            tracing::warn!(%error, "the broker could not clean its store");
        }
        self.router.sweep_sessions().await;
    }

    /// Tells every client that the broker stops, and lets it go.
    pub(super) fn dismiss(&self) {
        if self.shutdown.send(()).is_err() {
            tracing::debug!("no client was connected when the broker stopped");
        }
    }

    /// Writes what is not on disk yet.
    pub(super) async fn close(self) {
        if let Err(error) = self.storage.shutdown().await {
            tracing::warn!(%error, "the broker could not write its last messages to disk");
        }
    }
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
        .with_max_outbound_inflight(limits.in_flight)
        .with_server_receive_maximum(limits.in_flight)
        .with_sys_topics_enabled(false);
    config.topic_alias_maximum = TOPIC_ALIASES;
    config
}

/// The library's meter, switched off: it drops what exceeds a rate, and EG drops no press.
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
