//! Sessions as the journal keeps them, and the entries that rebuild one.

use super::{Journal, JournalError, entry};
use crate::handle::Entry;
use eg_game::Roster;
use eg_proto::{RoomId, Timestamp};
use serde_json::Value;

/// How a session ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Ending {
    Done,
    Aborted,
    /// Its game panicked at this entry, and said this.
    Failed {
        at: i64,
        why: String,
    },
}

/// A session that can be rebuilt.
#[derive(Clone, Debug)]
pub(crate) struct KeptSession {
    pub(crate) id: i64,
    pub(crate) room: RoomId,
    pub(crate) game: String,
    pub(crate) config: Value,
    pub(crate) roster: Roster,
    pub(crate) started: Timestamp,
    pub(crate) ending: Option<Ending>,
}

impl Journal {
    pub(crate) fn add_session(
        &mut self,
        room: &RoomId,
        game: &str,
        config: &Value,
        roster: &Roster,
        started: Timestamp,
    ) -> Result<i64, JournalError> {
        let add = "INSERT INTO session (room, game, config, roster, started_us) VALUES (?1, ?2, ?3, ?4, ?5)";
        let row =
            (room.as_str(), game, config.to_string(), entry::json(roster).to_string(), started.0);
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

    /// The session was over and goes on: what had ended it is undone.
    pub(crate) fn reopen_session(&mut self, id: i64) -> Result<(), JournalError> {
        let reopen =
            "UPDATE session SET status = 'running', why = NULL, failed_at = NULL, ended_us = NULL
             WHERE id = ?1";
        self.connection.execute(reopen, [id])?;
        Ok(())
    }

    /// The last session of every room, running or over.
    pub(crate) fn last_sessions(&self) -> Result<Vec<KeptSession>, JournalError> {
        let list =
            "SELECT id, room, game, config, roster, started_us, status, why, failed_at FROM session
             WHERE id IN (SELECT max(id) FROM session GROUP BY room) ORDER BY id";
        let mut list = self.connection.prepare(list)?;
        let mut rows = list.query([])?;
        let mut all = Vec::new();
        while let Some(row) = rows.next()? {
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
            all.push(KeptSession {
                id,
                room: RoomId::new(room).map_err(|error| problem(error.to_string()))?,
                game: row.get(2)?,
                config: serde_json::from_str(&config).map_err(|e| problem(e.to_string()))?,
                roster: serde_json::from_str(&roster).map_err(|e| problem(e.to_string()))?,
                started: Timestamp(row.get(5)?),
                ending,
            });
        }
        Ok(all)
    }

    /// Hands every entry from number `first` on to `take`, in order, one at a time.
    pub(crate) fn since(
        &self,
        first: i64,
        mut take: impl FnMut(Entry),
    ) -> Result<(), JournalError> {
        let list =
            "SELECT id, at_us, kind, slot, session, body FROM entry WHERE id >= ?1 ORDER BY id";
        let mut list = self.connection.prepare(list)?;
        let mut rows = list.query([first])?;
        while let Some(row) = rows.next()? {
            take(entry::read(row)?);
        }
        Ok(())
    }

    /// Hands every entry of a session that a rebuild needs to `take`, in order, one at a time.
    pub(crate) fn replay(
        &self,
        session: i64,
        mut take: impl FnMut(Entry),
    ) -> Result<(), JournalError> {
        let list = "SELECT id, at_us, kind, slot, session, body FROM entry WHERE session = ?1
             AND kind IN ('event', 'vote', 'act', 'timer', 'resumed', 'status') ORDER BY id";
        let mut list = self.connection.prepare(list)?;
        let mut rows = list.query([session])?;
        while let Some(row) = rows.next()? {
            take(entry::read(row)?);
        }
        Ok(())
    }
}
