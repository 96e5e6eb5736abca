//! The handle of the engine: requests go in, and everybody sees what the core knows.

use super::command::{Actor, Refused, Request, ShowOrder};
use super::read_model::State;
use crate::journal::{Entry, Part, Redacted, Secrets};
use eg_game::Say;
use eg_proto::{Command, Mode, NightStep, RoomId, SlotId};
use serde_json::{Map, Value};
use std::sync::Arc;
use tokio::sync::{broadcast, mpsc, oneshot, watch};

/// A way to ask the engine. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Handle {
    requests: mpsc::Sender<Request>,
    state: watch::Receiver<Arc<State>>,
    live: broadcast::Sender<Arc<Entry>>,
    secrets: Secrets,
}

impl Handle {
    pub(crate) fn new(
        requests: mpsc::Sender<Request>,
        state: watch::Receiver<Arc<State>>,
        live: broadcast::Sender<Arc<Entry>>,
    ) -> Self {
        Self { requests, state, live, secrets: Secrets::default() }
    }

    /// What the core knows now.
    pub fn state(&self) -> Arc<State> {
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
    pub fn changed(&self) -> watch::Receiver<Arc<State>> {
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

    /// Starts a session: of the room's own game, with the room's own settings, where none are given. The answer is
    /// its number. When somebody has not answered the roll-call, a reason must say why it starts without them.
    ///
    /// # Errors
    /// [`Refused`]: no such room or game, a session runs already, the settings do not fit, or somebody is missing.
    pub async fn start(
        &self,
        room: RoomId,
        game: Option<String>,
        config: Option<Value>,
        reason: Option<String>,
        by: Actor,
    ) -> Result<i64, Refused> {
        self.ask(|answer| Request::Start { room, game, config, reason, by, answer }).await
    }

    /// Plays a room's show.
    ///
    /// # Errors
    /// [`Refused`]: no such room or item, no show is on, or the game cannot do it now.
    pub async fn show(&self, room: RoomId, order: ShowOrder, by: Actor) -> Result<(), Refused> {
        self.ask(|answer| Request::Show { room, order, by, answer }).await
    }

    /// Calls the roll of a room: everybody presses once. Or ends it.
    ///
    /// # Errors
    /// [`Refused`]: no such room, a session runs there, or nobody is there.
    pub async fn roll_call(&self, room: RoomId, on: bool, by: Actor) -> Result<(), Refused> {
        self.ask(|answer| Request::RollCall { room, on, by, answer }).await
    }

    /// Acts in a room's running session; `abort` and `reveal` are known to every game. The answer is the act's number
    /// in the journal.
    ///
    /// # Errors
    /// [`Refused`]: nothing runs there, or the game does not do it now.
    pub async fn act(
        &self,
        room: RoomId,
        name: String,
        args: Map<String, Value>,
        reason: Option<String>,
        by: Actor,
    ) -> Result<i64, Refused> {
        self.ask(|answer| Request::Act { room, name, args, reason, by, answer }).await
    }

    /// Sets day or night.
    ///
    /// # Errors
    /// [`Refused`] when it could not be stored.
    pub async fn set_mode(&self, mode: Mode, by: Actor) -> Result<(), Refused> {
        self.ask(|answer| Request::Mode { mode, by, answer }).await
    }

    /// Opens a step as the old contract does: starts a session of the night vote when none runs, and closes what is
    /// open.
    ///
    /// # Errors
    /// [`Refused`]: no room plays the night vote, or the step does not fit.
    pub async fn night_step(&self, step: NightStep, by: Actor) -> Result<(), Refused> {
        self.ask(|answer| Request::NightStep { step, by, answer }).await
    }

    /// Tells an output of a slot what to do. It is stored and handed to the broker; what the slot answers follows in
    /// the journal.
    ///
    /// # Errors
    /// [`Refused`]: no such slot, board or output.
    pub async fn output(&self, slot: SlotId, command: Command, by: Actor) -> Result<(), Refused> {
        self.ask(|answer| Request::Output { slot, command, by, answer }).await
    }

    /// Writes down that a recorded session is taken out of the core, with its secrets. The answer is the act's number.
    ///
    /// # Errors
    /// [`Refused`] when it could not be stored.
    pub async fn export(&self, session: i64, reason: String, by: Actor) -> Result<i64, Refused> {
        self.ask(|answer| Request::Export { session, reason, by, answer }).await
    }

    /// Lets the journal forget some entries of a part that the archive holds; how many.
    ///
    /// # Errors
    /// [`Refused`] when the disk refuses.
    pub(crate) async fn forget(&self, part: Part) -> Result<usize, Refused> {
        self.ask(|answer| Request::Forget { part, answer }).await
    }

    async fn ask<T>(
        &self,
        request: impl FnOnce(oneshot::Sender<Result<T, Refused>>) -> Request,
    ) -> Result<T, Refused> {
        let (answer, answered) = oneshot::channel();
        self.requests.send(request(answer)).await.map_err(|_| Refused::stopping())?;
        answered.await.map_err(|_| Refused::stopping())?
    }
}
