//! Reasons why a library is not loaded.

use super::catalog::DuplicateDriver;
use eg_hal::library::LibraryError;

/// Time that a library may take to be loaded and to describe its drivers, in seconds.
pub(super) const TRIAL_SECONDS: i64 = 10;

/// Reasons why a library is not loaded.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// The file is not in order.
    #[error(transparent)]
    File(#[from] LibraryError),
    /// The library was tried in a process of its own, and failed.
    #[error(transparent)]
    Trial(#[from] TrialError),
    /// One of the library's drivers is there already.
    #[error(transparent)]
    DuplicateDriver(#[from] DuplicateDriver),
}

/// Failures of a trial.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TrialError {
    /// The trial could not be made.
    #[error("cannot try it in a process of its own: {cause}")]
    Untried {
        /// Error of the system.
        cause: String,
    },
    /// The process ended by itself, or was ended by the system.
    #[error("it crashes when it is loaded: the process that tried it ended with {how}{said}")]
    Crashed {
        /// Exit status or signal.
        how: String,
        /// Last line that the process said, with a comma in front, or nothing.
        said: String,
    },
    /// The process did not end.
    #[error("it hangs when it is loaded: it was given {TRIAL_SECONDS} seconds")]
    Hung,
    /// The process would not have it.
    #[error("{0}")]
    Refused(String),
}
