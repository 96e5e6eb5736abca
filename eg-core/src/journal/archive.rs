//! Archive: one file a month, in the journal's own format, for everything that the journal no longer keeps.
//!
//! Rows that leave are written there, synced, read again and compared before the journal removes them. A part that is
//! there already is overwritten with itself: after a crash in between, the move begins again and nothing is lost.

use super::schema::{examine, migrate};
use super::tables::{EFFECT, ENTRY, SEEN, SESSION, STREAM};
use super::{JournalError, Reader};
use crate::private;
use eg_proto::Timestamp;
use rusqlite::{Connection, OpenFlags, params};
use std::path::PathBuf;
use std::time::UNIX_EPOCH;

/// Number of entries outside of sessions that are archived at a time.
const BATCH: i64 = 2_000;

/// Part of the journal that is archived at a time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Part {
    /// Session with its entries.
    Session {
        /// Number of the session.
        session: i64,
        /// Name of the file that holds it from now on.
        file: String,
    },
    /// Entries outside of sessions, by number.
    Loose {
        /// First number.
        first: i64,
        /// Last number.
        last: i64,
        /// Time before which the core took them in.
        before: Timestamp,
    },
}

/// SQL condition for entries that belong to no session. The answer of a slot belongs to the session that asked.
pub(super) const LOOSE: &str = "session IS NULL AND (cause IS NULL OR NOT EXISTS
     (SELECT 1 FROM entry AS asked WHERE asked.id = entry.cause AND asked.session IS NOT NULL))";

/// SQL condition for the entries of session `?1`: its own, and the answers of slots to them.
const OF_SESSION: &str = "(session = ?1 OR session IS NULL AND cause IN
     (SELECT id FROM live.entry WHERE session = ?1))";

/// Writer of the archive.
#[derive(Clone, Debug)]
pub struct Archive {
    folder: PathBuf,
    live: PathBuf,
}

impl Archive {
    /// Creates a writer for the archive in `folder`, of the journal in the file `live`.
    pub fn new(folder: impl Into<PathBuf>, live: impl Into<PathBuf>) -> Self {
        Self { folder: folder.into(), live: live.into() }
    }

    /// Writes a session into the file of the month in which it ended, and checks that all of it is there.
    ///
    /// # Errors
    /// The disk refuses, or the written rows differ from those of the journal.
    pub fn keep_session(&self, session: i64, ended: Timestamp) -> Result<Part, JournalError> {
        let file = month(ended);
        let copy = |archive: &Connection| {
            let change = archive.unchecked_transaction()?;
            change.execute(&SESSION.copy("id = ?1"), [session])?;
            copy(&change, OF_SESSION, params![session])?;
            change.commit()
        };
        let done = self.write(&file, copy);
        done.and_then(|()| self.compare(&file, OF_SESSION, params![session]))
            .map_err(|error| error.at(&self.folder.join(&file)))?;
        Ok(Part::Session { session, file })
    }

    /// Writes the next entries after number `after` that stand outside of sessions and were taken in before `before`,
    /// and checks that all of them are there; `None` if there are none.
    ///
    /// # Errors
    /// The disk refuses, or the written rows differ from those of the journal.
    pub fn keep_loose(
        &self,
        journal: &Reader,
        after: i64,
        before: Timestamp,
    ) -> Result<Option<Part>, JournalError> {
        let Some((first, last, at)) = journal.loose(after, before, BATCH)? else { return Ok(None) };
        let file = month(at);
        let which = format!("({LOOSE} AND id BETWEEN ?1 AND ?2 AND at_us < ?3)")
            .replace("FROM entry AS asked", "FROM live.entry AS asked");
        let values = params![first, last, before.0];
        self.write(&file, |archive| {
            let change = archive.unchecked_transaction()?;
            copy(&change, &which, values)?;
            change.commit()
        })?;
        self.compare(&file, &which, values)?;
        Ok(Some(Part::Loose { first, last, before }))
    }

    fn write(
        &self,
        file: &str,
        change: impl FnOnce(&Connection) -> Result<(), rusqlite::Error>,
    ) -> Result<(), JournalError> {
        std::fs::create_dir_all(&self.folder)
            .map_err(|source| JournalError::Folder { path: self.folder.clone(), source })?;
        let path = self.folder.join(file);
        private::own(&path)
            .map_err(|source| JournalError::Folder { path: path.clone(), source })?;
        let mut archive = Connection::open(&path)
            .map_err(|source| JournalError::Open { path: path.clone(), source })?;
        let version = examine(&archive, &path)?;
        // One file without a log beside it, whole on disk after each commit.
        archive.pragma_update(None, "journal_mode", "DELETE")?;
        archive.pragma_update(None, "synchronous", "EXTRA")?;
        migrate(&mut archive, version)?;
        // An entry may stand in another month's file than its cause.
        archive.pragma_update(None, "foreign_keys", false)?;
        // A damaged row is kept as it is.
        archive.pragma_update(None, "ignore_check_constraints", true)?;
        self.attach(&archive)?;
        Ok(change(&archive)?)
    }

    /// Reads the file again, and compares it row by row with the journal.
    fn compare(
        &self,
        file: &str,
        which: &str,
        values: &[&dyn rusqlite::ToSql],
    ) -> Result<(), JournalError> {
        let path = self.folder.join(file);
        let archive = Connection::open_with_flags(&path, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
        self.attach(&archive)?;
        let unlike = format!(
            "SELECT (SELECT count(*) FROM live.entry AS entry WHERE {which} AND NOT EXISTS
                 (SELECT 1 FROM main.entry AS kept WHERE kept.id = entry.id AND {}))
             + (SELECT count(*) FROM live.effect AS effect
                 WHERE effect.entry IN (SELECT id FROM live.entry AS entry WHERE {which}) AND NOT EXISTS
                 (SELECT 1 FROM main.effect AS kept WHERE kept.id = effect.id AND {}))",
            ENTRY.same("entry"),
            EFFECT.same("effect"),
        );
        let unlike: i64 = archive.query_row(&unlike, values, |row| row.get(0))?;
        if unlike > 0 {
            let found = format!("{unlike} rows are not what was written");
            return Err(JournalError::Damaged { path, found });
        }
        Ok(())
    }

    fn attach(&self, archive: &Connection) -> Result<(), JournalError> {
        let live = self.live.to_string_lossy();
        archive.execute("ATTACH ?1 AS live", [live])?;
        Ok(())
    }
}

/// Copies entries with their streams, effects and digests.
fn copy(
    archive: &Connection,
    which: &str,
    values: &[&dyn rusqlite::ToSql],
) -> Result<(), rusqlite::Error> {
    let of = format!("SELECT id FROM live.entry AS entry WHERE {which}");
    let stream = format!("id IN (SELECT stream FROM live.entry AS entry WHERE {which})");
    let of_entry = format!("entry IN ({of})");
    let copies = [(&STREAM, &stream), (&ENTRY, &format!("id IN ({of})"))];
    for (table, which) in copies.into_iter().chain([(&EFFECT, &of_entry), (&SEEN, &of_entry)]) {
        archive.execute(&table.copy(which), values)?;
    }
    Ok(())
}

/// Returns the name of the file for a moment, such as `2026-11.db`, by UTC.
fn month(at: Timestamp) -> String {
    let day = humantime::format_rfc3339_seconds(UNIX_EPOCH + at.since(Timestamp(0))).to_string();
    format!("{}.db", day.get(..7).unwrap_or("undated"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_month_has_one_file() {
        assert_eq!(month(Timestamp(1_764_000_000_000_000)), "2025-11.db");
        assert_eq!(month(Timestamp(0)), "1970-01.db");
    }
}
