//! Latest entries of the journal, kept in memory for pages that open.

use crate::journal::Entry;
use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::broadcast::Receiver;
use tokio::sync::broadcast::error::RecvError;
use tokio::sync::watch;

/// Number of entries that a page shows.
const KEPT: usize = 100;

/// Latest entries of the journal, oldest first.
#[derive(Debug, Default)]
pub struct Recent {
    kept: Mutex<VecDeque<Arc<Entry>>>,
    added: watch::Sender<()>,
}

impl Recent {
    /// Creates the list from entries of the journal, oldest first.
    pub fn from_entries(entries: impl IntoIterator<Item = Entry>) -> Self {
        let recent = Self::default();
        entries.into_iter().for_each(|entry| recent.push(Arc::new(entry)));
        recent
    }

    /// Returns a copy of the latest entries, oldest first.
    pub fn latest(&self) -> VecDeque<Arc<Entry>> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Returns a receiver that wakes when an entry was added.
    pub(crate) fn changed(&self) -> watch::Receiver<()> {
        self.added.subscribe()
    }

    /// Adds the entries that the engine reports, until it stops.
    pub async fn follow(&self, mut live: Receiver<Arc<Entry>>) {
        loop {
            match live.recv().await {
                Ok(entry) => self.push(entry),
                Err(RecvError::Lagged(_)) => {}
                Err(RecvError::Closed) => return,
            }
        }
    }

    pub(crate) fn push(&self, entry: Arc<Entry>) {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.len() == KEPT {
            kept.pop_front();
        }
        kept.push_back(entry);
        drop(kept);
        self.added.send_replace(());
    }
}
