//! Connection to the accounts' file.

use super::schema;
use crate::auth::error::AuthError;
use rusqlite::{Connection, Transaction, TransactionBehavior};
use std::path::Path;

/// Creates the file, readable by nobody else; SQLite gives the files beside it the same rights.
fn make_private(file: &Path) -> Result<(), AuthError> {
    let mut open = std::fs::OpenOptions::new();
    open.create(true).append(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut open, 0o600);
    let made = open.open(file).map(drop);
    made.map_err(|source| AuthError::File { file: file.into(), source })
}

/// Connection to the accounts' file. Its methods block on the disk.
pub(in crate::auth) struct Store(pub(super) Connection);

impl Store {
    /// Opens or creates the file, and brings it to this program's format.
    pub(in crate::auth) fn open(file: &Path) -> Result<Self, AuthError> {
        make_private(file)?;
        let mut connection = Connection::open(file)?;
        connection.execute_batch(
            "PRAGMA journal_mode = WAL;
             PRAGMA journal_size_limit = 1048576;
             PRAGMA busy_timeout = 2000;
             PRAGMA foreign_keys = ON;",
        )?;
        schema::migrate(&mut connection, file)?;
        Ok(Self(connection))
    }

    /// Opens the file of a core that has run, if this user may use it.
    pub(in crate::auth) fn open_existing(file: &Path) -> Result<Self, AuthError> {
        let opened = std::fs::OpenOptions::new().read(true).write(true).open(file);
        opened.map_err(|source| AuthError::File { file: file.into(), source })?;
        Self::open(file)
    }

    /// Returns a number that changes whenever another process has written to the file (`PRAGMA data_version`).
    pub(in crate::auth) fn version(&self) -> Result<i64, AuthError> {
        Ok(self.0.query_row("PRAGMA data_version", [], |row| row.get(0))?)
    }

    /// Begins a change that nobody else can interrupt.
    pub(super) fn change(&mut self) -> Result<Transaction<'_>, AuthError> {
        Ok(self.0.transaction_with_behavior(TransactionBehavior::Immediate)?)
    }
}
