//! The journal: everything that happened, in order, on disk before anybody is told.
//!
//! One SQLite database in WAL mode. A single [`Journal`] writes, from the engine's thread; any number of [`Reader`]s
//! read beside it. A transaction holds whatever waited: events with what they caused, so that neither is ever there
//! without the other.

mod archive;
mod digest;
mod effect;
mod entry;
mod marks;
#[cfg(test)]
mod plans;
mod prune;
mod reader;
mod record;
mod redact;
mod reveals;
mod schema;
mod sessions;
mod streams;
mod timeline;
mod writer;

pub use archive::{Archive, Part, beside};
pub use digest::Seen;
pub(crate) use digest::digest;
pub use effect::EffectKind;
pub(crate) use effect::{NewEffect, StoredEffect};
pub use entry::{Entry, Kind};
pub(crate) use entry::{NewEntry, json};
pub(crate) use prune::PRUNE_BATCH;
pub use reader::{Quarantined, Reader, SessionRow};
pub use record::{Format, Line, Record, Sent};
pub(crate) use redact::blanked;
pub use redact::{Redacted, Secrets};
pub use reveals::Reveals;
pub use sessions::{Ending, KeptSession};
pub(crate) use streams::StreamRow;
pub use writer::{Durability, Journal};

use std::path::PathBuf;

/// The journal cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum JournalError {
    /// The file or its folder cannot be opened or made.
    #[error("cannot open the journal {}: {source}; is its folder there and writable", path.display())]
    Open {
        /// The database.
        path: PathBuf,
        /// What SQLite said.
        source: rusqlite::Error,
    },
    /// The folder cannot be made, or the lock beside the file cannot be taken.
    #[error("cannot use the folder of the journal {}: {source}", path.display())]
    Folder {
        /// The database.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// Another core writes there.
    #[error("the journal {} is in use by another core; stop it, or choose another file with DB_PATH", path.display())]
    InUse {
        /// The database.
        path: PathBuf,
    },
    /// The file is broken, or no database at all. It was left as it is.
    #[error("the journal {} is damaged ({found}); it was left as it is: move it away to start anew, or restore a copy", path.display())]
    Damaged {
        /// The database.
        path: PathBuf,
        /// What was found.
        found: String,
    },
    /// A database of another program. It was left as it is.
    #[error("{} is the database of another program, not a journal; it was left as it is: choose another file with DB_PATH", path.display())]
    Foreign {
        /// The database.
        path: PathBuf,
    },
    /// A later version of the core wrote it. It was left as it is.
    #[error("the journal {} has format {version}, and this core knows formats up to {known}; it was left as it is: run the newer core", path.display())]
    Newer {
        /// The database.
        path: PathBuf,
        /// Its format.
        version: usize,
        /// The latest this program knows.
        known: usize,
    },
    /// An earlier version of the core wrote it, and it was only to be read.
    #[error("the journal {} has format {version}, and this core reads format {known}; start this core on it once", path.display())]
    Older {
        /// The database.
        path: PathBuf,
        /// Its format.
        version: usize,
        /// The one this program knows.
        known: usize,
    },
    /// There is no such file.
    #[error("there is no journal at {}", path.display())]
    Missing {
        /// The database.
        path: PathBuf,
    },
    /// A row does not mean anything to this program.
    #[error("row {id} of {table} in the journal makes no sense: {problem}")]
    Row {
        /// Which table.
        table: &'static str,
        /// Which row.
        id: i64,
        /// What is wrong with it.
        problem: String,
    },
    /// Reading or writing failed: the disk is full, gone or broken.
    #[error("the journal cannot be read or written: {0}")]
    Sql(#[from] rusqlite::Error),
}
