//! Reader of the journal beside the engine: for pages and the API, off the reactor.

use super::{JournalError, column, connection, schema};
use rusqlite::{Connection, OptionalExtension};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

/// Number of connections kept open while nobody reads.
const SPARE: usize = 4;

/// Reader of the journal. Cheap to clone. Every call blocks on the disk: call it from `spawn_blocking`.
#[derive(Clone, Debug)]
pub struct Reader(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    path: PathBuf,
    /// Folder of the archive, which holds older sessions.
    archive: PathBuf,
    spare: Mutex<Vec<Connection>>,
}

impl Reader {
    pub(super) fn new(path: &Path) -> Self {
        Self(Arc::new(Inner { path: path.into(), archive: beside(path), spare: Mutex::default() }))
    }

    /// Returns the path of the database.
    pub(crate) fn path(&self) -> &Path {
        &self.0.path
    }

    /// Returns a reader of the same journal, whose archive is in another folder than the one beside it.
    pub fn with_archive(&self, archive: impl Into<PathBuf>) -> Self {
        let (path, archive) = (self.0.path.clone(), archive.into());
        Self(Arc::new(Inner { path, archive, spare: Mutex::default() }))
    }

    /// Returns the reader of a session's entries: this one, or one of the archive.
    pub(super) fn home(&self, session: i64) -> Result<Self, JournalError> {
        let find = "SELECT archived FROM session WHERE id = ?1 AND archived IS NOT NULL";
        let file: Option<String> = self.with(|connection| {
            let mut find = connection.prepare_cached(find)?;
            Ok(find.query_row([session], |row| Ok(column::lossy(row, 0))).optional()?)
        })?;
        let Some(file) = file.map(|file| self.0.archive.join(file)) else {
            return Ok(self.clone());
        };
        // A damaged row may name a file that is not there; its entries are here then.
        if !file.exists() && self.has_entries(session)? {
            return Ok(self.clone());
        }
        Self::open(file)
    }

    fn has_entries(&self, session: i64) -> Result<bool, JournalError> {
        let any = "SELECT EXISTS (SELECT 1 FROM entry WHERE session = ?1)";
        self.with(|connection| Ok(connection.query_row(any, [session], |row| row.get(0))?))
    }

    /// Opens a journal that this process does not write: one that another core may be writing, or an archive.
    ///
    /// # Errors
    /// [`JournalError`]: the file is missing, damaged, older, newer, or of another program.
    pub fn open(path: impl AsRef<Path>) -> Result<Self, JournalError> {
        let path = path.as_ref();
        if !path.exists() {
            return Err(JournalError::Missing { path: path.into() });
        }
        let failed = |source| JournalError::Open { path: path.into(), source };
        connection::roll_back(path).map_err(failed)?;
        let (connection, _) =
            connection::open_read_only(path).map_err(|error| schema::damaged(path, error))?;
        schema::expect_current(&connection, path)?;
        Ok(Self::new(path))
    }

    pub(super) fn with<T>(
        &self,
        ask: impl FnOnce(&Connection) -> Result<T, JournalError>,
    ) -> Result<T, JournalError> {
        let spare = || self.0.spare.lock().unwrap_or_else(PoisonError::into_inner);
        let kept = spare().pop();
        let path = &self.0.path;
        let (connection, is_frozen) = match kept {
            Some(connection) => (connection, false),
            None => {
                connection::open_read_only(path).map_err(|error| schema::damaged(path, error))?
            }
        };
        let answer = ask(&connection).map_err(|error| error.at(path))?;
        let mut spare = spare();
        if spare.len() < SPARE && !is_frozen {
            spare.push(connection);
        }
        Ok(answer)
    }
}

/// Returns the default folder of a journal's archive, which stands beside its file.
pub fn beside(journal: &Path) -> PathBuf {
    journal.with_file_name("archive")
}
