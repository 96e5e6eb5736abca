//! Feed of pages and the API: the read model as a whole, and every entry of the journal as it is stored.

use super::command::Request;
use super::handle::Handle;
use super::read_model::ReadModel;
use crate::journal::{Entry, Journal, Secrets};
use std::sync::Arc;
use tokio::sync::{broadcast, mpsc, watch};

/// Number of entries that are buffered for a slow listener; beyond it, the listener is told that it fell behind.
const LIVE: usize = 4_096;
/// Number of requests that may wait for the engine.
const REQUESTS: usize = 256;

/// Sender of the read model and of the live entries.
pub(in crate::engine) struct Feed {
    state: watch::Sender<Arc<ReadModel>>,
    live: broadcast::Sender<Arc<Entry>>,
    /// `true` while pages have not seen the latest change.
    pub(in crate::engine) changed: bool,
    pub(in crate::engine) secrets: Secrets,
}

impl Feed {
    /// Creates the feed, the handle of the engine, and the receiver of its requests.
    pub(in crate::engine) fn open() -> (Self, Handle, mpsc::Receiver<Request>) {
        let (state, seen) = watch::channel(Arc::default());
        let (live, _) = broadcast::channel(LIVE);
        let (asks, requests) = mpsc::channel(REQUESTS);
        let handle = Handle::new(asks, seen, live.clone());
        let secrets = handle.secrets().clone();
        (Self { state, live, changed: true, secrets }, handle, requests)
    }

    /// Sends a new read model to all receivers.
    pub(in crate::engine) fn show(&mut self, state: ReadModel) {
        self.changed = false;
        self.state.send_replace(Arc::new(state));
    }

    /// Returns `true` while somebody listens to entries.
    pub(in crate::engine) fn is_heard(&self) -> bool {
        self.live.receiver_count() > 0
    }

    /// Sends the entries of a committed transaction to all listeners. If some were left out because nobody listened then,
    /// from number `unheard` on, and somebody has come since, the journal is asked for them.
    pub(in crate::engine) fn send(
        &mut self,
        mut entries: Vec<Entry>,
        unheard: Option<i64>,
        journal: &Journal,
    ) {
        self.secrets.take(&entries);
        // Whoever comes after this finds the entries in the journal.
        if !self.is_heard() {
            return;
        }
        if let Some(first) = unheard {
            entries.retain(|entry| entry.id < first);
            if let Err(error) = journal.since(first, |entry| entries.push(entry)) {
                tracing::error!(%error, first, "live pages miss entries");
            }
        }
        for entry in entries {
            // The last listener may have gone meanwhile.
            let _ = self.live.send(Arc::new(entry));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::journal::{Durability, Kind, NewEntry};
    use eg_proto::{Mode, Timestamp};
    use serde_json::json;

    #[test]
    fn a_page_wakes_once_for_a_new_read_model() {
        let (mut feed, handle, _requests) = Feed::open();
        let mut changed = handle.changed();

        feed.show(ReadModel { mode: Mode::Night, ..ReadModel::default() });

        assert!(changed.has_changed().unwrap());
        assert_eq!(changed.borrow_and_update().mode, Mode::Night);
        assert!(!feed.changed && !changed.has_changed().unwrap());
    }

    #[test]
    fn whoever_comes_before_the_commit_hears_also_what_was_left_out_until_then() {
        let folder = tempfile::tempdir().unwrap();
        let mut journal = Journal::open(folder.path().join("eg.db"), Durability::Normal).unwrap();
        let (mut feed, handle, _requests) = Feed::open();
        let mut add = |line: &str| {
            let (at, kind, body) = (Timestamp(1), Kind::Note, json!({ "line": line }));
            let (slot, session, cause, place) = (None, None, None, None);
            let new = NewEntry { at, kind, slot, session, cause, place, body };
            journal.add(new).unwrap().unwrap()
        };
        let heard = [add("built"), add("left out"), add("built too")];
        let (unheard, built) = (heard[1].id, vec![heard[0].clone(), heard[2].clone()]);
        assert!(!feed.is_heard());

        let mut live = handle.live();
        feed.send(built, Some(unheard), &journal);

        let ids: Vec<_> = std::iter::from_fn(|| live.try_recv().ok()).map(|it| it.id).collect();
        assert_eq!(ids, heard.map(|entry| entry.id));
    }
}
