//! The engine: one thread that owns the journal's writing connection and every session.
//!
//! It works in rounds. A round takes whatever waits, stores it and what follows from it in one transaction, and only
//! after the commit hands out acknowledgements, answers, effects and news. When the disk refuses, nothing is handed
//! out: the round is taken back, the sessions are rebuilt from the journal, and the same round is tried again.

mod book;
mod cause;
mod consequence;
mod controls;
mod deed;
mod forewarn;
mod handing;
mod history;
mod inputs;
mod operator;
mod players;
mod questions;
mod queue;
mod reach;
mod rebuild;
mod replay;
mod report;
mod requests;
mod roll_call;
mod round;
mod run;
mod show;
mod slots;
mod thread;
mod trace;
mod transactional;
mod turn;
mod twins;
mod undo;

pub use forewarn::{Forewarning, forewarn};
pub use replay::{Difference, Moment, Replay, Replayed, What, moment, replay};
pub use round::Round;
pub(crate) use thread::{EngineThread, spawn};

use crate::clock::Clock;
use crate::config::{CoreConfig, NewSessions, RoomConfig};
use crate::handle::{Entry, Handle, Request};
use crate::ingest::{Delivery, Streams};
use crate::journal::{Journal, JournalError, Secrets, StoredEffect};
use crate::show::Playing;
use crate::state::{Counts, RollCall, Slot, State};
use eg_proto::{Boot, Event, Mode, RoomId, RoomState, SlotId, Text, Timestamp, Topic};
use questions::Asked;
use reach::Reach;
use run::Run;
use serde_json::Value;
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;
use tokio::sync::{broadcast, mpsc, watch};
use transactional::TransactionalMap;
use twins::Traces;

/// Entries that wait for a slow listener of the live stream; beyond, it is told that it fell behind.
const LIVE: usize = 4_096;
/// Requests that wait for the engine.
const REQUESTS: usize = 256;

/// Something that somebody should look at, each told once.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Trouble {
    /// Old topics are open without credentials.
    Compat,
    /// The journal cannot be written.
    Disk,
    /// The broker is away.
    Broker,
    /// Two machines call themselves as this slot does.
    Twin(SlotId),
    /// Messages stand in quarantine.
    Quarantine,
    /// A game failed.
    Game,
}

/// The engine. Everything in it happens when a round is run; nothing runs by itself.
pub struct Engine {
    journal: Journal,
    clock: Arc<dyn Clock>,
    compat: bool,
    /// How sessions begin.
    begin: NewSessions,
    /// The room of the old topics.
    compat_room: Option<RoomId>,
    rooms: BTreeMap<RoomId, RoomConfig>,
    runs: BTreeMap<RoomId, Run>,
    /// The sessions in memory are not those of the journal: a round was taken back and they could not be rebuilt yet.
    stale: bool,
    slots: TransactionalMap<SlotId, Slot>,
    /// When each slot was last heard, as the journal knows it.
    heard: TransactionalMap<SlotId, Timestamp>,
    /// Slots that said since this start whether they are there.
    told: TransactionalMap<SlotId, ()>,
    /// What was measured of each slot.
    reach: TransactionalMap<SlotId, Reach>,
    /// Slots that were linked or lost, and the journal does not know it yet.
    links: BTreeMap<SlotId, bool>,
    /// The cores, this one the last, whose clock is this one's; empty when nobody told which core this is.
    clocks: Vec<Boot>,
    /// When this core was started.
    started: Timestamp,
    streams: Streams,
    /// Who speaks as each slot.
    twins: TransactionalMap<SlotId, Traces>,
    /// Devices that have voted by the old contract since this start.
    voters: TransactionalMap<SlotId, ()>,
    /// Devices that say they are something else than a slot.
    tables: TransactionalMap<SlotId, ()>,
    mode: Mode,
    counts: Counts,
    troubles: TransactionalMap<Trouble, Text>,
    /// Came, and is not stored yet.
    waiting: Vec<Delivery>,
    /// Stored, and not known to be at the broker.
    unsent: BTreeMap<i64, StoredEffect>,
    /// At the broker, and not marked so.
    sent: Vec<i64>,
    /// When they are marked at the latest.
    sent_by: Option<Timestamp>,
    roll_calls: BTreeMap<RoomId, RollCall>,
    /// The show of each room, while it is on and after it.
    shows: BTreeMap<RoomId, Playing>,
    told_rooms: BTreeMap<RoomId, RoomState>,
    /// The hint that each slot was told; empty when it was told that none stands.
    told_hints: BTreeMap<SlotId, String>,
    /// What each slot was told of its room's question and result.
    told_questions: BTreeMap<SlotId, questions::Told>,
    /// What stood in each room when slots were told last.
    asked: BTreeMap<RoomId, Asked>,
    told_mode: Option<Mode>,
    /// How things stand, as slots were told.
    told_slots: HashMap<Topic, Value>,
    /// Commands by which the operator tries an output, until they are answered.
    tried: TransactionalMap<String, ()>,
    last_at: Timestamp,
    /// When the journal last learnt that the core is alive.
    alive: Timestamp,
    /// When a round that was taken back is tried again.
    retry: Option<Timestamp>,
    changed: bool,
    state: watch::Sender<Arc<State>>,
    live: broadcast::Sender<Arc<Entry>>,
    secrets: Secrets,
}

/// What pages say while the disk refuses, the broker is away, and these messages cannot be read.
#[cfg(test)]
pub(crate) fn troubles(disk: &JournalError, lost: &str, unreadable: &[&str]) -> Vec<Text> {
    let messages = unreadable.iter().map(|why| report::unreadable("eg/dev/x/status", why));
    [report::disk(disk), report::broker_lost(lost)].into_iter().chain(messages).collect()
}

impl Engine {
    /// Rebuilds every session from the journal and goes on. Requests come out of the last part of the answer.
    ///
    /// # Errors
    /// The journal cannot be read or written, or a session in it makes no sense.
    pub fn open(
        config: &CoreConfig,
        mut journal: Journal,
        clock: Arc<dyn Clock>,
    ) -> Result<(Self, Handle, mpsc::Receiver<Request>), JournalError> {
        let alive = journal.last_alive()?;
        let carried = journal.course()?.is_some_and(|course| clock.carry_on(&course));
        let before = clock.course();
        clock.not_before(alive.unwrap_or_default());
        if !carried || clock.course() != before {
            journal.keep_clocks(&[])?;
        }
        journal.keep_course(clock.course())?;
        let now = clock.now();
        let (state, seen) = watch::channel(Arc::default());
        let (live, _) = broadcast::channel(LIVE);
        let (asks, requests) = mpsc::channel(REQUESTS);
        let handle = Handle::new(asks, seen, live.clone());
        let mode = journal.mode()?;
        let (unsent, outdated): (Vec<_>, Vec<_>) =
            journal.unsent(now)?.into_iter().partition(|it| config.compat || !it.kind.is_old());
        let mut engine = Self {
            journal,
            clock,
            compat: config.compat,
            begin: config.sessions,
            compat_room: config.compat_room.clone(),
            rooms: config.rooms.clone(),
            runs: BTreeMap::new(),
            stale: false,
            slots: TransactionalMap::default(),
            heard: TransactionalMap::default(),
            told: TransactionalMap::default(),
            reach: TransactionalMap::default(),
            links: BTreeMap::new(),
            clocks: Vec::new(),
            started: now,
            streams: Streams::default(),
            twins: TransactionalMap::default(),
            voters: TransactionalMap::default(),
            tables: TransactionalMap::default(),
            mode,
            counts: Counts::default(),
            troubles: TransactionalMap::default(),
            waiting: Vec::new(),
            unsent: unsent.into_iter().map(|effect| (effect.id, effect)).collect(),
            // What only older installations listen to is not told without `compat`.
            sent_by: (!outdated.is_empty()).then_some(now),
            sent: outdated.into_iter().map(|effect| effect.id).collect(),
            roll_calls: BTreeMap::new(),
            shows: BTreeMap::new(),
            told_rooms: BTreeMap::new(),
            told_hints: BTreeMap::new(),
            told_questions: BTreeMap::new(),
            asked: BTreeMap::new(),
            told_mode: None,
            told_slots: HashMap::new(),
            tried: TransactionalMap::default(),
            last_at: now,
            alive: now,
            retry: None,
            changed: true,
            state,
            live,
            secrets: handle.secrets().clone(),
        };
        engine.recall_slots()?;
        for slot in engine.journal.linked()? {
            engine.reach.insert(slot, Reach::missed(now));
        }
        engine.rebuild()?;
        for run in engine.runs.values() {
            engine.secrets.know(run.id, engine.journal.reveals(run.id)?);
        }
        engine.resume(alive.unwrap_or(now), now)?;
        if engine.compat {
            engine.troubles.insert(Trouble::Compat, report::compat());
        }
        engine.publish();
        Ok((engine, handle, requests))
    }

    /// This core's start, as slots are told it: times that say so go by its clock, as do those of earlier cores whose
    /// clock it carries on. What goes by any other clock has no time here.
    ///
    /// # Errors
    /// The journal cannot be written.
    pub fn goes_by(&mut self, boot: Boot) -> Result<(), JournalError> {
        self.clocks = self.journal.clocks()?;
        self.clocks.push(boot);
        self.journal.keep_clocks(&self.clocks)
    }

    /// Lets everybody see what has changed since the last time.
    pub fn publish(&mut self) {
        if std::mem::take(&mut self.changed) {
            let state = self.report();
            self.state.send_replace(Arc::new(state));
        }
    }

    /// The core stops: the journal learns when slots were last heard.
    pub fn close(&mut self) {
        if let Err(error) = self.keep_all_heard() {
            self.journal.rollback();
            tracing::warn!(%error, "when slots were last heard could not be kept");
        }
    }

    /// The journal, for a test that takes its disk away.
    pub fn journal(&self) -> &Journal {
        &self.journal
    }

    /// The core's time.
    pub(crate) fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// Whether there is something that pages have not seen.
    pub(crate) fn has_news(&self) -> bool {
        self.changed
    }

    /// An event without its time when that goes by the clock of a core that is not this one's.
    fn believed(&self, event: &Event) -> Event {
        let mut event = event.clone();
        let foreign = |core: &Boot| !self.clocks.is_empty() && !self.clocks.contains(core);
        if event.t.core.as_ref().is_some_and(foreign) {
            event.t.core_us = None;
        }
        event
    }

    /// The core's clock never tells an entry an earlier time than the one before.
    fn tick(&mut self, at: Timestamp) -> Timestamp {
        self.last_at = self.last_at.max(at);
        self.last_at
    }
}
