//! Connections to the journal's files, for reading.

use super::JournalError;
use crate::private;
use rusqlite::{Connection, ErrorCode, OpenFlags};
use std::io::ErrorKind;
use std::path::Path;
use std::time::Duration;

/// Time for which a connection waits for a lock that another holds.
pub(super) const BUSY: Duration = Duration::from_secs(5);

/// Rolls back what a process that died was writing into an archive's file, which a reader alone cannot do.
pub(super) fn roll_back(path: &Path) -> Result<(), rusqlite::Error> {
    if private::beside(path, "-journal").exists() {
        let writer = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
        writer.busy_timeout(BUSY)?;
        writer.query_row("SELECT count(*) FROM sqlite_schema", [], |_| Ok(()))?;
    }
    Ok(())
}

/// Copies a database that nobody writes, with its write-ahead log, to a file that the owner alone may read. The files are
/// copied as they are: on a disk that takes nothing, SQLite cannot even read one with a log.
pub(crate) fn copy_database(from: &Path, to: &Path) -> Result<(), JournalError> {
    for ending in ["", "-wal"] {
        let (from, to) = (private::beside(from, ending), private::beside(to, ending));
        let copied = std::fs::read(&from).and_then(|bytes| {
            private::open(&to)?;
            std::fs::write(&to, bytes)
        });
        match copied {
            Err(error) if error.kind() == ErrorKind::NotFound && ending == "-wal" => {}
            copied => copied.map_err(|source| JournalError::Folder { path: from, source })?,
        }
    }
    Ok(())
}

/// Opens a file for reading only. Beside the connection it returns `true` if that sees the file as it is now and nothing
/// that comes later.
///
/// A database with a write-ahead log is read through a file beside it. Where that cannot be made, because the disk is
/// full or the folder read-only, and nothing stands in the log, the database is read alone.
pub(super) fn open_read_only(path: &Path) -> Result<(Connection, bool), rusqlite::Error> {
    let opened = open(path, "mode=ro");
    let log = private::beside(path, "-wal");
    let is_empty = std::fs::metadata(log).map_or(true, |log| log.is_file() && log.len() == 0);
    match opened {
        Err(error) if is_empty && path.is_file() && !is_contents(&error) => {
            Ok((open(path, "immutable=1")?, true))
        }
        opened => Ok((opened?, false)),
    }
}

fn open(path: &Path, how: &str) -> Result<Connection, rusqlite::Error> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY
        | OpenFlags::SQLITE_OPEN_NO_MUTEX
        | OpenFlags::SQLITE_OPEN_URI;
    let escaped: String = path.to_string_lossy().chars().map(escape).collect();
    let connection = Connection::open_with_flags(format!("file:{escaped}?{how}"), flags)?;
    connection.busy_timeout(BUSY)?;
    // A file is opened in fact when it is first read.
    connection.query_row("PRAGMA schema_version", [], |_| Ok(()))?;
    #[cfg(test)]
    let connection = super::plans::watched(connection);
    Ok(connection)
}

/// Escapes a character of a path in a URI (SQLite, "URI filenames").
fn escape(c: char) -> String {
    match c {
        '%' => "%25".to_owned(),
        '?' => "%3f".to_owned(),
        '#' => "%23".to_owned(),
        other => other.to_string(),
    }
}

/// Returns `true` for errors about what stands in a file.
fn is_contents(error: &rusqlite::Error) -> bool {
    let code = error.sqlite_error_code();
    matches!(code, Some(ErrorCode::NotADatabase | ErrorCode::DatabaseCorrupt))
}
