//! Queries of the journal: entries, sessions and messages that could not be read.

use super::entry::{COLUMNS, Entry};
use super::{JournalError, Reader, Redacted, column, entry};
use eg_proto::Timestamp;
use rusqlite::{OptionalExtension, Params, Row};
use serde::Serialize;

/// Session as a row of a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct SessionRow {
    /// Number of the session.
    pub id: i64,
    /// Room in which it was played.
    pub room: String,
    /// Kind of the game.
    pub game: String,
    /// Status: `running`, `done`, `aborted` or `failed`.
    pub status: String,
    /// Message of a failed game's panic.
    pub why: Option<String>,
    /// Time at which it started, in µs since the Unix epoch.
    pub started: i64,
    /// Time at which it ended, in µs since the Unix epoch; null while it runs.
    pub ended: Option<i64>,
}

/// Message that could not be read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct Quarantined {
    /// Number in the quarantine.
    pub id: i64,
    /// Time of its arrival, in µs since the Unix epoch.
    pub at: i64,
    /// MQTT topic of the message.
    pub topic: String,
    /// Reason why it could not be read.
    pub why: String,
    /// Length of the whole payload, in bytes.
    pub bytes: i64,
    /// Beginning of the payload, with everything that is not UTF-8 replaced.
    pub payload: String,
}

impl Reader {
    /// Returns at most `limit` entries after number `after`, in order.
    ///
    /// # Errors
    /// The journal cannot be read.
    pub fn entries(&self, after: i64, limit: usize) -> Result<Vec<Entry>, JournalError> {
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        self.list("WHERE id > ?1 ORDER BY id LIMIT ?2", (after, limit))
    }

    /// Returns the last `limit` entries before number `before`, in order. Pass `i64::MAX` for the latest of all.
    ///
    /// # Errors
    /// The journal cannot be read.
    pub fn entries_before(&self, before: i64, limit: usize) -> Result<Vec<Entry>, JournalError> {
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        let order = "WHERE id < ?1 ORDER BY id DESC LIMIT ?2";
        let mut all = self.list(order, (before, limit))?;
        all.reverse();
        Ok(all)
    }

    /// Returns at most `limit` entries of a session after number `after`, in order.
    ///
    /// # Errors
    /// The journal cannot be read.
    pub fn entries_of(
        &self,
        session: i64,
        after: i64,
        limit: usize,
    ) -> Result<Vec<Entry>, JournalError> {
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        let order = "WHERE session = ?1 AND id > ?2 ORDER BY id LIMIT ?3";
        self.home(session)?.list(order, (session, after, limit))
    }

    /// Returns at most `limit` of the operator's acts in a session after number `after`, in order. Choices for players
    /// are left out until they are revealed.
    ///
    /// # Errors
    /// The journal cannot be read.
    pub fn acts(
        &self,
        session: i64,
        after: i64,
        limit: usize,
    ) -> Result<Vec<Redacted>, JournalError> {
        self.of_kinds("'act'", session, (after, limit))
    }

    /// Returns at most `limit` of the events and votes of a session after number `after`, in order. The chosen input or
    /// option is left out until it is revealed.
    ///
    /// # Errors
    /// The journal cannot be read.
    pub fn votes(
        &self,
        session: i64,
        after: i64,
        limit: usize,
    ) -> Result<Vec<Redacted>, JournalError> {
        self.of_kinds("'event', 'vote'", session, (after, limit))
    }

    fn of_kinds(
        &self,
        kinds: &str,
        session: i64,
        (after, limit): (i64, usize),
    ) -> Result<Vec<Redacted>, JournalError> {
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        let which =
            format!("WHERE session = ?1 AND kind IN ({kinds}) AND id > ?2 ORDER BY id LIMIT ?3");
        self.redacted(self.home(session)?.list(&which, (session, after, limit))?)
    }

    /// Returns the latest `limit` sessions, the latest first.
    ///
    /// # Errors
    /// The journal cannot be read.
    pub fn sessions(&self, limit: usize) -> Result<Vec<SessionRow>, JournalError> {
        self.sessions_before(i64::MAX, limit)
    }

    /// Returns at most `limit` sessions with a number below `before`, the latest first. Pass `i64::MAX` for the latest
    /// of all.
    ///
    /// # Errors
    /// The journal cannot be read.
    pub fn sessions_before(
        &self,
        before: i64,
        limit: usize,
    ) -> Result<Vec<SessionRow>, JournalError> {
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        self.session_rows("WHERE id < ?1 ORDER BY id DESC LIMIT ?2", (before, limit))
    }

    /// Returns one session by its number; `None` if there is none.
    ///
    /// # Errors
    /// The journal cannot be read.
    pub fn session(&self, id: i64) -> Result<Option<SessionRow>, JournalError> {
        Ok(self.session_rows("WHERE id = ?1", [id])?.pop())
    }

    /// Returns the latest `limit` messages that could not be read, the latest first.
    ///
    /// # Errors
    /// The journal cannot be read.
    pub fn quarantine(&self, limit: usize) -> Result<Vec<Quarantined>, JournalError> {
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        self.with(|connection| {
            let list = "SELECT id, at_us, topic, why, bytes, payload FROM quarantine ORDER BY id DESC LIMIT ?1";
            let mut list = connection.prepare_cached(list)?;
            let rows = list.query_map([limit], |row| {
                let number = |column| column::number(row, column).ok().flatten().unwrap_or_default();
                Ok(Quarantined {
                    id: row.get(0)?,
                    at: number(1),
                    topic: column::lossy(row, 2),
                    why: column::lossy(row, 3),
                    bytes: number(4),
                    payload: column::lossy(row, 5),
                })
            })?;
            Ok(rows.collect::<Result<_, _>>()?)
        })
    }

    /// Returns the time at which the core took in the entry with this number; `None` if there is none.
    ///
    /// # Errors
    /// The journal cannot be read.
    pub fn time_of(&self, entry: i64) -> Result<Option<Timestamp>, JournalError> {
        self.with(|connection| {
            let find = "SELECT at_us FROM entry WHERE id = ?1";
            let time = |row: &Row<'_>| Ok(column::number(row, 0).ok().flatten().map(Timestamp));
            Ok(connection.query_row(find, [entry], time).optional()?.flatten())
        })
    }

    pub(super) fn session_rows(
        &self,
        which: &str,
        values: impl Params,
    ) -> Result<Vec<SessionRow>, JournalError> {
        let list = format!(
            "SELECT id, room, game, status, why, started_us, ended_us FROM session {which}"
        );
        self.with(|connection| {
            let mut list = connection.prepare_cached(&list)?;
            let rows = list.query_map(values, session_row)?;
            Ok(rows.collect::<Result<_, _>>()?)
        })
    }

    /// Returns the entries of a selection, in its order.
    pub(super) fn list(
        &self,
        which: &str,
        values: impl Params,
    ) -> Result<Vec<Entry>, JournalError> {
        let list = format!("SELECT {COLUMNS} FROM entry {which}");
        self.with(|connection| {
            let mut list = connection.prepare_cached(&list)?;
            let rows = list.query_map(values, entry::read)?;
            Ok(rows.collect::<Result<_, _>>()?)
        })
    }
}

/// Reads a session from the columns id, room, game, status, why, start and end.
pub(super) fn session_row(row: &Row<'_>) -> Result<SessionRow, rusqlite::Error> {
    let number = |column| column::number(row, column).ok().flatten();
    Ok(SessionRow {
        id: row.get(0)?,
        room: column::lossy(row, 1),
        game: column::lossy(row, 2),
        status: column::lossy(row, 3),
        why: Some(column::lossy(row, 4)).filter(|why| !why.is_empty()),
        started: number(5).unwrap_or_default(),
        ended: number(6),
    })
}
