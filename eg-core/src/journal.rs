//! Journal: everything that happened, in order, on disk before anybody is told.
//!
//! The journal is one SQLite database in WAL mode. A single [`Journal`] writes, from the engine's thread; any number of
//! [`Reader`]s read beside it. A transaction holds everything that waited: events with what they caused, so that
//! neither is ever there without the other.

mod archive;
mod backup;
mod choice;
mod column;
mod connection;
mod digest;
mod effect;
mod entry;
mod figures;
mod given_hints;
mod kind;
mod last;
mod marks;
mod modes;
mod names;
#[cfg(test)]
mod plans;
mod played;
mod prune;
mod queries;
mod reader;
mod record;
mod redact;
mod restore;
mod reveals;
mod schema;
mod sessions;
mod streams;
mod tables;
mod timeline;
mod writer;

pub use archive::{Archive, Part};
pub use backup::Snapshot;
pub(crate) use backup::back_up_database;
pub(crate) use connection::copy_database;
pub use digest::Seen;
pub(crate) use digest::digest;
pub use effect::EffectKind;
pub(crate) use effect::{NewEffect, StoredEffect};
pub use entry::Entry;
pub(crate) use entry::{NewEntry, NewEvent, json};
pub use figures::Figures;
pub use given_hints::GivenHint;
pub use kind::Kind;
pub(crate) use modes::Modes;
pub use played::{PlayedSession, SessionCount, SessionFilter, Totals};
pub(crate) use prune::PRUNE_BATCH;
pub use queries::{Quarantined, SessionRow};
pub use reader::{Reader, beside};
pub use record::{Format, Line, Record, Sent};
pub(crate) use redact::blanked;
pub use redact::{Redacted, Secrets};
pub(crate) use restore::{Restored, restore};
pub use reveals::Reveals;
pub use sessions::{Ending, KeptSession};
pub(crate) use streams::StreamRow;
pub use writer::{Durability, Journal};

use rusqlite::ErrorCode;
use std::path::{Path, PathBuf};

/// Reason why the journal cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum JournalError {
    /// File or folder cannot be opened or created.
    #[error("cannot open the journal {}: {source}; is its folder there and writable", path.display())]
    Open {
        /// Path of the database.
        path: PathBuf,
        /// Error of SQLite.
        source: rusqlite::Error,
    },
    /// Folder cannot be created, or the lock file beside the database cannot be taken.
    #[error("cannot use the folder of the journal {}: {source}", path.display())]
    Folder {
        /// Path of the database.
        path: PathBuf,
        /// Error of the operating system.
        source: std::io::Error,
    },
    /// Another core holds the lock of the journal.
    #[error("the journal {} is in use by another core; stop it, or choose another file with DB_PATH", path.display())]
    InUse {
        /// Path of the database.
        path: PathBuf,
    },
    /// File is damaged, or no database at all. It was left as it is.
    #[error("the journal {} is damaged ({found}); it was left as it is: move it away to start anew, or restore a copy", path.display())]
    Damaged {
        /// Path of the database.
        path: PathBuf,
        /// Finding of the check.
        found: String,
    },
    /// Database belongs to another program. It was left as it is.
    #[error("{} is the database of another program, not a journal; it was left as it is: choose another file with DB_PATH", path.display())]
    Foreign {
        /// Path of the database.
        path: PathBuf,
    },
    /// Database was written by a later version of the core. It was left as it is.
    #[error("the journal {} has format {version}, and this core knows formats up to {known}; it was left as it is: run the newer core", path.display())]
    Newer {
        /// Path of the database.
        path: PathBuf,
        /// Format of the database.
        version: usize,
        /// Latest format that this program knows.
        known: usize,
    },
    /// Database was written by an earlier version of the core, and was opened for reading only.
    #[error("the journal {} has format {version}, and this core reads format {known}; start this core on it once", path.display())]
    Older {
        /// Path of the database.
        path: PathBuf,
        /// Format of the database.
        version: usize,
        /// Format that this program reads.
        known: usize,
    },
    /// File does not exist.
    #[error("there is no journal at {}", path.display())]
    Missing {
        /// Path of the database.
        path: PathBuf,
    },
    /// Disk has not the room for a copy of the journal.
    #[error("there is no room for {}: {needed} bytes are wanted on its disk", path.display())]
    NoRoom {
        /// Path of the copy.
        path: PathBuf,
        /// Number of bytes that must be free.
        needed: u64,
    },
    /// Reading or writing a file failed: the disk is full, gone or broken.
    #[error("the journal {} cannot be read or written: {source}; is there room on its disk, and may it be written", path.display())]
    File {
        /// Path of the database.
        path: PathBuf,
        /// Error of SQLite.
        source: rusqlite::Error,
    },
    /// Reading or writing failed: the disk is full, gone or broken.
    #[error("the journal cannot be read or written: {0}")]
    Sql(#[from] rusqlite::Error),
}

impl JournalError {
    /// Names the file of an error that does not name it yet. Contents that SQLite cannot read are damage.
    #[must_use]
    pub fn at(self, path: &Path) -> Self {
        let Self::Sql(source) = self else { return self };
        let path = path.to_owned();
        match source.sqlite_error_code() {
            Some(ErrorCode::NotADatabase | ErrorCode::DatabaseCorrupt) => {
                Self::Damaged { path, found: source.to_string() }
            }
            _ => Self::File { path, source },
        }
    }

    /// Returns `true` if the disk refuses, which may pass; `false` if the file itself is at fault.
    pub(crate) fn may_pass(&self) -> bool {
        match self {
            Self::Open { .. }
            | Self::Folder { .. }
            | Self::NoRoom { .. }
            | Self::File { .. }
            | Self::Sql(_) => true,
            Self::InUse { .. }
            | Self::Damaged { .. }
            | Self::Foreign { .. }
            | Self::Newer { .. }
            | Self::Older { .. }
            | Self::Missing { .. } => false,
        }
    }
}
