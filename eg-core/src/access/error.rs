//! Errors of the store of identities, and of what is asked of it.

use eg_proto::SlotId;
use std::path::PathBuf;

/// Reason why the identities of slots cannot be read or changed.
#[derive(Debug, thiserror::Error)]
pub enum AccessError {
    /// File cannot be created or opened.
    #[error("cannot use the slots' identities in {}: {source}; is its folder there and writable", file.display())]
    File {
        /// Path of the file.
        file: PathBuf,
        /// Error of the operating system.
        source: std::io::Error,
    },
    /// SQLite refused to read or write.
    #[error("the slots' identities cannot be read or written: {0}")]
    Store(#[from] rusqlite::Error),
    /// Nobody waits under this id.
    #[error(
        "no slot called {0} waits for its adoption; it must be switched on and reach the broker"
    )]
    NotWaiting(SlotId),
    /// The slot that waits shows another code.
    #[error("{slot} waits with the code {waits}, not {said}; compare with the slot's page")]
    OtherCode {
        /// Slot that waits.
        slot: SlotId,
        /// Code that it shows.
        waits: String,
        /// Code that was given.
        said: String,
    },
    /// No slot of this id is adopted.
    #[error("no slot called {0} is adopted")]
    NotAdopted(SlotId),
    /// The id is the core's own.
    #[error("{0} is the core's own id; give the slot another")]
    Core(SlotId),
}
