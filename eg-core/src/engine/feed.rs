//! Feed of pages and the API: the read model as a whole, and every entry of the journal as it is stored.

use super::command::Request;
use super::handle::Handle;
use super::read_model::ReadModel;
use crate::journal::{Entry, Secrets};
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

    /// Sends stored entries to all listeners.
    pub(in crate::engine) fn send(&mut self, entries: Vec<Entry>) {
        self.secrets.take(&entries);
        for entry in entries {
            // Nobody listens: that is no fault.
            let _ = self.live.send(Arc::new(entry));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use eg_proto::Mode;

    #[test]
    fn a_page_wakes_once_for_a_new_read_model() {
        let (mut feed, handle, _requests) = Feed::open();
        let mut changed = handle.changed();

        feed.show(ReadModel { mode: Mode::Night, ..ReadModel::default() });

        assert!(changed.has_changed().unwrap());
        assert_eq!(changed.borrow_and_update().mode, Mode::Night);
        assert!(!feed.changed && !changed.has_changed().unwrap());
    }
}
