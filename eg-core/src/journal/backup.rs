//! Copies of the whole journal: one file, consistent, made beside a core that writes on.

use super::connection::open_read_only;
use super::{JournalError, Reader};
use crate::private;
use rusqlite::Connection;
use rustix::fs::statvfs;
use std::fs::File;
use std::io::{Error, ErrorKind};
use std::path::Path;

/// Room that a copy leaves on its disk, in bytes: the core goes on writing meanwhile.
const LEFT: u64 = 64 << 20;

/// Copy of the journal in a file that has no name any more: it is gone once it is closed, whatever happens.
#[derive(Debug)]
pub struct Snapshot {
    /// File, from its beginning.
    pub file: File,
    /// Size of the file, in bytes.
    pub bytes: u64,
}

impl Reader {
    /// Copies the journal as it is at one moment into a new file that its owner alone may read. Nobody who writes waits.
    ///
    /// # Errors
    /// [`JournalError`]: there is a file of this name, the disk has not the room, or the journal cannot be read.
    pub fn back_up(&self, to: &Path) -> Result<(), JournalError> {
        self.with(|connection| copy(connection, to))
    }

    /// Copies the journal into a file beside it, and takes that file's name away. At most one copy is made at a time.
    ///
    /// # Errors
    /// [`JournalError`]: the disk has not the room, or the journal cannot be read.
    pub fn snapshot(&self) -> Result<Snapshot, JournalError> {
        let path = private::beside(self.path(), ".backup");
        let failed = |source| JournalError::Folder { path: path.clone(), source };
        match std::fs::remove_file(&path) {
            // Left behind by a core that died in between.
            Ok(()) => {
                tracing::info!(path = %path.display(), "removed an unfinished copy of the journal")
            }
            Err(error) if error.kind() == ErrorKind::NotFound => {}
            Err(error) => return Err(failed(error)),
        }
        self.back_up(&path)?;
        let file = File::open(&path);
        std::fs::remove_file(&path).map_err(failed)?;
        let file = file.map_err(failed)?;
        let bytes = file.metadata().map_err(failed)?.len();
        Ok(Snapshot { file, bytes })
    }
}

/// Copies a database that others may be writing into a new file, whose owner alone may read it.
///
/// # Errors
/// [`JournalError`]: there is a file of this name, the disk has not the room, or the database cannot be read.
pub(crate) fn back_up_database(from: &Path, to: &Path) -> Result<(), JournalError> {
    let open = |source| JournalError::Open { path: from.into(), source };
    let (connection, _) = open_read_only(from).map_err(open)?;
    copy(&connection, to)
}

/// Copies the open database into a new file, or leaves none.
pub(super) fn copy(connection: &Connection, to: &Path) -> Result<(), JournalError> {
    let failed = |source| JournalError::Folder { path: to.into(), source };
    if to.exists() {
        return Err(failed(Error::from(ErrorKind::AlreadyExists)));
    }
    drop(private::open(to).map_err(failed)?);
    let write = || {
        let size = "SELECT page_count * page_size FROM pragma_page_count, pragma_page_size";
        let size: i64 = connection.query_row(size, [], |row| row.get(0))?;
        let needed = size.unsigned_abs() + LEFT;
        let disk = statvfs(to).map_err(|error| failed(error.into()))?;
        if disk.f_bavail.saturating_mul(disk.f_frsize) < needed {
            return Err(JournalError::NoRoom { path: to.into(), needed });
        }
        connection.execute("VACUUM INTO ?1", [to.to_string_lossy()])?;
        Ok(())
    };
    write().inspect_err(|_| drop(std::fs::remove_file(to)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::journal::{Durability, Journal, Kind, NewEntry};
    use eg_proto::Timestamp;
    use serde_json::json;
    use std::io::Read;
    use std::os::unix::fs::PermissionsExt;

    fn journal(folder: &Path, entries: i64) -> Journal {
        let mut journal = Journal::open(folder.join("eg.db"), Durability::Normal).unwrap();
        journal.begin().unwrap();
        for at in 0..entries {
            let new = NewEntry {
                at: Timestamp(at),
                kind: Kind::Note,
                slot: None,
                session: None,
                cause: None,
                place: None,
                body: json!({ "line": { "fr": "x", "en": "x" } }),
            };
            journal.add(new).unwrap();
        }
        journal.commit().unwrap();
        journal
    }

    #[test]
    fn a_copy_made_beside_a_writer_opens_as_a_journal_with_all_that_was_committed() {
        let folder = tempfile::tempdir().unwrap();
        let mut journal = journal(folder.path(), 500);
        let copy = folder.path().join("copy.db");
        journal.begin().unwrap();
        journal.mark_alive(Timestamp(9)).unwrap();

        journal.reader().back_up(&copy).unwrap();

        journal.commit().unwrap();
        let rights = std::fs::metadata(&copy).unwrap().permissions().mode() & 0o777;
        assert_eq!(rights, 0o600);
        let read = Reader::open(&copy).unwrap().entries(0, 1_000).unwrap();
        assert_eq!(read, journal.reader().entries(0, 1_000).unwrap());
        let restored = Journal::open(&copy, Durability::Normal).unwrap();
        assert_eq!(restored.next_entry(), 501);
    }

    #[test]
    fn a_snapshot_has_no_name_left_and_takes_the_place_of_an_unfinished_one() {
        let folder = tempfile::tempdir().unwrap();
        let journal = journal(folder.path(), 5);
        std::fs::write(folder.path().join("eg.db.backup"), "half").unwrap();

        let mut snapshot = journal.reader().snapshot().unwrap();

        let mut bytes = Vec::new();
        snapshot.file.read_to_end(&mut bytes).unwrap();
        assert_eq!(bytes.len() as u64, snapshot.bytes);
        assert!(bytes.starts_with(b"SQLite format 3\0"));
        assert!(!folder.path().join("eg.db.backup").exists());
    }

    #[test]
    fn a_copy_overwrites_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let journal = journal(folder.path(), 1);
        let copy = folder.path().join("copy.db");
        std::fs::write(&copy, "mine").unwrap();

        assert!(journal.reader().back_up(&copy).is_err());

        assert_eq!(std::fs::read(&copy).unwrap(), b"mine");
    }
}
