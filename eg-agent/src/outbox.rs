//! The outbox: every event of a slot, numbered, on disk, until the core has stored it.
//!
//! One thread owns an SQLite database. Hosts put drafts in through an [`Intake`]; the thread numbers them by boot and
//! sequence, writes whatever waits in one transaction, and then hands the rows to the link through an [`Outlet`], in
//! order, never more than a window of unacknowledged ones. A row leaves when the core acknowledges it. What an earlier
//! start left behind goes first. A disk that refuses is said, and memory takes over until it is back.

mod boot_range;
mod health;
mod queues;
mod row;
mod settings;
mod store;
mod work;
mod worker;

pub use health::Health;
pub use queues::{Intake, Outlet, Pass, Stopped};
pub use row::{Draft, Row};
pub use settings::{Limits, Settings};
pub use store::StoreError;

#[cfg(test)]
pub(crate) use queues::DRAFTS;
pub(crate) use work::{LinkCommand, Work};
pub(crate) use worker::Worker;

use eg_hal::catch_panic;
use eg_hal::clock;
use queues::Queues;
use std::io;
use std::sync::Arc;
use std::thread::JoinHandle;

/// A running outbox. Dropping it stops it: what was taken is kept first.
#[derive(Debug)]
pub struct Outbox {
    queues: Arc<Queues>,
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
        let queues = Arc::new(Queues::default());
        let shared = Arc::clone(&queues);
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
        Ok(Self { queues, thread: Some(thread) })
    }

    /// Makes a place where events go in.
    pub fn intake(&self) -> Intake {
        Intake(Arc::clone(&self.queues))
    }

    /// Makes the place where rows come out. Only one task may take them.
    pub fn outlet(&self) -> Outlet {
        Outlet(Arc::clone(&self.queues))
    }
}

impl Drop for Outbox {
    fn drop(&mut self) {
        self.queues.stop();
        if let Some(thread) = self.thread.take()
            && thread.join().is_err()
        {
            tracing::error!("the outbox's thread panicked");
        }
    }
}

fn keep(settings: Settings, queues: &Queues, said: &mut Health, report: &mut impl FnMut(&Health)) {
    let mut worker = Worker::new(settings, clock::now());
    *said = worker.health();
    report(said);
    while let Some(work) = queues.wait(worker.deadline(), clock::now) {
        let rows = worker.turn(work, clock::now());
        queues.hand_out(rows);
        let health = worker.health();
        if health != *said {
            report(&health);
            *said = health;
        }
    }
}

/// Lets nobody wait for a thread that is gone, however it went.
struct Closing(Arc<Queues>);

impl Drop for Closing {
    fn drop(&mut self) {
        self.0.close();
    }
}
