//! Streams: the numbered events of one start of one slot's agent, and the numbers that are still awaited.

use super::{Journal, JournalError, Reader, column};
use eg_proto::{Boot, SlotId};
use rusqlite::{OptionalExtension, Row};
use std::collections::BTreeMap;

/// Stream as the journal knows it.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct StreamRow {
    pub(crate) id: i64,
    /// Highest number stored; 0 before the first.
    pub(crate) high: u64,
    /// Highest number whose entry has left the journal.
    pub(crate) left: u64,
    /// Ranges of numbers, first and last, that were skipped and may still come, lowest first.
    pub(crate) awaited: Vec<(u64, u64)>,
}

impl Journal {
    /// Returns the stream of an agent's start, which is created at the first event.
    pub(crate) fn stream(&mut self, slot: &SlotId, boot: Boot) -> Result<StreamRow, JournalError> {
        let boot = boot.to_string();
        let find = "SELECT id, high FROM stream WHERE slot = ?1 AND boot = ?2";
        let known: Option<(i64, i64)> = self
            .connection
            .prepare_cached(find)?
            .query_row((slot.as_str(), &boot), |row| Ok((row.get(0)?, number_in(row, 1))))
            .optional()?;
        let Some((id, left)) = known else {
            let add = "INSERT INTO stream (slot, boot) VALUES (?1, ?2)";
            self.connection.prepare_cached(add)?.execute((slot.as_str(), &boot))?;
            let id = self.connection.last_insert_rowid();
            return Ok(StreamRow { id, high: 0, left: 0, awaited: Vec::new() });
        };
        let high = "SELECT seq FROM entry WHERE stream = ?1 AND typeof(seq) = 'integer' ORDER BY seq DESC LIMIT 1";
        let high: Option<i64> =
            self.connection.query_row(high, [id], |row| row.get(0)).optional()?;
        let high = high.unwrap_or_default();
        let number = |n: i64| u64::try_from(n).unwrap_or(0);
        let awaited = self.awaited_of(id)?.into_iter().collect();
        Ok(StreamRow { id, high: number(high.max(left)), left: number(left), awaited })
    }

    /// Reads the ranges of a stream's numbers that are awaited, by their first number.
    fn awaited_of(&self, stream: i64) -> Result<BTreeMap<u64, u64>, JournalError> {
        let ranges = "SELECT first, last FROM awaited WHERE stream = ?1";
        let mut ranges = self.connection.prepare_cached(ranges)?;
        let number = |row: &Row<'_>, column| u64::try_from(number_in(row, column)).unwrap_or(0);
        let rows = ranges.query_map([stream], |row| Ok((number(row, 0), number(row, 1))))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Stores the ranges of a stream's numbers that are awaited. Only ranges that have changed are written.
    pub(crate) fn await_numbers(
        &mut self,
        stream: i64,
        ranges: impl IntoIterator<Item = (u64, u64)>,
    ) -> Result<(), JournalError> {
        let ranges: BTreeMap<u64, u64> = ranges.into_iter().collect();
        let stored = match self.awaited.remove(&stream) {
            Some(stored) => stored,
            None => self.awaited_of(stream)?,
        };
        let number = |n: u64| i64::try_from(n).unwrap_or(i64::MAX);
        let drop_range = "DELETE FROM awaited WHERE stream = ?1 AND first = ?2";
        for (first, _) in stored.iter().filter(|(first, _)| !ranges.contains_key(first)) {
            self.connection.prepare_cached(drop_range)?.execute((stream, number(*first)))?;
        }
        let add = "INSERT INTO awaited (stream, first, last) VALUES (?1, ?2, ?3)
             ON CONFLICT (stream, first) DO UPDATE SET last = excluded.last";
        for (first, last) in ranges.iter().filter(|(first, last)| stored.get(first) != Some(last)) {
            let row = (stream, number(*first), number(*last));
            self.connection.prepare_cached(add)?.execute(row)?;
        }
        if !ranges.is_empty() {
            self.awaited.insert(stream, ranges);
        }
        Ok(())
    }

    /// Stores when a slot was last heard, and its hello if given.
    pub(crate) fn keep_hello(
        &mut self,
        slot: &SlotId,
        hello: Option<&str>,
        heard: eg_proto::Timestamp,
    ) -> Result<(), JournalError> {
        let keep = "INSERT INTO slot (slot, hello, heard_us) VALUES (?1, ?2, ?3) ON CONFLICT (slot)
             DO UPDATE SET hello = coalesce(excluded.hello, CAST(hello AS TEXT)), heard_us = excluded.heard_us";
        self.connection.prepare_cached(keep)?.execute((slot.as_str(), hello, heard.0))?;
        Ok(())
    }

    /// Returns every slot that was ever heard, with its last hello and the time when it was last heard, in µs since the
    /// Unix epoch.
    pub(crate) fn slots(&self) -> Result<Vec<(String, Option<String>, i64)>, JournalError> {
        let mut all = self.connection.prepare("SELECT slot, hello, heard_us FROM slot")?;
        let rows = all.query_map([], |row| {
            Ok((column::lossy(row, 0), column::text(row, 1).ok().flatten(), number_in(row, 2)))
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }
}

impl Reader {
    /// Returns the last hello of every slot that ever sent one, as slot and JSON.
    pub(crate) fn hellos(&self) -> Result<Vec<(String, String)>, JournalError> {
        self.with(|connection| {
            let list = "SELECT slot, hello FROM slot WHERE hello IS NOT NULL ORDER BY slot";
            let mut all = connection.prepare(list)?;
            let rows =
                all.query_map([], |row| Ok((column::lossy(row, 0), column::lossy(row, 1))))?;
            Ok(rows.collect::<Result<_, _>>()?)
        })
    }
}

fn number_in(row: &Row<'_>, column: usize) -> i64 {
    column::number(row, column).ok().flatten().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::journal::Durability;

    #[test]
    fn of_many_awaited_ranges_only_the_changed_one_is_written() {
        let folder = tempfile::tempdir().unwrap();
        let mut journal = Journal::open(folder.path().join("eg.db"), Durability::Normal).unwrap();
        let slot = SlotId::new("slot-01").unwrap();
        journal.begin().unwrap();
        let stream = journal.stream(&slot, Boot(ulid::Ulid::nil())).unwrap().id;
        let before = journal.connection.total_changes();

        for ranges in 1..=500_u64 {
            journal.await_numbers(stream, (1..=ranges).map(|n| (n * 2, n * 2))).unwrap();
        }
        let written = journal.connection.total_changes() - before;
        journal.await_numbers(stream, (2..=500_u64).map(|n| (n * 2, n * 2))).unwrap();
        journal.commit().unwrap();

        assert_eq!(written, 500);
        let kept = journal.stream(&slot, Boot(ulid::Ulid::nil())).unwrap().awaited;
        assert_eq!((kept.len(), kept[0]), (499, (4, 4)));
    }

    #[test]
    fn ranges_that_a_refused_round_wrote_are_written_again() {
        let folder = tempfile::tempdir().unwrap();
        let mut journal = Journal::open(folder.path().join("eg.db"), Durability::Normal).unwrap();
        let slot = SlotId::new("slot-01").unwrap();
        journal.begin().unwrap();
        let stream = journal.stream(&slot, Boot(ulid::Ulid::nil())).unwrap().id;
        journal.await_numbers(stream, [(2, 3)]).unwrap();
        journal.commit().unwrap();

        journal.begin().unwrap();
        journal.await_numbers(stream, []).unwrap();
        journal.rollback();
        journal.begin().unwrap();
        journal.await_numbers(stream, [(2, 3), (5, 6)]).unwrap();
        journal.commit().unwrap();

        let kept = journal.stream(&slot, Boot(ulid::Ulid::nil())).unwrap().awaited;
        assert_eq!(kept, [(2, 3), (5, 6)]);
    }
}
