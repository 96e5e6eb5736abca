//! Schema of the database, as numbered migrations, and the refusal of files that are no journal of this version.

use super::JournalError;
use rusqlite::{Connection, ErrorCode};
use std::path::Path;

/// Application id of the journal's files, `EGJ1` (`PRAGMA application_id`).
const APPLICATION: i64 = 0x4547_4a31;

/// Migrations in order; a database's `user_version` is the number of them that it has had. One that has been released
/// is never changed.
const MIGRATIONS: [&str; 5] = [
    include_str!("migrations/0001_journal.sql"),
    include_str!("migrations/0002_seen.sql"),
    include_str!("migrations/0003_told.sql"),
    include_str!("migrations/0004_archive.sql"),
    include_str!("migrations/0005_shows.sql"),
];

/// Size, in bytes, up to which a file is checked whole before it is used.
const CHECKED: u64 = 64 << 20;

/// Refuses a file of another format than this program's, because a reader cannot migrate it.
pub(super) fn expect_current(connection: &Connection, path: &Path) -> Result<(), JournalError> {
    let version = examine(connection, path)?;
    if version < MIGRATIONS.len() {
        return Err(JournalError::Older { path: path.into(), version, known: MIGRATIONS.len() });
    }
    Ok(())
}

/// Refuses a file that is no journal, is damaged, or is newer than this program. Returns its format; writes nothing.
pub(super) fn examine(connection: &Connection, path: &Path) -> Result<usize, JournalError> {
    let number = |pragma: &str| {
        connection.query_row(pragma, [], |row| row.get::<_, i64>(0)).map_err(|e| damaged(path, e))
    };
    let version = number("PRAGMA user_version")?;
    let application = number("PRAGMA application_id")?;
    let tables = number("SELECT count(*) FROM sqlite_schema")?;
    if application != APPLICATION && tables > 0 {
        return Err(JournalError::Foreign { path: path.into() });
    }
    let known = MIGRATIONS.len();
    let version = usize::try_from(version).unwrap_or(usize::MAX);
    if version > known {
        return Err(JournalError::Newer { path: path.into(), version, known });
    }
    let size = std::fs::metadata(path).map_or(0, |file| file.len());
    if size <= CHECKED {
        let found = check(connection).map_err(|e| damaged(path, e))?;
        if let Some(found) = found {
            return Err(JournalError::Damaged { path: path.into(), found });
        }
    }
    Ok(version)
}

/// Beginnings of what the check says about a value of a row that its column does not allow (SQLite, "PRAGMA
/// integrity_check"). Such a row is read as one that makes no sense; the file as such is whole.
const OF_ROWS: [&str; 3] = ["non-", "NULL value in ", "CHECK constraint failed in "];

/// Checks the structure of a database. Returns the first fault; `None` if its pages are whole.
fn check(connection: &Connection) -> Result<Option<String>, rusqlite::Error> {
    let mut check = connection.prepare("PRAGMA quick_check(1000)")?;
    let found = check.query_map([], |row| row.get::<_, String>(0))?;
    for found in found {
        let found = found?;
        if OF_ROWS.iter().any(|beginning| found.starts_with(beginning)) {
            tracing::error!(found, "a row of the journal is damaged; it is shown as unreadable");
        } else if found != "ok" {
            return Ok(Some(found));
        }
    }
    Ok(None)
}

/// Migrates the database to this program's format, each step in a transaction of its own.
pub(super) fn migrate(connection: &mut Connection, from: usize) -> Result<(), rusqlite::Error> {
    for (version, migration) in (1_i64..).zip(MIGRATIONS).skip(from) {
        let change = connection.transaction()?;
        change.execute_batch(migration)?;
        change.pragma_update(None, "application_id", APPLICATION)?;
        change.pragma_update(None, "user_version", version)?;
        change.commit()?;
    }
    Ok(())
}

/// Makes the table of figures and the index of starts, if they or a column are missing. They are no part of the format:
/// earlier cores, which do not know them, go on with the file.
pub(super) fn make_figures(connection: &Connection) -> Result<(), rusqlite::Error> {
    connection.execute_batch(
        "CREATE TABLE IF NOT EXISTS figures (session INTEGER PRIMARY KEY, started_by TEXT,
             hints INTEGER NOT NULL, outcome TEXT, names TEXT) STRICT;
         CREATE INDEX IF NOT EXISTS session_started ON session (started_us);",
    )?;
    match has_figures(connection) {
        true => Ok(()),
        false => connection.execute_batch("ALTER TABLE figures ADD COLUMN names TEXT"),
    }
}

/// Returns `true` if a file has the table of figures with all its columns: one that an earlier core wrote, and this one could not, has
/// not.
pub(super) fn has_figures(connection: &Connection) -> bool {
    connection.prepare_cached("SELECT names FROM figures").is_ok()
}

/// Converts an error of the first access to a file: contents that SQLite cannot read are damage.
pub(super) fn damaged(path: &Path, error: rusqlite::Error) -> JournalError {
    match error.sqlite_error_code() {
        Some(ErrorCode::NotADatabase | ErrorCode::DatabaseCorrupt) => {
            JournalError::Damaged { path: path.into(), found: error.to_string() }
        }
        _ => JournalError::Open { path: path.into(), source: error },
    }
}
