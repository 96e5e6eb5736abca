//! Removal of archived rows from the journal, a few at a time.

use super::archive::LOOSE;
use super::sessions::SOUND;
use super::{Journal, JournalError, Part, Reader, SessionRow, column};
use eg_proto::Timestamp;
use rusqlite::{Connection, OptionalExtension, Row};
use std::collections::BTreeMap;

/// Number of entries that are removed in one transaction.
pub(crate) const PRUNE_BATCH: usize = 250;

/// SQL condition for sessions that may be archived: over before `?1`, with entries left in the journal. The last one of
/// its room and game stays: the core shows it, and the next one may carry on from it.
const OUTDATED: &str = "ended_us < ?1 AND (archived IS NULL
     OR EXISTS (SELECT 1 FROM entry WHERE entry.session = session.id))
     AND EXISTS (SELECT 1 FROM session AS next
         WHERE next.room = session.room AND next.game = session.game AND next.id > session.id)";

/// Rows that were removed from the journal.
#[derive(Debug)]
pub(crate) struct Forgotten {
    /// Number of entries, without the answers removed with them.
    pub(crate) entries: usize,
    /// Highest event number of each stream among them.
    pub(crate) streams: BTreeMap<i64, u64>,
}

impl Reader {
    /// Returns the next session after number `after` that was over before `before` and may be archived.
    pub(crate) fn outdated(
        &self,
        after: i64,
        before: Timestamp,
    ) -> Result<Option<SessionRow>, JournalError> {
        let which = format!("WHERE id > ?2 AND {OUTDATED} ORDER BY id LIMIT 1");
        Ok(self.session_rows(&which, (before.0, after))?.pop())
    }

    /// Returns the number of sessions that may be archived, and of entries with them.
    pub(crate) fn outdated_count(&self, before: Timestamp) -> Result<(u64, u64), JournalError> {
        let count = format!(
            "SELECT (SELECT count(*) FROM session WHERE {OUTDATED}), (SELECT count(*) FROM entry
             WHERE session IN (SELECT id FROM session WHERE {OUTDATED}) OR ({LOOSE} AND at_us < ?1))"
        );
        self.with(|connection| {
            let count = connection.query_row(&count, [before.0], |row| {
                Ok((row.get::<_, i64>(0)?, row.get::<_, i64>(1)?))
            })?;
            Ok((count.0.unsigned_abs(), count.1.unsigned_abs()))
        })
    }

    /// Returns the next range of entries outside of sessions: its first number, its last, and the time of the first.
    pub(super) fn loose(
        &self,
        after: i64,
        before: Timestamp,
        limit: i64,
    ) -> Result<Option<(i64, i64, Timestamp)>, JournalError> {
        let next = format!(
            "SELECT min(id), max(id), min(at_us) FROM (SELECT id, at_us FROM entry
             WHERE {LOOSE} AND id > ?1 AND id < ?4 AND at_us < ?2 AND id < (SELECT max(id) FROM entry)
             ORDER BY id LIMIT ?3)"
        );
        self.with(|connection| {
            let end = end_of(connection, before)?;
            let mut next = connection.prepare_cached(&next)?;
            let found = next.query_row((after, before.0, limit, end), |row| {
                Ok((
                    row.get::<_, Option<i64>>(0)?,
                    row.get::<_, Option<i64>>(1)?,
                    row.get::<_, Option<i64>>(2)?,
                ))
            })?;
            let (Some(first), Some(last), Some(at)) = found else { return Ok(None) };
            Ok(Some((first, last, Timestamp(at))))
        })
    }
}

/// Returns the number from which on no entry was taken in before `before`. Times do not go back from one entry to the next,
/// so a few rows of the journal tell, however many it has.
fn end_of(connection: &Connection, before: Timestamp) -> Result<i64, JournalError> {
    let bounds =
        "SELECT coalesce((SELECT min(id) FROM entry), 0), coalesce((SELECT max(id) FROM entry), 0)";
    let (mut low, mut high) = connection
        .query_row(bounds, [], |row| Ok((row.get::<_, i64>(0)?, row.get::<_, i64>(1)?)))?;
    let find = "SELECT id, at_us FROM entry WHERE id >= ?1 ORDER BY id LIMIT 1";
    let mut find = connection.prepare_cached(find)?;
    while low < high {
        let middle = low + (high - low) / 2;
        let (id, at) = find.query_row([middle], |row| Ok((row.get::<_, i64>(0)?, time(row, 1))))?;
        if at < before { low = id + 1 } else { high = middle }
    }
    Ok(low)
}

/// Reads a time; 0 for one that makes no sense.
fn time(row: &Row<'_>, place: usize) -> Timestamp {
    Timestamp(column::number(row, place).ok().flatten().unwrap_or_default())
}

impl Journal {
    /// Removes at most `limit` entries of a part that the archive holds. From the first call on, readers find the
    /// session in the archive.
    pub(crate) fn forget(&mut self, part: &Part, limit: usize) -> Result<Forgotten, JournalError> {
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        let entries = match part {
            Part::Session { session, file } => {
                self.keep_missing_figures(*session)?;
                let moved = format!(
                    "UPDATE session SET archived = ?2, why = CAST(why AS TEXT),
                     status = CASE WHEN status IN ('running', 'done', 'aborted', 'failed') THEN status ELSE 'failed' END,
                     failed_at = CAST(failed_at AS INTEGER), {SOUND} WHERE id = ?1"
                );
                self.connection.prepare_cached(&moved)?.execute((session, file))?;
                // The latest first: nothing is left without its cause.
                let next = "SELECT id FROM entry WHERE session = ?1 ORDER BY id DESC LIMIT ?2";
                self.numbers(next, (session, limit))?
            }
            Part::Loose { first, last, before } => {
                let next = format!(
                    "SELECT id FROM entry WHERE {LOOSE} AND id BETWEEN ?1 AND ?2 AND at_us < ?3 AND id < ?4
                     AND NOT EXISTS (SELECT 1 FROM entry AS later WHERE later.cause = entry.id)
                     ORDER BY id DESC LIMIT ?5"
                );
                // The last entry of all stays: numbers go on from it.
                self.numbers(&next, (first, last, before.0, self.last, limit))?
            }
        };
        let mut forgotten = Forgotten { entries: entries.len(), streams: BTreeMap::new() };
        for entry in entries {
            self.forget_entry(entry, &mut forgotten)?;
        }
        Ok(forgotten)
    }

    fn numbers(&self, sql: &str, values: impl rusqlite::Params) -> Result<Vec<i64>, JournalError> {
        let mut numbers = self.connection.prepare_cached(sql)?;
        let rows = numbers.query_map(values, |row| row.get(0))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Removes an entry with its effects, and the answers of slots to them.
    fn forget_entry(&mut self, entry: i64, forgotten: &mut Forgotten) -> Result<(), JournalError> {
        let answers = "SELECT id FROM entry WHERE cause = ?1 ORDER BY id DESC";
        for answer in self.numbers(answers, [entry])? {
            self.forget_entry(answer, forgotten)?;
        }
        let place = "SELECT stream, seq FROM entry WHERE id = ?1 AND typeof(stream) = 'integer'
             AND typeof(seq) = 'integer'";
        let mut place = self.connection.prepare_cached(place)?;
        let place: Option<(i64, i64)> =
            place.query_row([entry], |row| Ok((row.get(0)?, row.get(1)?))).optional()?;
        if let Some(place) = place {
            let high = forgotten.streams.entry(place.0).or_default();
            *high = (*high).max(place.1.unsigned_abs());
            let known = "UPDATE OR IGNORE stream SET high = max(CAST(high AS INTEGER), ?2),
                 slot = coalesce(CAST(slot AS TEXT), ''), boot = coalesce(CAST(boot AS TEXT), '') WHERE id = ?1";
            self.connection.prepare_cached(known)?.execute(place)?;
        }
        for table in ["seen WHERE entry", "effect WHERE entry", "entry WHERE id"] {
            let forget = format!("DELETE FROM {table} = ?1");
            self.connection.prepare_cached(&forget)?.execute([entry])?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::journal::Durability;

    #[test]
    fn what_is_older_ends_where_the_first_younger_entry_stands_with_gaps_or_without() {
        let folder = tempfile::tempdir().unwrap();
        let journal = Journal::open(folder.path().join("eg.db"), Durability::Normal).unwrap();
        let add = "INSERT INTO entry (id, at_us, kind, body) VALUES (?1, ?1 * 10, 'note', '{}')";
        let end = |before| end_of(&journal.connection, Timestamp(before)).unwrap();
        assert_eq!(end(10), 0);

        for id in (1..=4).chain(9..=20).chain(100..=103) {
            journal.connection.execute(add, [id]).unwrap();
        }

        assert_eq!([end(0), end(10), end(11), end(40)], [1, 1, 2, 4]);
        for before in 41..=90 {
            assert!((5..=9).contains(&end(before)), "{before}");
        }
        assert_eq!([end(91), end(1_001), end(1_021)], [10, 101, 103]);
        assert!(end(i64::MAX) >= 103);
    }
}
