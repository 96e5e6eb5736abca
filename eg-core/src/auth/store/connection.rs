//! Connection to the accounts' file.

use super::schema;
use crate::audit;
use crate::audit::{AuditAct, AuditRecord, Author};
use crate::auth::error::AuthError;
use crate::private;
use eg_proto::Timestamp;
use rusqlite::{Connection, Transaction, TransactionBehavior};
use std::path::Path;

/// Connection to the accounts' file. Its methods block on the disk.
pub(in crate::auth) struct Store(pub(super) Connection);

/// Change of the accounts, which nobody else can interrupt. Dropping it takes everything back.
pub(in crate::auth) struct Change<'a> {
    pub(super) file: Transaction<'a>,
    now: Timestamp,
}

impl Store {
    /// Opens or creates the file, and brings it to this program's format. Nobody but its owner may read it, whatever
    /// rights it had.
    pub(in crate::auth) fn open(file: &Path) -> Result<Self, AuthError> {
        private::own(file).map_err(|source| AuthError::File { file: file.into(), source })?;
        let mut connection = Connection::open(file)?;
        connection.execute_batch(
            "PRAGMA journal_mode = WAL;
             PRAGMA journal_size_limit = 1048576;
             PRAGMA busy_timeout = 2000;
             PRAGMA foreign_keys = ON;",
        )?;
        schema::migrate(&mut connection, file)?;
        audit::prepare(&connection)?;
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

    /// Begins a change at `now`.
    pub(in crate::auth) fn change(&mut self, now: Timestamp) -> Result<Change<'_>, AuthError> {
        let file = self.0.transaction_with_behavior(TransactionBehavior::Immediate)?;
        Ok(Change { file, now })
    }

    /// Reads at most `limit` records of the audit trail with a number below `before`, the latest first.
    pub(in crate::auth) fn trail(
        &self,
        before: i64,
        limit: usize,
    ) -> Result<Vec<AuditRecord>, AuthError> {
        Ok(audit::read(&self.0, before, limit)?)
    }
}

impl Change<'_> {
    /// Records the act that this change is, with what it is about and what there is to add. Returns the record's number.
    pub(in crate::auth) fn note(
        &self,
        by: &Author,
        act: AuditAct,
        told: (&str, &str),
    ) -> Result<i64, AuthError> {
        Ok(audit::note(&self.file, self.now, by, act, told)?)
    }

    /// Sets the number of refused logins that a record tells together, and the time of the last one.
    pub(in crate::auth) fn raise(
        &self,
        record: i64,
        count: i64,
        last: Timestamp,
    ) -> Result<(), AuthError> {
        Ok(audit::raise(&self.file, record, count, last)?)
    }

    /// Makes the change last.
    pub(in crate::auth) fn commit(self) -> Result<(), AuthError> {
        Ok(self.file.commit()?)
    }
}
