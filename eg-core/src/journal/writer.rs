//! Writer of the journal: its one connection that writes.

use super::connection::{BUSY, open_read_only};
use super::last::LastMark;
use super::schema::{damaged, examine, expect_current, make_figures, migrate};
use super::{JournalError, Reader};
use crate::private;
use rusqlite::Connection;
use serde::Deserialize;
use std::collections::{BTreeMap, HashMap};
use std::fs::{File, TryLockError};
use std::path::{Path, PathBuf};

/// Largest size that the write-ahead log keeps once all of it is in the database, in bytes. A long read may let it grow
/// beyond that; the first commit after the read cuts it back (`PRAGMA journal_size_limit`).
pub(super) const WAL_LIMIT: i64 = 8 << 20;

/// Guarantee of a commit.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Durability {
    /// On disk: a power cut after it loses nothing.
    #[default]
    Full,
    /// Handed to the operating system: a power cut may lose the last seconds, a crash of the core nothing. For
    /// measurements.
    Normal,
}

/// Writer of the journal. There is one in a process, and one process on a file.
#[derive(Debug)]
pub struct Journal {
    pub(super) connection: Connection,
    path: PathBuf,
    durability: Durability,
    /// Number of the last entry, that of an open transaction included.
    pub(super) last: i64,
    committed: i64,
    /// Ranges of awaited numbers of each stream, first and last, as the database holds them.
    pub(super) awaited: HashMap<i64, BTreeMap<u64, u64>>,
    mark: LastMark,
    /// Last entry of the file and the number that it should have, if entries are missing.
    missing: Option<(i64, i64)>,
    /// Lock against other cores; `None` while the journal can only be read.
    lock: Option<File>,
}

impl Journal {
    /// Opens the database at `path`, and creates it and its folder if they are missing.
    ///
    /// # Errors
    /// [`JournalError`]: the file is damaged, newer, in use or of another program, or the disk refuses. The file is
    /// then left as it is.
    pub fn open(path: impl AsRef<Path>, durability: Durability) -> Result<Self, JournalError> {
        let path = path.as_ref();
        let lock = lock(path)?;
        private::own(path).map_err(|source| JournalError::Folder { path: path.into(), source })?;
        let mut connection = Connection::open(path)
            .map_err(|source| JournalError::Open { path: path.into(), source })?;
        let version = examine(&connection, path)?;
        let sync = match durability {
            Durability::Full => "FULL",
            Durability::Normal => "NORMAL",
        };
        let set_up = |connection: &mut Connection| {
            connection.busy_timeout(BUSY)?;
            connection.pragma_update(None, "journal_mode", "WAL")?;
            connection.pragma_update(None, "synchronous", sync)?;
            connection.pragma_update(None, "journal_size_limit", WAL_LIMIT)?;
            connection.pragma_update(None, "foreign_keys", true)?;
            connection.set_prepared_statement_cache_capacity(32);
            migrate(connection, version)?;
            make_figures(connection)?;
            last_entry(connection)
        };
        let last = set_up(&mut connection).map_err(|error| damaged(path, error))?;
        Ok(Self::new(path, durability, connection, last, Some(lock)))
    }

    /// Opens the database like [`open`](Self::open). If it is there and the disk refuses that, the journal is opened for
    /// reading alone, and each transaction tries again to open it for writing.
    ///
    /// # Errors
    /// [`JournalError`]: as for `open`, unless the file is there and can be read.
    pub fn open_or_read(
        path: impl AsRef<Path>,
        durability: Durability,
    ) -> Result<Self, JournalError> {
        let path = path.as_ref();
        let refused = match Self::open(path, durability) {
            Err(error) if error.may_pass() && path.exists() => error,
            opened => return opened,
        };
        let read = || {
            let (connection, _) = open_read_only(path)?;
            expect_current(&connection, path)?;
            let last = last_entry(&connection)?;
            Ok::<_, JournalError>(Self::new(path, durability, connection, last, None))
        };
        // What stops it from being written is what has to be mended, and not that it cannot be read either.
        let journal = read().map_err(|_| refused)?;
        tracing::error!(journal = %path.display(), "the journal can be read and not written");
        Ok(journal)
    }

    fn new(
        path: &Path,
        durability: Durability,
        connection: Connection,
        last: i64,
        lock: Option<File>,
    ) -> Self {
        let mark = LastMark::new(path);
        let marked = mark.read();
        let missing = (marked > last).then_some((last, marked));
        // A number that somebody may have seen is not given twice.
        let last = last.max(marked);
        let (path, awaited) = (path.into(), HashMap::new());
        Self { connection, path, durability, last, committed: last, awaited, mark, missing, lock }
    }

    /// Returns the last entry of the file and the last one that it had, if entries were missing when it was opened.
    pub(crate) fn missing(&self) -> Option<(i64, i64)> {
        self.missing
    }

    /// Returns the path of the database.
    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// Returns a reader beside this writer.
    pub fn reader(&self) -> Reader {
        Reader::new(&self.path)
    }

    /// Limits the file to `pages` pages of 4 KiB, as a full disk does.
    ///
    /// # Errors
    /// SQLite refuses the limit.
    pub fn limit_pages(&self, pages: u32) -> Result<(), JournalError> {
        let set = format!("PRAGMA max_page_count = {pages}");
        Ok(self.connection.query_row(&set, [], |_| Ok(()))?)
    }

    /// Begins a transaction. A journal that could only be read so far is opened for writing first.
    pub(crate) fn begin(&mut self) -> Result<(), JournalError> {
        if self.lock.is_none() {
            *self = Self::open(&self.path, self.durability)?;
            tracing::info!(journal = %self.path.display(), "the journal can be written again");
        }
        self.committed = self.last;
        Ok(self.connection.execute_batch("BEGIN IMMEDIATE")?)
    }

    pub(crate) fn commit(&mut self) -> Result<(), JournalError> {
        self.connection.execute_batch("COMMIT")?;
        if self.committed < self.last {
            self.mark.write(self.last);
        }
        self.committed = self.last;
        Ok(())
    }

    /// Rolls back the open transaction, if there is one.
    pub(crate) fn rollback(&mut self) {
        self.last = self.committed;
        self.awaited.clear();
        if !self.connection.is_autocommit()
            && let Err(error) = self.connection.execute_batch("ROLLBACK")
        {
            tracing::error!(%error, "a transaction of the journal could not be taken back");
        }
    }

    /// Returns the number of the next entry, for entries that contain their own number.
    pub(crate) fn next_entry(&self) -> i64 {
        self.last + 1
    }
}

fn last_entry(connection: &Connection) -> Result<i64, rusqlite::Error> {
    connection.query_row("SELECT coalesce(max(id), 0) FROM entry", [], |row| row.get(0))
}

/// Takes the lock file beside the database, so that two cores never write one journal.
pub(super) fn lock(path: &Path) -> Result<File, JournalError> {
    let failed = |source| JournalError::Folder { path: path.into(), source };
    if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        std::fs::create_dir_all(folder).map_err(failed)?;
    }
    let file = private::open(&private::beside(path, ".lock")).map_err(failed)?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(JournalError::InUse { path: path.into() }),
        Err(TryLockError::Error(source)) => Err(failed(source)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_write_ahead_log_shrinks_once_a_long_read_is_over() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("eg.db");
        let wal = || std::fs::metadata(folder.path().join("eg.db-wal")).unwrap().len();
        let limit = WAL_LIMIT.unsigned_abs();
        let journal = Journal::open(&file, Durability::Normal).unwrap();
        journal.connection.execute_batch("CREATE TABLE filler (bytes BLOB)").unwrap();
        let fill = "INSERT INTO filler VALUES (zeroblob(1048576))";
        let (reader, _) = open_read_only(&file).unwrap();
        reader.execute_batch("BEGIN; SELECT count(*) FROM filler;").unwrap();
        while wal() <= limit {
            journal.connection.execute_batch(fill).unwrap();
        }

        reader.execute_batch("COMMIT").unwrap();
        // The first commit puts all of the log into the database, the next one begins the log anew.
        journal.connection.execute_batch(fill).unwrap();
        journal.connection.execute_batch(fill).unwrap();

        assert!(wal() <= limit, "{} bytes", wal());
    }

    #[test]
    fn nobody_but_its_owner_reads_a_journal_also_one_that_was_open_to_all() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("eg.db");
        std::fs::write(&file, "").unwrap();
        std::fs::set_permissions(&file, PermissionsExt::from_mode(0o644)).unwrap();

        let mut journal = Journal::open(&file, Durability::Normal).unwrap();
        journal.begin().unwrap();
        journal.mark_alive(eg_proto::Timestamp(1)).unwrap();
        journal.commit().unwrap();

        for file in std::fs::read_dir(folder.path()).unwrap().map(Result::unwrap) {
            let rights = file.metadata().unwrap().permissions().mode() & 0o777;
            assert_eq!(rights, 0o600, "{:?}: {rights:o}", file.file_name());
        }
    }
}
