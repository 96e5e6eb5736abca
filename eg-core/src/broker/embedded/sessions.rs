//! Sessions of clients that are away, as the library stores them.

use std::sync::Arc;

use mqtt5::broker::router::MessageRouter;
use mqtt5::broker::storage::QueueHandle;
use mqtt5::broker::{DynamicStorage, StorageBackend};

/// Stored sessions. Clones share them.
#[derive(Clone)]
pub(super) struct Sessions {
    router: Arc<MessageRouter>,
    storage: Arc<DynamicStorage>,
}

impl Sessions {
    pub(super) fn new(router: Arc<MessageRouter>, storage: Arc<DynamicStorage>) -> Self {
        Self { router, storage }
    }

    /// Returns the queue of a client.
    pub(super) fn queue(&self, id: &str) -> QueueHandle {
        self.router.queue_handle(id)
    }

    /// Returns `true` if the client has a session.
    pub(super) async fn exists(&self, id: &str) -> bool {
        matches!(self.storage.get_session(id).await, Ok(Some(_)))
    }

    /// Returns the clients that have a session.
    pub(super) async fn all(&self) -> Vec<String> {
        self.storage.session_client_ids().await.unwrap_or_default()
    }

    /// Returns the filters that a client's session is subscribed to.
    pub(super) async fn filters(&self, id: &str) -> Vec<String> {
        let session = self.storage.get_session(id).await.ok().flatten();
        session.map(|session| session.subscriptions.into_keys().collect()).unwrap_or_default()
    }

    /// Ends the session of a client that is away: its subscriptions, its queue and its messages in flight.
    pub(super) async fn end(&self, id: &str) {
        if self.router.is_connected(id).await {
            return;
        }
        self.router.unregister_client(id).await;
        self.queue(id).clear(None);
        let removed = self.storage.remove_session(id).await;
        let removed = removed.and(self.storage.remove_all_inflight_messages(id).await);
        if let Err(error) = removed {
            tracing::warn!(client = id, %error, "a session is not removed from the store");
        }
    }
}
