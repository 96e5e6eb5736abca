//! Errors of rehearsals.

use eg_config::Problems;

/// Error of a rehearsal that could not be played at all.
#[derive(Debug, thiserror::Error)]
pub enum RehearseError {
    /// The script or a slot's file has mistakes.
    #[error(transparent)]
    File(#[from] Problems),
    /// The journal cannot be written.
    #[error(transparent)]
    Journal(#[from] crate::journal::JournalError),
    /// The temporary folder for the journal cannot be created.
    #[error("no folder for the journal: {0}")]
    Folder(#[from] std::io::Error),
}
