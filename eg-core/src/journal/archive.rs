//! The archive: one file a month, of the journal's own shape, for what the journal keeps no longer.
//!
//! What leaves is written there, synced, read again and compared before the journal forgets it. A part that is there
//! already is written over by itself: whoever dies in between begins again and loses nothing.

use super::schema::{examine, migrate};
use super::{JournalError, Reader};
use eg_proto::Timestamp;
use rusqlite::{Connection, OpenFlags, params};
use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;

/// Entries outside of sessions that leave at a time.
const BATCH: i64 = 2_000;

/// What leaves the journal at a time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Part {
    /// A session with its entries.
    Session {
        /// Its number.
        session: i64,
        /// The file that holds it from now on.
        file: String,
    },
    /// Entries outside of sessions, by number.
    Loose {
        /// From this one.
        first: i64,
        /// To this one.
        last: i64,
        /// Taken in before this.
        before: Timestamp,
    },
}

/// Entries of no session, and not about one either: what a slot answered belongs to the session that asked.
pub(super) const LOOSE: &str = "session IS NULL AND (cause IS NULL OR NOT EXISTS
     (SELECT 1 FROM entry AS asked WHERE asked.id = entry.cause AND asked.session IS NOT NULL))";

/// The entries of a session: its own, and what slots answered to them.
const OF_SESSION: &str = "(session = ?1 OR session IS NULL AND cause IN
     (SELECT id FROM live.entry WHERE session = ?1))";

/// Writes into the archive.
#[derive(Clone, Debug)]
pub struct Archive {
    folder: PathBuf,
    live: PathBuf,
}

impl Archive {
    /// The archive in `folder`, of the journal in the file `live`.
    pub fn new(folder: impl Into<PathBuf>, live: impl Into<PathBuf>) -> Self {
        Self { folder: folder.into(), live: live.into() }
    }

    /// Writes a session into the file of the month in which it ended, and checks that all of it stands there.
    ///
    /// # Errors
    /// The disk refuses, or what was written is not what stands in the journal.
    pub fn keep_session(&self, session: i64, ended: Timestamp) -> Result<Part, JournalError> {
        let file = month(ended);
        let copy = |archive: &Connection| {
            let change = archive.unchecked_transaction()?;
            let row =
                "INSERT OR REPLACE INTO main.session SELECT * FROM live.session WHERE id = ?1";
            change.execute(row, [session])?;
            copy(&change, OF_SESSION, params![session])?;
            change.commit()
        };
        self.write(&file, copy)?;
        self.compare(&file, OF_SESSION, params![session])?;
        Ok(Part::Session { session, file })
    }

    /// Writes the next entries after number `after` that stand outside of sessions and were taken in before `before`,
    /// and checks that all of them stand there; nothing when there are none.
    ///
    /// # Errors
    /// The disk refuses, or what was written is not what stands in the journal.
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
        let mut archive = Connection::open(&path)
            .map_err(|source| JournalError::Open { path: path.clone(), source })?;
        let version = examine(&archive, &path)?;
        // One file without a log beside it, whole on disk after each commit.
        archive.pragma_update(None, "journal_mode", "DELETE")?;
        archive.pragma_update(None, "synchronous", "EXTRA")?;
        migrate(&mut archive, version)?;
        // An entry may stand in another month's file than its cause.
        archive.pragma_update(None, "foreign_keys", false)?;
        self.attach(&archive)?;
        Ok(change(&archive)?)
    }

    /// Reads the file anew, and compares it row by row with the journal.
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
                 (SELECT 1 FROM main.entry AS kept WHERE kept.id = entry.id AND kept.at_us = entry.at_us
                  AND kept.kind = entry.kind AND kept.body = entry.body AND kept.slot IS entry.slot
                  AND kept.session IS entry.session AND kept.cause IS entry.cause
                  AND kept.stream IS entry.stream AND kept.seq IS entry.seq))
             + (SELECT count(*) FROM live.effect AS effect
                 WHERE effect.entry IN (SELECT id FROM live.entry AS entry WHERE {which}) AND NOT EXISTS
                 (SELECT 1 FROM main.effect AS kept WHERE kept.id = effect.id AND kept.body = effect.body
                  AND kept.entry = effect.entry AND kept.answer IS effect.answer))"
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

/// Copies entries with what they caused.
fn copy(
    archive: &Connection,
    which: &str,
    values: &[&dyn rusqlite::ToSql],
) -> Result<(), rusqlite::Error> {
    let of = format!("SELECT id FROM live.entry AS entry WHERE {which}");
    let copies = [
        format!(
            "INSERT OR REPLACE INTO main.stream SELECT * FROM live.stream WHERE id IN
             (SELECT stream FROM live.entry AS entry WHERE {which})"
        ),
        format!(
            "INSERT OR REPLACE INTO main.entry SELECT * FROM live.entry AS entry WHERE {which}"
        ),
        format!(
            "INSERT OR REPLACE INTO main.effect SELECT * FROM live.effect WHERE entry IN ({of})"
        ),
        format!("INSERT OR REPLACE INTO main.seen SELECT * FROM live.seen WHERE entry IN ({of})"),
    ];
    for copy in copies {
        archive.execute(&copy, values)?;
    }
    Ok(())
}

/// The file of a moment: `2026-11.db`, by UTC.
fn month(at: Timestamp) -> String {
    let day = humantime::format_rfc3339_seconds(UNIX_EPOCH + at.since(Timestamp(0))).to_string();
    format!("{}.db", day.get(..7).unwrap_or("undated"))
}

/// The archive that stands beside a journal when nobody says another.
pub fn beside(journal: &Path) -> PathBuf {
    journal.with_file_name("archive")
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
