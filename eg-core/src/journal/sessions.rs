//! Sessions as the journal keeps them, and the entries that rebuild one.

use super::Entry;
use super::entry::COLUMNS;
use super::{Journal, JournalError, Reveals, entry, reveals};
use eg_game::Roster;
use eg_proto::{RoomId, SlotId, Timestamp};
use rusqlite::{Connection, OptionalExtension, Row};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeSet;

/// Ending of a session.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Ending {
    /// Ended by the game itself.
    Done,
    /// Called off by the operator.
    Aborted,
    /// Failed because its game panicked.
    Failed {
        /// Number of the entry at which it failed.
        at: i64,
        /// Message of the panic.
        why: String,
    },
}

/// Session as stored, from which it can be rebuilt.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KeptSession {
    /// Number of the session.
    pub id: i64,
    /// Room in which it is played.
    pub room: RoomId,
    /// Kind of the game.
    pub game: String,
    /// Version of the game; `None` if the core that started it stored none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
    /// Settings with which the game was started.
    pub config: Value,
    /// Players at the start.
    pub roster: Roster,
    /// Time at which it started.
    pub started: Timestamp,
    /// Ending of the session; `None` while it runs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ending: Option<Ending>,
}

const KEPT: &str = "SELECT id, room, game, config, roster, started_us, status, why, failed_at, version FROM session";

/// Finds a session by its number.
pub(super) fn find(connection: &Connection, id: i64) -> Result<Option<KeptSession>, JournalError> {
    let mut find = connection.prepare_cached(&format!("{KEPT} WHERE id = ?1"))?;
    find.query_row([id], |row| Ok(read(row))).optional()?.transpose()
}

fn read(row: &Row<'_>) -> Result<KeptSession, JournalError> {
    let id: i64 = row.get(0)?;
    let problem = |problem: String| JournalError::Row { table: "session", id, problem };
    let room: String = row.get(1)?;
    let (config, roster): (String, String) = (row.get(3)?, row.get(4)?);
    let status: String = row.get(6)?;
    let ending = match status.as_str() {
        "running" => None,
        "done" => Some(Ending::Done),
        "aborted" => Some(Ending::Aborted),
        _ => Some(Ending::Failed {
            at: row.get::<_, Option<i64>>(8)?.unwrap_or(i64::MAX),
            why: row.get::<_, Option<String>>(7)?.unwrap_or_default(),
        }),
    };
    Ok(KeptSession {
        id,
        room: RoomId::new(room).map_err(|error| problem(error.to_string()))?,
        game: row.get(2)?,
        version: row.get(9)?,
        config: serde_json::from_str(&config).map_err(|error| problem(error.to_string()))?,
        roster: serde_json::from_str(&roster).map_err(|error| problem(error.to_string()))?,
        started: Timestamp(row.get(5)?),
        ending,
    })
}

impl Journal {
    /// Returns the slots that have sent inputs in a session.
    pub(crate) fn heard_in(&self, session: i64) -> Result<BTreeSet<SlotId>, JournalError> {
        let select = "SELECT DISTINCT slot FROM entry WHERE session = ?1 AND kind IN ('vote', 'event') AND slot IS NOT NULL";
        let mut select = self.connection.prepare_cached(select)?;
        let rows = select.query_map([session], |row| row.get::<_, String>(0))?;
        let mut all = BTreeSet::new();
        for slot in rows {
            all.extend(SlotId::new(slot?).ok());
        }
        Ok(all)
    }

    /// Stores a new session and returns its number.
    pub(crate) fn add_session(&mut self, new: &KeptSession) -> Result<i64, JournalError> {
        let add = "INSERT INTO session (room, game, version, config, roster, started_us)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
        let KeptSession { room, game, version, config, roster, started, .. } = new;
        let (config, roster) = (config.to_string(), entry::json(roster).to_string());
        let row = (room.as_str(), game, version, config, roster, started.0);
        self.connection.execute(add, row)?;
        Ok(self.connection.last_insert_rowid())
    }

    pub(crate) fn end_session(
        &mut self,
        id: i64,
        ending: &Ending,
        at: Timestamp,
    ) -> Result<(), JournalError> {
        let (status, why, failed_at) = match ending {
            Ending::Done => ("done", None, None),
            Ending::Aborted => ("aborted", None, None),
            Ending::Failed { at, why } => ("failed", Some(why), Some(at)),
        };
        let end =
            "UPDATE session SET status = ?2, why = ?3, failed_at = ?4, ended_us = ?5 WHERE id = ?1";
        self.connection.execute(end, (id, status, why, failed_at, at.0))?;
        Ok(())
    }

    /// Marks a session as running again, because its ending was undone.
    pub(crate) fn reopen_session(&mut self, id: i64) -> Result<(), JournalError> {
        let reopen =
            "UPDATE session SET status = 'running', why = NULL, failed_at = NULL, ended_us = NULL
             WHERE id = ?1";
        self.connection.execute(reopen, [id])?;
        Ok(())
    }

    /// Returns the last session of every room, running or over.
    pub(crate) fn last_sessions(&self) -> Result<Vec<KeptSession>, JournalError> {
        let last =
            format!("{KEPT} WHERE id IN (SELECT max(id) FROM session GROUP BY room) ORDER BY id");
        let mut last = self.connection.prepare(&last)?;
        let mut rows = last.query([])?;
        let mut all = Vec::new();
        while let Some(row) = rows.next()? {
            all.push(read(row)?);
        }
        Ok(all)
    }

    /// Returns the last session of a game in a room.
    pub(crate) fn last_session_of(
        &self,
        room: &RoomId,
        game: &str,
    ) -> Result<Option<KeptSession>, JournalError> {
        let last = format!("{KEPT} WHERE room = ?1 AND game = ?2 ORDER BY id DESC LIMIT 1");
        let mut last = self.connection.prepare_cached(&last)?;
        last.query_row((room.as_str(), game), |row| Ok(read(row))).optional()?.transpose()
    }

    /// Returns everything that was revealed in a session.
    pub(crate) fn reveals(&self, session: i64) -> Result<Reveals, JournalError> {
        reveals::read(&self.connection, session, i64::MAX)
    }

    /// Passes every entry from number `first` on to `take`, in order, one at a time.
    pub(crate) fn since(
        &self,
        first: i64,
        mut take: impl FnMut(Entry),
    ) -> Result<(), JournalError> {
        let list = format!("SELECT {COLUMNS} FROM entry WHERE id >= ?1 ORDER BY id");
        let mut list = self.connection.prepare(&list)?;
        let mut rows = list.query([first])?;
        while let Some(row) = rows.next()? {
            take(entry::read(row)?);
        }
        Ok(())
    }

    /// Passes every act outside of sessions from number `first` on to `take`, in order, one at a time.
    pub(crate) fn acts_of_core(
        &self,
        first: i64,
        mut take: impl FnMut(Entry),
    ) -> Result<(), JournalError> {
        let list = format!(
            "SELECT {COLUMNS} FROM entry WHERE id >= ?1 AND session IS NULL AND kind = 'act'
             ORDER BY id"
        );
        let mut list = self.connection.prepare(&list)?;
        let mut rows = list.query([first])?;
        while let Some(row) = rows.next()? {
            take(entry::read(row)?);
        }
        Ok(())
    }

    /// Passes every entry of a session that a rebuild needs to `take`, in order, one at a time.
    pub(crate) fn replay(
        &self,
        session: i64,
        mut take: impl FnMut(Entry),
    ) -> Result<(), JournalError> {
        let list = format!(
            "SELECT {COLUMNS} FROM entry WHERE session = ?1 AND kind IN
             ('event', 'vote', 'played', 'act', 'request', 'timer', 'resumed', 'status') ORDER BY id"
        );
        let mut list = self.connection.prepare(&list)?;
        let mut rows = list.query([session])?;
        while let Some(row) = rows.next()? {
            take(entry::read(row)?);
        }
        Ok(())
    }
}
