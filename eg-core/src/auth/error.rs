//! Errors of the operator's account.

use std::path::PathBuf;

/// The account's file cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum AuthError {
    /// The file cannot be made or opened.
    #[error("cannot use the operator's account {}: {source}; is its folder there and writable", file.display())]
    File {
        /// The account's file.
        file: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// SQLite refused.
    #[error("the operator's account cannot be read or written: {0}")]
    Store(#[from] rusqlite::Error),
    /// The password could not be hashed.
    #[error("the password cannot be hashed: {0}")]
    Hash(argon2::password_hash::Error),
}
