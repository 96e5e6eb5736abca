//! The door to the engine: what pages, the API and the old contract may ask of it.

use crate::journal::{Part, Redacted, Secrets};
use crate::state::State;
use eg_game::Text;
use eg_proto::{Command, Mode, NightStep, RoomId, SlotId};
use serde::Serialize;
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
    pub fn fault(&self) -> Option<Text> {
        if self.requests.is_closed() {
            return Some(Text::new(
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

/// Who asks, for the journal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Actor(pub String);

/// One thing to do, with a place for the answer.
#[derive(Debug)]
pub enum Request {
    /// Start a session of a game in a room.
    Start {
        /// Which room.
        room: RoomId,
        /// Which game; the room's own when none is named.
        game: Option<String>,
        /// Its settings; the room's own when none are given.
        config: Option<Value>,
        /// Why it starts without those who have not answered the roll-call.
        reason: Option<String>,
        /// Who asks.
        by: Actor,
        /// The session's number.
        answer: oneshot::Sender<Result<i64, Refused>>,
    },
    /// Act in a room's running session. `abort` and `reveal` are known to every game.
    Act {
        /// Which room.
        room: RoomId,
        /// Which act.
        name: String,
        /// Its fields.
        args: Map<String, Value>,
        /// Why.
        reason: Option<String>,
        /// Who asks.
        by: Actor,
        /// The act's number in the journal.
        answer: oneshot::Sender<Result<i64, Refused>>,
    },
    /// Play a room's show.
    Show {
        /// Which room.
        room: RoomId,
        /// What.
        order: ShowOrder,
        /// Who asks.
        by: Actor,
        /// Done.
        answer: oneshot::Sender<Result<(), Refused>>,
    },
    /// Call the roll of a room, or end it.
    RollCall {
        /// Which room.
        room: RoomId,
        /// Call it, or end it.
        on: bool,
        /// Who asks.
        by: Actor,
        /// Done.
        answer: oneshot::Sender<Result<(), Refused>>,
    },
    /// Set day or night.
    Mode {
        /// Which.
        mode: Mode,
        /// Who asks.
        by: Actor,
        /// Done.
        answer: oneshot::Sender<Result<(), Refused>>,
    },
    /// Open a step as the old contract does: starts a session when none runs.
    NightStep {
        /// The step.
        step: NightStep,
        /// Who asks.
        by: Actor,
        /// Done.
        answer: oneshot::Sender<Result<(), Refused>>,
    },
    /// Take a recorded session out of the core: written down, because it holds every secret.
    Export {
        /// Which session.
        session: i64,
        /// Why.
        reason: String,
        /// Who asks.
        by: Actor,
        /// The act's number in the journal.
        answer: oneshot::Sender<Result<i64, Refused>>,
    },
    /// Forget what the archive holds, a few entries at a time.
    Forget {
        /// What the archive holds.
        part: Part,
        /// How many entries were forgotten; 0 when none is left.
        answer: oneshot::Sender<Result<usize, Refused>>,
    },
    /// Try an output of a slot.
    Output {
        /// Which slot.
        slot: SlotId,
        /// What to do.
        command: Command,
        /// Who asks.
        by: Actor,
        /// Sent.
        answer: oneshot::Sender<Result<(), Refused>>,
    },
}

/// What the operator says to a show.
#[derive(Clone, Debug, PartialEq)]
pub struct ShowOrder {
    /// What to do.
    pub act: ShowAct,
    /// Where to jump.
    pub item: Option<String>,
    /// The show to start; the room's own when none is given.
    pub show: Option<Value>,
    /// Why, where it overrules the show.
    pub reason: Option<String>,
}

/// What the operator may do with a show.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ShowAct {
    /// Begin it.
    Start,
    /// Start the item that waits; or finish the session that runs, as its game does.
    Next,
    /// Go past the item.
    Skip,
    /// Play the item again.
    Repeat,
    /// Go to another item.
    Jump,
    /// End it.
    Stop,
}

impl ShowAct {
    /// Its word in the journal.
    pub(crate) const fn word(self) -> &'static str {
        match self {
            Self::Start => "start",
            Self::Next => "next",
            Self::Skip => "skip",
            Self::Repeat => "repeat",
            Self::Jump => "jump",
            Self::Stop => "stop",
        }
    }
}

/// The engine did not do it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, thiserror::Error)]
#[error("{}", .why.en)]
pub struct Refused {
    /// What kind of refusal: decides the HTTP status.
    pub kind: RefusedKind,
    /// Why, and what would work.
    pub why: Text,
}

impl Refused {
    pub(crate) fn new(kind: RefusedKind, why: Text) -> Self {
        Self { kind, why }
    }

    pub(crate) fn unknown(fr: impl Into<String>, en: impl Into<String>) -> Self {
        Self::new(RefusedKind::Unknown, Text::new(fr, en))
    }

    pub(crate) fn conflict(fr: impl Into<String>, en: impl Into<String>) -> Self {
        Self::new(RefusedKind::Conflict, Text::new(fr, en))
    }

    fn stopping() -> Self {
        let fr = "le serveur central ne peut pas répondre : il s'arrête, ou le disque refuse";
        let why = Text::new(fr, "the core cannot answer: it is stopping, or the disk refuses");
        Self::new(RefusedKind::Unavailable, why)
    }
}

/// What kind of refusal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum RefusedKind {
    /// No such room, session, slot, game or output.
    Unknown,
    /// It does not fit what runs now.
    Conflict,
    /// The request itself is wrong.
    Invalid,
    /// The core cannot now: the disk is full, or it is stopping.
    Unavailable,
}

/// One line of the journal. It leaves the core only as a [`Redacted`] one.
#[derive(Clone, Debug, PartialEq, schemars::JsonSchema)]
pub struct Entry {
    /// Its number: 1, 2, 3 …, and the id of the server-sent event.
    pub id: i64,
    /// When the core took it in, µs since the Unix epoch.
    pub at: eg_proto::Timestamp,
    /// What it is: `event`, `vote`, `played`, `act`, `request`, `timer`, `result`, `refused`, `resumed`, `gap`, `status`, `note`.
    pub kind: &'static str,
    /// Where, when it has a place.
    pub slot: Option<SlotId>,
    /// In which session, when it has one.
    pub session: Option<i64>,
    /// The entry that it follows from; none when it is a cause itself.
    pub cause: Option<i64>,
    /// The thing itself.
    pub body: Value,
    /// The words of the choice it follows from: what it says may repeat them.
    #[schemars(skip)]
    pub choice: Vec<String>,
}
