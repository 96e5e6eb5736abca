//! Retention: moves old sessions and entries from the journal to the archive, beside the engine and slowly.

use crate::clock::Clock;
use crate::config::Retention;
use crate::engine::command::{Actor, Command};
use crate::engine::handle::Handle;
use crate::journal::{Archive, Journal, PRUNE_BATCH, Part, Reader, SessionRow};
use eg_proto::Timestamp;
use std::io;
use std::path::Path;
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::Duration;
use tokio::sync::watch;
use tokio::time::{sleep, timeout};

/// Delay after a start before the first pass. Further passes follow at the interval `EVERY`.
const FIRST: Duration = Duration::from_secs(60);
const EVERY: Duration = Duration::from_secs(3_600);
/// Pause between two transactions that remove entries: presses go first.
const PAUSE: Duration = Duration::from_millis(20);

/// Remover of archived entries: the engine of a running core, or the journal of a stopped one.
pub(crate) trait Forget {
    /// Removes some entries of a part that the archive holds. Returns their number.
    async fn forget(&mut self, part: Part) -> anyhow::Result<usize>;
}

impl Forget for Handle {
    async fn forget(&mut self, part: Part) -> anyhow::Result<usize> {
        let by = Actor("retention".to_owned());
        let pruned = self.ask(by, Command::Prune(part)).await?.number;
        sleep(PAUSE).await;
        Ok(usize::try_from(pruned).unwrap_or_default())
    }
}

impl Forget for Journal {
    async fn forget(&mut self, part: Part) -> anyhow::Result<usize> {
        self.begin()?;
        let forgotten = Journal::forget(self, &part, PRUNE_BATCH)?;
        self.commit()?;
        Ok(forgotten.entries)
    }
}

/// Amounts moved to the archive.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub(crate) struct Moved {
    /// Number of sessions.
    pub(crate) sessions: u64,
    /// Number of entries, those of sessions included.
    pub(crate) entries: u64,
}

/// Moves everything that was over before `before` to the archive.
///
/// # Errors
/// The disk or the core refuses. Parts moved by then stay moved; nothing is lost.
pub(crate) async fn tidy(
    journal: &Reader,
    archive: &Archive,
    before: Timestamp,
    forget: &mut impl Forget,
) -> anyhow::Result<Moved> {
    let (mut moved, mut last) = (Moved::default(), 0);
    while let Some(SessionRow { id, ended, .. }) = journal.outdated(last, before)? {
        last = id;
        let part = archive.keep_session(id, Timestamp(ended.unwrap_or_default()))?;
        moved.entries += all_of(part, forget).await?;
        moved.sessions += 1;
    }
    let mut after = 0;
    while let Some(part) = archive.keep_loose(journal, after, before)? {
        if let Part::Loose { last, .. } = &part {
            after = *last;
        }
        moved.entries += all_of(part, forget).await?;
    }
    Ok(moved)
}

async fn all_of(part: Part, forget: &mut impl Forget) -> anyhow::Result<u64> {
    let mut all = 0;
    loop {
        match forget.forget(part.clone()).await? {
            0 => return Ok(all),
            some => all += some as u64,
        }
    }
}

/// Retention task of a running core, on a thread of its own. Dropping it stops it.
#[derive(Debug)]
pub(crate) struct RetentionTask {
    stop: watch::Sender<bool>,
    thread: Option<JoinHandle<()>>,
}

impl RetentionTask {
    /// Starts the task; `None` if the journal keeps everything.
    ///
    /// # Errors
    /// The operating system gives no thread.
    pub(crate) fn start(
        retention: &Retention,
        live: &Path,
        journal: Reader,
        handle: Handle,
        clock: Arc<dyn Clock>,
    ) -> io::Result<Option<Self>> {
        let Some(keep) = retention.keep else { return Ok(None) };
        let archive = Archive::new(&retention.archive, live);
        let (stop, stopped) = watch::channel(false);
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build()?;
        let body = move || {
            let work = work(keep, archive, journal, handle, clock, stopped);
            runtime.block_on(work);
        };
        let thread = std::thread::Builder::new().name("eg-archivist".to_owned()).spawn(body)?;
        Ok(Some(Self { stop, thread: Some(thread) }))
    }
}

async fn work(
    keep: Duration,
    archive: Archive,
    journal: Reader,
    mut handle: Handle,
    clock: Arc<dyn Clock>,
    mut stop: watch::Receiver<bool>,
) {
    let mut wait = FIRST;
    while timeout(wait, stop.wait_for(|stop| *stop)).await.is_err() {
        wait = EVERY;
        let now = clock.now();
        let before = Timestamp(
            now.0.saturating_sub_unsigned(u64::try_from(keep.as_micros()).unwrap_or(u64::MAX)),
        );
        let tidied = tokio::select! {
            tidied = tidy(&journal, &archive, before, &mut handle) => tidied,
            _ = stop.wait_for(|stop| *stop) => return,
        };
        match tidied {
            Ok(moved) if moved == Moved::default() => {}
            Ok(Moved { sessions, entries }) => {
                tracing::info!(sessions, entries, "moved into the archive");
            }
            Err(error) => tracing::warn!(%error, "nothing more is moved into the archive for now"),
        }
    }
}

impl Drop for RetentionTask {
    fn drop(&mut self) {
        self.stop.send_replace(true);
        if self.thread.take().is_some_and(|thread| thread.join().is_err()) {
            tracing::error!("the archivist's thread had panicked");
        }
    }
}
