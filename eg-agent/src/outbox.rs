//! The outbox: every event of a slot, numbered, on disk, until the core has stored it.
//!
//! One thread owns an SQLite database. Hosts put drafts in through an [`Intake`]; the thread numbers them by boot and
//! sequence, writes whatever waits in one transaction, and then hands the rows to the link through an [`Outlet`], in
//! order, never more than a window of unacknowledged ones. A row leaves when the core acknowledges it. What an earlier
//! start left behind goes first. A disk that refuses is said, and memory takes over until it is back.

mod exchange;
mod health;
mod keeper;
mod row;
mod store;
mod stretch;

pub use exchange::{Intake, Outlet, Pass, Stopped};
pub use health::Health;
pub use row::{Draft, Row};
pub use store::StoreError;

use crate::core_clock::CoreClock;
use eg_hal::catch_panic;
use eg_hal::clock;
use eg_proto::Boot;
use exchange::Exchange;
use keeper::Keeper;
use std::io;
use std::path::PathBuf;
use std::sync::Arc;
use std::thread::JoinHandle;

/// What an outbox is told at its start.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The database's file. It is made when it is not there, and so is its folder.
    pub path: PathBuf,
    /// This start of the agent.
    pub boot: Boot,
    /// How large it may become.
    pub limits: Limits,
    /// Dates the events.
    pub clock: CoreClock,
}

/// How large an outbox may become. What is beyond is lost, counted and said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Events that wait, on disk and in memory together.
    pub rows: u64,
    /// Events in memory while the disk refuses.
    pub memory: usize,
    /// Events that are sent before the first of them is acknowledged.
    pub window: usize,
    /// Size of the database's file; `None`: as the disk allows.
    pub bytes: Option<u64>,
}

impl Default for Limits {
    fn default() -> Self {
        Self { rows: 1_000_000, memory: 10_000, window: 1_000, bytes: None }
    }
}

/// A running outbox. Dropping it stops it: what was taken is kept first.
#[derive(Debug)]
pub struct Outbox {
    exchange: Arc<Exchange>,
    thread: Option<JoinHandle<()>>,
}

impl Outbox {
    /// Starts the thread. `report` is called on it whenever something about the outbox changed, first for the start.
    /// That the disk refuses is not an error here: it is reported.
    ///
    /// # Errors
    /// When the system has no thread left.
    pub fn start(
        settings: Settings,
        mut report: impl FnMut(&Health) + Send + 'static,
    ) -> io::Result<Self> {
        let exchange = Arc::new(Exchange::default());
        let shared = Arc::clone(&exchange);
        let thread = std::thread::Builder::new().name("outbox".to_owned()).spawn(move || {
            let closing = Closing(shared);
            let mut said = Health::default();
            let kept = catch_panic(|| keep(settings, &closing.0, &mut said, &mut report));
            if let Err(panic) = kept {
                tracing::error!(panic, "the outbox's thread panicked");
                let trouble = format!("its thread panicked, restart the agent: {panic}");
                report(&Health { trouble: Some(trouble), ..said });
            }
        })?;
        Ok(Self { exchange, thread: Some(thread) })
    }

    /// Where events go in.
    pub fn intake(&self) -> Intake {
        Intake(Arc::clone(&self.exchange))
    }

    /// Where rows come out. Only one task may take them.
    pub fn outlet(&self) -> Outlet {
        Outlet(Arc::clone(&self.exchange))
    }
}

impl Drop for Outbox {
    fn drop(&mut self) {
        self.exchange.stop();
        if let Some(thread) = self.thread.take()
            && thread.join().is_err()
        {
            tracing::error!("the outbox's thread panicked");
        }
    }
}

fn keep(
    settings: Settings,
    exchange: &Exchange,
    said: &mut Health,
    report: &mut impl FnMut(&Health),
) {
    let mut keeper = Keeper::new(settings, clock::now());
    *said = keeper.health();
    report(said);
    while let Some(work) = exchange.wait(keeper.deadline(), clock::now) {
        let rows = keeper.turn(work, clock::now());
        exchange.hand_out(rows);
        let health = keeper.health();
        if health != *said {
            report(&health);
            *said = health;
        }
    }
}

/// Lets nobody wait for a thread that is gone, however it went.
struct Closing(Arc<Exchange>);

impl Drop for Closing {
    fn drop(&mut self) {
        self.0.close();
    }
}
