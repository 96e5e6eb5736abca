//! Engine of the core: one thread that owns the journal's writing connection and every session.
//!
//! The engine works in rounds. A round takes everything that waits, stores it and all that follows from it in one
//! transaction, and only after the commit hands out acknowledgements, answers, effects and news. When the disk refuses,
//! nothing is handed out: the round is rolled back, the sessions are rebuilt from the journal, and the same round is
//! tried again.

mod alerts;
mod beginning;
pub mod command;
mod compat;
pub mod effects;
mod feed;
pub mod handle;
mod intake;
mod publisher;
pub mod read_model;
mod replay;
mod rooms;
mod round;
mod session;
mod slots;
mod take_up;
mod text;
mod time;
mod transaction;
mod transactional;

pub use replay::{Difference, Moment, Replay, Replayed, What, moment, replay};
pub use rooms::{Forewarning, forewarn};
pub use round::Committed;

use crate::clock::Clock;
use crate::config::CoreConfig;
use crate::journal::{Journal, JournalError, Modes};
use crate::names::GivenNames;
pub use alerts::Alert;
use alerts::Alerts;
#[cfg(test)]
pub(crate) use alerts::alerts;
use beginning::Beginning;
use command::Request;
use eg_proto::{SlotId, Timestamp};
use feed::Feed;
use handle::Handle;
use intake::Intake;
use publisher::Publisher;
use read_model::Counts;
use rooms::Rooms;
use slots::Slots;
use slots::timing::LinkTiming;
use std::sync::Arc;
use time::Time;
use tokio::sync::mpsc;

/// State of the core and the rounds that change it. Nothing runs by itself: everything happens inside
/// [`round`](Self::round).
///
/// All that a round changes in memory lives in a part with `begin` and `rollback`, or is rebuilt from the journal.
pub struct Engine {
    journal: Journal,
    time: Time,
    slots: Slots,
    rooms: Rooms,
    intake: Intake,
    publisher: Publisher,
    feed: Feed,
    alerts: Alerts,
    names: GivenNames,
    modes: Modes,
    counts: Counts,
    /// `true` while the topics and routes of older installations are open.
    compat: bool,
    /// Entries that this core has to write before anything else; `None` once they are written.
    beginning: Option<Beginning>,
}

impl Engine {
    /// Rebuilds every session from the journal and resumes those that run. While the disk refuses that, the engine shows
    /// what is stored, takes nothing, and tries again. Returns the engine, the handle by which it
    /// is asked, and the receiver of those requests, which the caller passes to [`round`](Self::round).
    ///
    /// # Errors
    /// The journal cannot be read.
    pub fn open(
        config: &CoreConfig,
        journal: Journal,
        clock: Arc<dyn Clock>,
    ) -> Result<(Self, Handle, mpsc::Receiver<Request>), JournalError> {
        let alive = journal.last_alive()?;
        let carried = journal.course()?.is_some_and(|course| clock.carry_on(&course));
        let before = clock.course();
        clock.not_before(alive.unwrap_or_default());
        let drops_clocks = !carried || clock.course() != before;
        let now = clock.now();
        let (feed, handle, requests) = Feed::open();
        let (modes, names) = (journal.modes()?, journal.names()?);
        let (unsent, unreadable) = journal.unsent(now)?;
        let (unsent, outdated): (Vec<_>, Vec<_>) =
            unsent.into_iter().partition(|it| config.compat || !it.kind.is_old());
        let beginning = Beginning { alive: Some(alive.unwrap_or(now)), drops_clocks, unreadable };
        let mut engine = Self {
            journal,
            time: Time::new(clock, now),
            slots: Slots::default(),
            rooms: Rooms::new(config),
            intake: Intake::default(),
            publisher: Publisher::new(unsent, &outdated, now),
            feed,
            alerts: Alerts::default(),
            names: GivenNames::new(config.room_names(), names),
            modes,
            counts: Counts::default(),
            compat: config.compat,
            beginning: Some(beginning),
        };
        engine.recall_slots()?;
        for slot in engine.journal.linked()? {
            engine.slots.timing.insert(slot, LinkTiming::missed(now));
        }
        engine.rebuild()?;
        for run in engine.rooms.sessions.values() {
            engine.feed.secrets.know(run.id, engine.journal.reveals(run.id)?);
        }
        if engine.compat {
            engine.alerts.insert(Alert::Compat, text::compat());
        }
        engine.begin_life()?;
        engine.publish();
        Ok((engine, handle, requests))
    }

    /// Takes labels of adopted slots for their names where none was given.
    pub fn label_slots(&mut self, labels: impl IntoIterator<Item = (SlotId, String)>) {
        self.names.say_slots(labels);
        self.feed.changed = true;
        self.publish();
    }

    /// Sends a new read model to all receivers if anything has changed since the last one.
    pub fn publish(&mut self) {
        if self.feed.changed {
            let state = self.report();
            self.feed.show(state);
        }
    }

    /// Stores in the journal when each slot was last heard, because the core stops. A failure is logged.
    pub fn close(&mut self) {
        if let Err(error) = self.keep_all_heard() {
            self.journal.rollback();
            tracing::warn!(%error, "when slots were last heard could not be kept");
        }
    }

    /// Returns the journal, for a test that takes its disk away.
    pub fn journal(&self) -> &Journal {
        &self.journal
    }

    /// Reads the core's clock.
    pub(crate) fn now(&self) -> Timestamp {
        self.time.now()
    }

    /// Returns `true` if something has changed since the last read model was sent.
    pub(crate) fn has_news(&self) -> bool {
        self.feed.changed
    }
}
