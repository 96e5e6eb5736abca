//! Errors of the accounts.

use eg_proto::Text;
use std::path::PathBuf;
use std::time::Duration;

/// Reason why the accounts' file cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum AuthError {
    /// File cannot be created or opened.
    #[error("cannot use the accounts in {}: {source}; is its folder there and writable", file.display())]
    File {
        /// Path of the accounts' file.
        file: PathBuf,
        /// Error of the operating system.
        source: std::io::Error,
    },
    /// File was written by a later version.
    #[error("the accounts in {} have format {version}, and this core knows {known}; run the core that wrote it", file.display())]
    Newer {
        /// Path of the accounts' file.
        file: PathBuf,
        /// Format of the file.
        version: usize,
        /// Latest format of this program.
        known: usize,
    },
    /// SQLite refused to read or write.
    #[error("the accounts cannot be read or written: {0}")]
    Store(#[from] rusqlite::Error),
    /// Password could not be hashed.
    #[error("the password cannot be hashed: {0}")]
    Hash(argon2::password_hash::Error),
}

/// Reason for which a login was denied.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Denied {
    /// Name or password is wrong.
    Wrong,
    /// Too many wrong passwords came from this address: the next try is allowed after this time.
    Wait(Duration),
    /// Too many passwords are being checked at once.
    Busy,
    /// Session could not be stored: the disk is full or gone.
    Disk,
}

/// Reason for which a change to the accounts was refused, in both languages.
#[derive(Debug, thiserror::Error)]
pub enum AccountError {
    /// User, invitation, session or token does not exist.
    #[error("{}", .0.en)]
    Unknown(Text),
    /// Change conflicts with what there is.
    #[error("{}", .0.en)]
    Conflict(Text),
    /// Name, password or span cannot be.
    #[error("{}", .0.en)]
    Invalid(Text),
    /// Password that was asked for is wrong, or cannot be checked now.
    #[error("the password was refused: {0:?}")]
    Denied(Denied),
    /// Accounts cannot be read or written.
    #[error(transparent)]
    Auth(#[from] AuthError),
}

impl From<rusqlite::Error> for AccountError {
    fn from(error: rusqlite::Error) -> Self {
        Self::Auth(error.into())
    }
}

impl AccountError {
    pub(super) fn unknown(fr: impl Into<String>, en: impl Into<String>) -> Self {
        Self::Unknown(Text::new(fr, en))
    }

    pub(super) fn conflict(fr: impl Into<String>, en: impl Into<String>) -> Self {
        Self::Conflict(Text::new(fr, en))
    }

    pub(super) fn invalid(fr: impl Into<String>, en: impl Into<String>) -> Self {
        Self::Invalid(Text::new(fr, en))
    }
}
