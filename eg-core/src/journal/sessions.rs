//! Sessions as the journal keeps them, and the entries that rebuild one.

use super::Entry;
use super::entry::COLUMNS;
use super::{Journal, JournalError, Reveals, column, entry, reveals};
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
    /// Description of what is wrong with the stored row; `None` if all of it can be read. A session whose row cannot be
    /// read is not played; its settings are then the text as stored.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unreadable: Option<String>,
}

const KEPT: &str = "SELECT id, room, game, config, roster, started_us, status, why, failed_at, version FROM session";

/// Finds a session by its number.
pub(super) fn find(connection: &Connection, id: i64) -> Result<Option<KeptSession>, JournalError> {
    let mut find = connection.prepare_cached(&format!("{KEPT} WHERE id = ?1"))?;
    Ok(find.query_row([id], read).optional()?)
}

/// SQL assignments that make a damaged row of `session` one that can be changed: each value gets its column's type, and
/// keeps its bytes.
pub(super) const SOUND: &str =
    "room = coalesce(CAST(room AS TEXT), ''), game = coalesce(CAST(game AS TEXT), ''),
     config = coalesce(CAST(config AS TEXT), ''), roster = coalesce(CAST(roster AS TEXT), ''),
     started_us = coalesce(CAST(started_us AS INTEGER), 0), version = CAST(version AS TEXT)";

/// Name of the room of a session whose row names none.
const NOWHERE: &str = "unreadable";

fn read(row: &Row<'_>) -> Result<KeptSession, rusqlite::Error> {
    let id: i64 = row.get(0)?;
    readable(row, id).or_else(|problem| unreadable(row, id, problem))
}

fn readable(row: &Row<'_>, id: i64) -> Result<KeptSession, String> {
    let document = |column| column::parse(&column::some_text(row, column)?);
    let roster = document(4).map_err(|error| format!("roster: {error}"))?;
    Ok(KeptSession {
        id,
        room: RoomId::new(column::some_text(row, 1)?).map_err(|error| format!("room: {error}"))?,
        game: column::some_text(row, 2)?,
        version: column::text(row, 9)?,
        config: document(3).map_err(|error| format!("config: {error}"))?,
        roster: serde_json::from_value(roster).map_err(|error| format!("roster: {error}"))?,
        started: Timestamp(column::number(row, 5)?.ok_or_else(|| "it has no start".to_owned())?),
        ending: ending(row),
        unreadable: None,
    })
}

fn unreadable(row: &Row<'_>, id: i64, problem: String) -> Result<KeptSession, rusqlite::Error> {
    let room = column::text(row, 1).ok().flatten().and_then(|room| RoomId::new(room).ok());
    let room = match room {
        Some(room) => room,
        None => RoomId::new(NOWHERE).map_err(|error| {
            rusqlite::Error::FromSqlConversionFailure(1, rusqlite::types::Type::Text, error.into())
        })?,
    };
    let roster = column::text(row, 4).ok().flatten();
    let roster = roster.and_then(|roster| serde_json::from_str(&roster).ok());
    Ok(KeptSession {
        id,
        room,
        game: column::lossy(row, 2),
        version: column::text(row, 9).ok().flatten(),
        config: Value::String(entry::raw(row, 3)),
        roster: roster.unwrap_or_default(),
        started: Timestamp(column::number(row, 5).ok().flatten().unwrap_or_default()),
        ending: ending(row),
        unreadable: Some(problem),
    })
}

fn ending(row: &Row<'_>) -> Option<Ending> {
    match column::lossy(row, 6).as_str() {
        "running" => None,
        "done" => Some(Ending::Done),
        "aborted" => Some(Ending::Aborted),
        _ => Some(Ending::Failed {
            at: column::number(row, 8).ok().flatten().unwrap_or(i64::MAX),
            why: column::lossy(row, 7),
        }),
    }
}

impl Journal {
    /// Returns the slots that have sent inputs in a session.
    pub(crate) fn heard_in(&self, session: i64) -> Result<BTreeSet<SlotId>, JournalError> {
        let select = "SELECT DISTINCT slot FROM entry WHERE session = ?1 AND kind IN ('vote', 'event') AND slot IS NOT NULL";
        let mut select = self.connection.prepare_cached(select)?;
        let rows = select.query_map([session], |row| Ok(column::lossy(row, 0)))?;
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
        let end = format!(
            "UPDATE session SET status = ?2, why = ?3, failed_at = ?4, ended_us = ?5,
             archived = CAST(archived AS TEXT), {SOUND} WHERE id = ?1"
        );
        self.connection.execute(&end, (id, status, why, failed_at, at.0))?;
        self.keep_figures(id)
    }

    /// Marks a session as running again, because its ending was undone.
    pub(crate) fn reopen_session(&mut self, id: i64) -> Result<(), JournalError> {
        let reopen =
            "UPDATE session SET status = 'running', why = NULL, failed_at = NULL, ended_us = NULL
             WHERE id = ?1";
        self.connection.execute(reopen, [id])?;
        self.drop_figures(id)
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
        Ok(last.query_row((room.as_str(), game), read).optional()?)
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

    /// Passes every entry of a session that a rebuild needs to `take`, in order, one at a time; those that cannot be
    /// read are among them.
    pub(crate) fn replay(
        &self,
        session: i64,
        mut take: impl FnMut(Entry),
    ) -> Result<(), JournalError> {
        let list = format!(
            "SELECT {COLUMNS} FROM entry WHERE session = ?1
             AND kind NOT IN ('result', 'refused', 'gap', 'note') ORDER BY id"
        );
        let mut list = self.connection.prepare(&list)?;
        let mut rows = list.query([session])?;
        while let Some(row) = rows.next()? {
            take(entry::read(row)?);
        }
        Ok(())
    }
}
