//! Store of the operator's account on disk.

use super::error::AuthError;
use super::secret::Digest;
use eg_proto::Timestamp;
use rusqlite::{Connection, OptionalExtension};
use std::collections::HashMap;
use std::net::SocketAddr;
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

pub(super) struct Store(Connection);

impl Store {
    pub(super) fn open(file: &Path) -> Result<Self, AuthError> {
        make_private(file)?;
        let connection = Connection::open(file)?;
        connection.execute_batch(
            "PRAGMA journal_mode = WAL;
             PRAGMA journal_size_limit = 1048576;
             PRAGMA busy_timeout = 2000;
             CREATE TABLE IF NOT EXISTS password (one INTEGER PRIMARY KEY CHECK (one = 1), hash TEXT NOT NULL);
             CREATE TABLE IF NOT EXISTS session (digest BLOB PRIMARY KEY, ends_us INTEGER NOT NULL);
             CREATE TABLE IF NOT EXISTS link (digest BLOB PRIMARY KEY, ends_us INTEGER NOT NULL);
             CREATE TABLE IF NOT EXISTS page (one INTEGER PRIMARY KEY CHECK (one = 1), address TEXT NOT NULL);",
        )?;
        Ok(Self(connection))
    }

    /// Opens the file of a core that has run, if this user may use it.
    pub(super) fn open_existing(file: &Path) -> Result<Self, AuthError> {
        let opened = std::fs::OpenOptions::new().read(true).write(true).open(file);
        opened.map_err(|source| AuthError::File { file: file.into(), source })?;
        Self::open(file)
    }

    /// Stores a link's token and removes those that have expired.
    pub(super) fn add_link(
        &self,
        token: &Digest,
        now: Timestamp,
        ends_us: i64,
    ) -> Result<(), AuthError> {
        self.0.execute("DELETE FROM link WHERE ends_us < ?1", [now.0])?;
        let values = (token.as_slice(), ends_us);
        self.0.execute("INSERT INTO link (digest, ends_us) VALUES (?1, ?2)", values)?;
        Ok(())
    }

    /// Removes a link's token and returns its end, in µs of the core's clock.
    pub(super) fn take_link(&self, token: &Digest) -> Result<Option<i64>, AuthError> {
        let take = "DELETE FROM link WHERE digest = ?1 RETURNING ends_us";
        Ok(self.0.query_row(take, [token.as_slice()], |row| row.get(0)).optional()?)
    }

    pub(super) fn keep_page(&self, page: SocketAddr) -> Result<(), AuthError> {
        let keep = "INSERT OR REPLACE INTO page (one, address) VALUES (1, ?1)";
        self.0.execute(keep, [page.to_string()])?;
        Ok(())
    }

    pub(super) fn page(&self) -> Result<Option<SocketAddr>, AuthError> {
        let row = self.0.query_row("SELECT address FROM page", [], |row| row.get::<_, String>(0));
        Ok(row.optional()?.and_then(|address| address.parse().ok()))
    }

    pub(super) fn password(&self) -> Result<Option<String>, AuthError> {
        Ok(self.0.query_row("SELECT hash FROM password", [], |row| row.get(0)).optional()?)
    }

    /// Stores a password's hash; if it differs from the stored one, every session ends.
    pub(super) fn keep_password(&mut self, hash: &str) -> Result<(), AuthError> {
        let same = self.password()?.is_some_and(|kept| kept == hash);
        if !same {
            let change = self.0.transaction()?;
            change.execute("INSERT OR REPLACE INTO password (one, hash) VALUES (1, ?1)", [hash])?;
            change.execute("DELETE FROM session", [])?;
            change.commit()?;
        }
        Ok(())
    }

    /// Returns the end of every session that has not ended, in µs of the core's clock, by digest.
    pub(super) fn sessions(&self, now: Timestamp) -> Result<HashMap<Digest, i64>, AuthError> {
        self.0.execute("DELETE FROM session WHERE ends_us < ?1", [now.0])?;
        let mut all = self.0.prepare("SELECT digest, ends_us FROM session")?;
        let rows = all.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    pub(super) fn begin(&self, session: &Digest, ends_us: i64) -> Result<(), AuthError> {
        let values = (session.as_slice(), ends_us);
        self.0.execute("INSERT INTO session (digest, ends_us) VALUES (?1, ?2)", values)?;
        Ok(())
    }

    pub(super) fn end(&self, session: &Digest) -> Result<(), AuthError> {
        self.0.execute("DELETE FROM session WHERE digest = ?1", [session.as_slice()])?;
        Ok(())
    }
}
