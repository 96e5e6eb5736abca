//! A recorded session: everything the journal holds of it, as one value that a file can carry.

use super::Entry;
use super::entry::COLUMNS;
use super::{EffectKind, JournalError, KeptSession, Kind, Reader, Seen, sessions};
use eg_proto::{SlotId, Timestamp};
use rusqlite::{CachedStatement, Connection, OptionalExtension, Row};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::ops::ControlFlow;

/// The shape of a record's file.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Format {
    /// The first.
    #[default]
    #[serde(rename = "eg-session-1")]
    One,
}

/// One session with all that happened in it and all that followed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Record {
    /// The shape of this document.
    pub format: Format,
    /// The session itself, and how it ended.
    pub session: KeptSession,
    /// Its entries in their order.
    pub entries: Vec<Line>,
}

/// One entry of a session, with what it caused outside and what could be seen afterwards.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Line {
    /// Its number in the journal.
    pub id: i64,
    /// When the core took it in, µs since the Unix epoch.
    pub at: Timestamp,
    /// What it is.
    pub kind: Kind,
    /// Where, when it has a place.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub slot: Option<SlotId>,
    /// The entry that it follows from; none when it is a cause itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cause: Option<i64>,
    /// The thing itself.
    pub body: Value,
    /// What was sent because of it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sent: Vec<Sent>,
    /// What could be seen afterwards; none when more happened before anybody looked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seen: Option<Seen>,
}

/// One message that an entry caused.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sent {
    /// Where it went.
    pub kind: EffectKind,
    /// To which slot; none when to everybody.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub slot: Option<SlotId>,
    /// What was published.
    pub body: Value,
    /// What came of a command.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answer: Option<String>,
}

impl Line {
    /// The entry alone, for a replay.
    pub fn entry(&self, session: i64) -> Entry {
        let (kind, slot, body) = (self.kind, self.slot.clone(), self.body.clone());
        let (id, at, session, choice) = (self.id, self.at, Some(session), Vec::new());
        Entry { id, at, kind, slot, session, cause: self.cause, body, choice }
    }
}

/// A row as [`line`] reads it.
fn select(which: &str) -> String {
    format!(
        "SELECT {COLUMNS}, timers, views, offers
         FROM entry LEFT JOIN seen ON seen.entry = entry.id {which}"
    )
}

impl Reader {
    /// A whole session; nothing when there is none of this number.
    ///
    /// # Errors
    /// The journal cannot be read.
    pub fn record(&self, session: i64) -> Result<Option<Record>, JournalError> {
        let begin = |session| Record { format: Format::One, session, entries: Vec::new() };
        self.play_back(session, begin, |record, line| {
            record.entries.push(line);
            ControlFlow::Continue(())
        })
    }

    /// Begins with a session and takes its entries one after the other, as long as it goes on; all as they stood at
    /// one moment.
    ///
    /// # Errors
    /// The journal cannot be read.
    pub fn play_back<T>(
        &self,
        session: i64,
        begin: impl FnOnce(KeptSession) -> T,
        mut take: impl FnMut(&mut T, Line) -> ControlFlow<()>,
    ) -> Result<Option<T>, JournalError> {
        self.home(session)?.with(|connection| {
            let moment = connection.unchecked_transaction()?;
            let Some(kept) = sessions::find(&moment, session)? else { return Ok(None) };
            let mut into = begin(kept);
            let list = select("WHERE session = ?1 ORDER BY id");
            let mut list = moment.prepare_cached(&list)?;
            let mut sent = prepare_sent(&moment)?;
            let mut rows = list.query([session])?;
            while let Some(row) = rows.next()? {
                if take(&mut into, line(row, &mut sent)?).is_break() {
                    break;
                }
            }
            Ok(Some(into))
        })
    }

    /// One entry of a session with what it caused; nothing when there is none of this number in it.
    ///
    /// # Errors
    /// The journal cannot be read.
    pub fn line(&self, session: i64, entry: i64) -> Result<Option<Line>, JournalError> {
        self.home(session)?.with(|connection| {
            let find = select("WHERE id = ?1 AND session = ?2");
            let mut find = connection.prepare_cached(&find)?;
            let mut sent = prepare_sent(connection)?;
            Ok(find.query_row([entry, session], |row| line(row, &mut sent)).optional()?)
        })
    }
}

fn prepare_sent(connection: &Connection) -> Result<CachedStatement<'_>, rusqlite::Error> {
    let list = "SELECT kind, slot, body, answer FROM effect WHERE entry = ?1 ORDER BY id";
    connection.prepare_cached(list)
}

fn line(row: &Row<'_>, sent: &mut CachedStatement<'_>) -> Result<Line, rusqlite::Error> {
    let Entry { id, at, kind, slot, cause, body, .. } = super::entry::read(row)?;
    let sent = sent.query_map([id], read_sent)?.collect::<Result<_, _>>()?;
    let seen = match row.get::<_, Option<i64>>(8)? {
        Some(timers) => Some(Seen { timers, views: row.get(9)?, offers: row.get(10)? }),
        None => None,
    };
    Ok(Line { id, at, kind, slot, cause, body, sent, seen })
}

fn read_sent(row: &Row<'_>) -> Result<Sent, rusqlite::Error> {
    let wrong = |column: usize, error: Box<dyn std::error::Error + Send + Sync>| {
        rusqlite::Error::FromSqlConversionFailure(column, rusqlite::types::Type::Text, error)
    };
    let (kind, slot): (String, Option<String>) = (row.get(0)?, row.get(1)?);
    let kind = EffectKind::of(&kind)
        .ok_or_else(|| wrong(0, format!("no kind of effect is called {kind:?}").into()))?;
    let slot = slot.map(SlotId::new).transpose().map_err(|error| wrong(1, error.into()))?;
    let body: String = row.get(2)?;
    let body = serde_json::from_str(&body).map_err(|error| wrong(2, error.into()))?;
    Ok(Sent { kind, slot, body, answer: row.get(3)? })
}
