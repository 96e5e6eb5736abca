//! Reasons why a library is not loaded.

use super::catalog::DuplicateDriver;
use eg_hal::library::LibraryError;

/// How long a library may take to be loaded and to describe its drivers, in seconds.
pub(super) const TRIAL_SECONDS: i64 = 10;

/// Why a library is not loaded.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// Its file is not in order.
    #[error(transparent)]
    File(#[from] LibraryError),
    /// It was tried.
    #[error(transparent)]
    Trial(#[from] TrialError),
    /// It has a driver that is there already.
    #[error(transparent)]
    DuplicateDriver(#[from] DuplicateDriver),
}

/// What came of a trial.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TrialError {
    /// It could not be tried.
    #[error("cannot try it in a process of its own: {cause}")]
    Untried {
        /// What the system said.
        cause: String,
    },
    /// The process ended by itself, or was ended by the system.
    #[error("it crashes when it is loaded: the process that tried it ended with {how}{said}")]
    Crashed {
        /// Its exit status or signal.
        how: String,
        /// What it said last, with a comma in front, or nothing.
        said: String,
    },
    /// The process did not end.
    #[error("it hangs when it is loaded: it was given {TRIAL_SECONDS} seconds")]
    Hung,
    /// The process would not have it.
    #[error("{0}")]
    Refused(String),
}
