//! The handle of the engine: requests go in, and everybody sees what the core knows.

use super::command::{Actor, Answer, Command, Refused, Request};
use super::read_model::ReadModel;
use crate::journal::{Entry, Redacted, Secrets};
use eg_game::Say;
use std::sync::Arc;
use tokio::sync::{broadcast, mpsc, oneshot, watch};

/// A way to ask the engine. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Handle {
    requests: mpsc::Sender<Request>,
    state: watch::Receiver<Arc<ReadModel>>,
    live: broadcast::Sender<Arc<Entry>>,
    secrets: Secrets,
}

impl Handle {
    pub(crate) fn new(
        requests: mpsc::Sender<Request>,
        state: watch::Receiver<Arc<ReadModel>>,
        live: broadcast::Sender<Arc<Entry>>,
    ) -> Self {
        Self { requests, state, live, secrets: Secrets::default() }
    }

    /// What the core knows now.
    pub fn state(&self) -> Arc<ReadModel> {
        self.state.borrow().clone()
    }

    /// Why nothing can be stored now: the disk refuses, or the engine has ended. None while everything is stored.
    pub fn fault(&self) -> Option<Say> {
        if self.requests.is_closed() {
            return Some(Say::new(
                "le moteur du core s’est arrêté",
                "the core's engine has stopped",
            ));
        }
        self.state.borrow().storage_fault.clone()
    }

    /// Wakes when what the core knows has changed. A flood of events is gathered: it wakes about a hundred times a
    /// second at most.
    pub fn changed(&self) -> watch::Receiver<Arc<ReadModel>> {
        self.state.clone()
    }

    /// Every entry of the journal from now on, in order. Who falls far behind is told so, and reads the journal.
    pub fn live(&self) -> broadcast::Receiver<Arc<Entry>> {
        self.live.subscribe()
    }

    /// An entry that [`live`](Self::live) told, without the choices that nobody may know yet.
    pub fn redacted(&self, entry: &Entry) -> Redacted {
        self.secrets.redacted(entry)
    }

    /// What the engine knows to be revealed.
    pub(crate) fn secrets(&self) -> &Secrets {
        &self.secrets
    }

    /// Asks the engine for something, and waits until it is stored.
    ///
    /// # Errors
    /// [`Refused`]: no such room, game, session, slot or output; it does not fit what runs now; the settings are wrong; or
    /// the disk refuses.
    pub async fn ask(&self, by: Actor, command: Command) -> Answer {
        let (reply, answered) = oneshot::channel();
        let request = Request { by, command, reply };
        self.requests.send(request).await.map_err(|_| Refused::stopping())?;
        answered.await.map_err(|_| Refused::stopping())?
    }
}
