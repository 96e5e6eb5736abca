//! Errors of the operator's account.

use std::path::PathBuf;

/// Reason why the account's file cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum AuthError {
    /// File cannot be created or opened.
    #[error("cannot use the operator's account {}: {source}; is its folder there and writable", file.display())]
    File {
        /// Path of the account's file.
        file: PathBuf,
        /// Error of the operating system.
        source: std::io::Error,
    },
    /// SQLite refused to read or write.
    #[error("the operator's account cannot be read or written: {0}")]
    Store(#[from] rusqlite::Error),
    /// Password could not be hashed.
    #[error("the password cannot be hashed: {0}")]
    Hash(argon2::password_hash::Error),
}
