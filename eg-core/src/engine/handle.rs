//! Handle of the engine: sends requests to it, and reads what the core knows.

use super::command::{Actor, Answer, Command, Refused, Request};
use super::read_model::ReadModel;
use crate::journal::{Entry, Redacted, Secrets};
use eg_game::Text;
use std::sync::Arc;
use tokio::sync::{broadcast, mpsc, oneshot, watch};

/// Handle by which other threads ask the engine and read its state. Cheap to clone.
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

    /// Returns the current read model.
    pub fn state(&self) -> Arc<ReadModel> {
        self.state.borrow().clone()
    }

    /// Returns the reason why nothing can be stored now: the disk refuses, or the engine has ended. `None` while
    /// everything is stored.
    pub fn fault(&self) -> Option<Text> {
        if self.requests.is_closed() {
            return Some(Text::new(
                "le moteur du core s’est arrêté",
                "the core's engine has stopped",
            ));
        }
        self.state.borrow().storage_fault.clone()
    }

    /// Returns a receiver that wakes when the read model has changed, at most about a hundred times a second.
    pub fn changed(&self) -> watch::Receiver<Arc<ReadModel>> {
        self.state.clone()
    }

    /// Returns a receiver of every journal entry from now on, in order. A receiver that falls far behind gets an error
    /// and should read the journal.
    pub fn live(&self) -> broadcast::Receiver<Arc<Entry>> {
        self.live.subscribe()
    }

    /// Returns an entry from [`live`](Self::live) without the choices that are still secret.
    pub fn redacted(&self, entry: &Entry) -> Redacted {
        self.secrets.redacted(entry)
    }

    /// Returns the record of what is revealed in each session, as far as the engine knows.
    pub(crate) fn secrets(&self) -> &Secrets {
        &self.secrets
    }

    /// Sends a command to the engine, and waits until it is carried out and stored.
    ///
    /// # Errors
    /// [`Refused`]: there is no such room, game, session, slot or output; the command conflicts with what runs now; the
    /// settings are wrong; or the disk refuses.
    pub async fn ask(&self, by: Actor, command: Command) -> Answer {
        let (reply, answered) = oneshot::channel();
        let request = Request { by, command, reply };
        self.requests.send(request).await.map_err(|_| Refused::stopping())?;
        answered.await.map_err(|_| Refused::stopping())?
    }
}
