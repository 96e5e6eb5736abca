//! Levels that are written, and their change while the program runs.

use std::sync::Arc;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::{Registry, reload};

/// Crates of EG, whose targets get a finer level; libraries stay as they are.
const OURS: [&str; 7] =
    ["eg_agent", "eg_core", "eg_discovery", "eg_game", "eg_hal", "eg_mqtt", "eg_page"];

/// Levels that cannot be read.
#[derive(Debug, thiserror::Error)]
#[error(
    "{found:?} are no levels: {why}; wanted error, warn, info, debug or trace, or targets such as eg_agent=debug"
)]
pub struct WrongLevels {
    found: String,
    why: String,
}

/// Levels that are written now. Clones change the same.
#[derive(Clone)]
pub struct Levels {
    /// As the program was started.
    usual: Arc<str>,
    handle: reload::Handle<Targets, Registry>,
}

impl std::fmt::Debug for Levels {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.debug_struct("Levels").field("usual", &self.usual).finish_non_exhaustive()
    }
}

impl Levels {
    pub(crate) fn new(usual: &str, handle: reload::Handle<Targets, Registry>) -> Self {
        Self { usual: usual.into(), handle }
    }

    /// Writes these levels from now on.
    ///
    /// # Errors
    /// They are malformed; nothing has changed.
    pub fn set(&self, wanted: &str) -> Result<(), WrongLevels> {
        self.change(read(wanted)?);
        Ok(())
    }

    /// Writes everything that EG's own crates say in detail, beside what was written at the start.
    pub fn detail(&self) {
        let usual = read(&self.usual).unwrap_or_default();
        self.change(usual.with_targets(OURS.map(|ours| (ours, tracing::Level::DEBUG))));
        tracing::info!("the log is in detail");
    }

    /// Writes what was written at the start.
    pub fn reset(&self) {
        self.change(read(&self.usual).unwrap_or_default());
        tracing::info!(levels = %self.usual, "the log is as it was at the start");
    }

    fn change(&self, filter: Targets) {
        // It fails when the log has gone, which lives as long as the process.
        drop(self.handle.reload(filter));
    }
}

pub(crate) fn read(wanted: &str) -> Result<Targets, WrongLevels> {
    wanted.parse().map_err(|why: tracing_subscriber::filter::ParseError| WrongLevels {
        found: wanted.to_owned(),
        why: why.to_string(),
    })
}
