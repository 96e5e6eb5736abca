//! Alarms about clients: each trouble of each client at most once a minute, to the log and to whoever listens.

use std::collections::BTreeMap;
use std::mem;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::mpsc;
use tokio::time::Instant;

use crate::broker::trouble::{ClientTrouble, TroubleKind};

/// Shortest time between two alarms about the same trouble of the same client.
const PAUSE: Duration = Duration::from_secs(60);
/// Largest number of troubles that are remembered; beyond, all but the first of a minute are left out.
const REMEMBERED: usize = 256;

/// Alarms about clients. Clones share them.
#[derive(Clone, Debug, Default)]
pub(super) struct Alarms {
    listener: Option<mpsc::Sender<ClientTrouble>>,
    told: Arc<Mutex<BTreeMap<(String, u8), Instant>>>,
}

impl Alarms {
    /// Creates alarms that are sent to `listener` too.
    pub(super) fn new(listener: Option<mpsc::Sender<ClientTrouble>>) -> Self {
        Self { listener, told: Arc::default() }
    }

    /// Raises an alarm, unless it was raised within the last minute.
    pub(super) fn raise(&self, client: &str, kind: TroubleKind) {
        if !self.is_new(client, kind) {
            return;
        }
        match kind {
            TroubleKind::Greedy(bytes) => tracing::warn!(
                client,
                bytes,
                "what waits for clients is too much: this one had most, was let go, and lost what waited for it"
            ),
            TroubleKind::Stalled => {
                tracing::warn!(client, "a client took nothing for a long time and was let go");
            }
            TroubleKind::TooFast => {
                tracing::warn!(client, "a client sends more than its rate and is slowed");
            }
            TroubleKind::NoRoom => {
                tracing::warn!(client, "there is no room for the retained messages of this client");
            }
        }
        let trouble = ClientTrouble { client_id: client.to_owned(), kind };
        // A listener that is behind has been told often enough.
        drop(self.listener.as_ref().map(|listener| listener.try_send(trouble)));
    }

    fn is_new(&self, client: &str, kind: TroubleKind) -> bool {
        let number = match kind {
            TroubleKind::Greedy(_) => 0,
            TroubleKind::Stalled => 1,
            TroubleKind::TooFast => 2,
            TroubleKind::NoRoom => 3,
        };
        let now = Instant::now();
        let mut told = self.told.lock().unwrap_or_else(PoisonError::into_inner);
        if told.len() >= REMEMBERED {
            let before = mem::take(&mut *told);
            told.extend(before.into_iter().filter(|(_, at)| now.duration_since(*at) < PAUSE));
        }
        let key = (client.to_owned(), number);
        let is_over = told.get(&key).is_none_or(|at| now.duration_since(*at) >= PAUSE);
        let is_new = is_over && told.len() < REMEMBERED;
        if is_new {
            told.insert(key, now);
        }
        is_new
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn a_trouble_is_told_once_a_minute_and_each_client_by_itself() {
        let (sender, mut listener) = mpsc::channel(2_000);
        let alarms = Alarms::new(Some(sender));

        for _ in 0..1_000 {
            alarms.raise("a", TroubleKind::TooFast);
        }
        alarms.raise("b", TroubleKind::TooFast);
        alarms.raise("a", TroubleKind::Stalled);
        tokio::time::advance(PAUSE).await;
        alarms.raise("a", TroubleKind::TooFast);

        let mut told = Vec::new();
        while let Ok(trouble) = listener.try_recv() {
            told.push(format!("{} {:?}", trouble.client_id, trouble.kind));
        }
        assert_eq!(told, ["a TooFast", "b TooFast", "a Stalled", "a TooFast"]);
    }

    #[tokio::test(start_paused = true)]
    async fn names_that_never_end_take_no_memory() {
        let alarms = Alarms::new(None);

        for n in 0..1_000 {
            alarms.raise(&n.to_string(), TroubleKind::Stalled);
        }

        assert!(alarms.told.lock().unwrap().len() <= REMEMBERED);
    }
}
