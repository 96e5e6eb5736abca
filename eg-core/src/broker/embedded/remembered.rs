//! Subscriptions of clients of older installations, kept across restarts.
//!
//! Such a client subscribes once, when its program starts, and takes it for granted that the broker outlives it: after
//! a restart of the broker it connects again and says nothing more. So the broker remembers, clean sessions too, what
//! each had subscribed to, and the retained word on its will's topic (`online`) with it. A client that only connects
//! again gets both back; one that speaks for itself is served as it asks, and one that says goodbye is forgotten.

mod client;
mod file;
mod talk;

pub(super) use crate::broker::embedded::remembered::talk::Talk;

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use self::client::Client;
use tokio::sync::Notify;

use crate::broker::thread::Stop;
use crate::clock::Clock;

/// Largest number of clients that are remembered; beyond, the one that was away longest is forgotten.
const CLIENTS: usize = 1_000;
/// Largest number of subscriptions that are remembered for one client.
const FILTERS: usize = 64;
/// Longest topic filter that is remembered, in bytes.
const FILTER: usize = 512;
/// Longest retained payload that is remembered, in bytes.
const WORD: usize = 1_024;
/// Time away after which a client is forgotten.
const KEPT: Duration = Duration::from_secs(7 * 24 * 60 * 60);

/// Settings of the memory for subscriptions that older clients never make again.
#[derive(Clone, Debug)]
pub struct Remember {
    /// Path of the file; it is created if it does not exist.
    pub file: PathBuf,
    /// Clock that tells how long a client has been away.
    pub clock: Arc<dyn Clock>,
}

/// Memory of older clients' subscriptions. Clones share it.
#[derive(Clone, Debug)]
pub(super) struct Remembered(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    place: Remember,
    clients: Mutex<BTreeMap<String, Client>>,
    changed: Notify,
}

impl Remembered {
    /// Reads the file of an earlier broker. Blocks; a malformed file is warned about and begun anew.
    pub(super) fn open(place: Remember) -> Self {
        let mut clients = file::read(&place.file);
        let now = place.clock.now();
        clients.retain(|_, client| now.since(client.seen) < KEPT);
        Self(Arc::new(Inner { place, clients: Mutex::new(clients), changed: Notify::new() }))
    }

    /// Writes the file whenever something has changed, until told to stop.
    pub(super) async fn keep(&self, mut stop: Stop) {
        loop {
            tokio::select! {
                () = stop.wanted() => return,
                () = self.0.changed.notified() => self.write().await,
            }
        }
    }

    /// Writes the file of all remembered clients; a failure is logged.
    pub(super) async fn write(&self) {
        let (file, clients) = (self.0.place.file.clone(), self.clients().clone());
        let written = tokio::task::spawn_blocking(move || file::write(&file, &clients)).await;
        match written {
            Ok(Ok(())) => {}
            Ok(Err(error)) => {
                let file = self.0.place.file.display();
                tracing::warn!(%file, %error, "what older clients subscribed to is not on disk");
            }
            Err(error) => tracing::error!(%error, "writing what clients subscribed to panicked"),
        }
    }

    /// Returns the state of a client that has just connected, if it is remembered, and updates its time.
    fn recall(&self, id: &str) -> Option<Client> {
        let now = self.0.place.clock.now();
        let mut clients = self.clients();
        let client = clients.get_mut(id)?;
        if now.since(client.seen) >= KEPT {
            clients.remove(id);
            return None;
        }
        client.seen = now;
        let client = client.clone();
        drop(clients);
        self.0.changed.notify_one();
        Some(client)
    }

    /// Changes the remembered state of a client; a client without any is forgotten.
    fn change(&self, id: &str, change: impl FnOnce(&mut Client)) {
        let now = self.0.place.clock.now();
        let mut clients = self.clients();
        let before = clients.get(id).cloned();
        let mut client = before.clone().unwrap_or_default();
        change(&mut client);
        if before.as_ref().is_some_and(|before| *before == client) {
            return;
        }
        client.seen = now;
        if client.filters.is_empty() && client.word.is_none() {
            clients.remove(id);
        } else {
            clients.insert(id.to_owned(), client);
        }
        while clients.len() > CLIENTS {
            let longest = clients.iter().min_by_key(|(_, client)| client.seen);
            let Some(longest) = longest.map(|(id, _)| id.clone()) else { break };
            clients.remove(&longest);
        }
        drop(clients);
        self.0.changed.notify_one();
    }

    /// Forgets a client that has disconnected in good order.
    fn forget(&self, id: &str) {
        if self.clients().remove(id).is_some() {
            self.0.changed.notify_one();
        }
    }

    fn clients(&self) -> MutexGuard<'_, BTreeMap<String, Client>> {
        self.0.clients.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests;
