//! Record of a session: everything that the journal holds of it, as one value that a file can carry.

use super::Entry;
use super::entry::COLUMNS;
use super::{EffectKind, JournalError, KeptSession, Kind, Reader, Seen, column, sessions};
use eg_proto::{SlotId, Timestamp};
use rusqlite::{CachedStatement, Connection, OptionalExtension, Row};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::ops::ControlFlow;

/// Format of a record's file.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Format {
    /// First format.
    #[default]
    #[serde(rename = "eg-session-1")]
    One,
}

/// Record of one session, with all its entries.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Record {
    /// Format of this document.
    pub format: Format,
    /// Session as it started, and its ending.
    pub session: KeptSession,
    /// Entries of the session, in order.
    pub entries: Vec<Line>,
}

/// Entry of a session, with the messages that it caused and the digests of what could be seen afterwards.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Line {
    /// Number in the journal.
    pub id: i64,
    /// Time at which the core took it in, in µs since the Unix epoch.
    pub at: Timestamp,
    /// Kind of the entry.
    pub kind: Kind,
    /// Slot that it is about, if it is about one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub slot: Option<SlotId>,
    /// Number of the entry that it follows from; `None` for a cause.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cause: Option<i64>,
    /// Fields of its kind, as JSON.
    pub body: Value,
    /// Messages that were sent because of it, in order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sent: Vec<Sent>,
    /// Digests of what could be seen afterwards; `None` if more happened before the session was rendered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seen: Option<Seen>,
}

/// Message that an entry caused.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sent {
    /// Destination of the message.
    pub kind: EffectKind,
    /// Slot to which it went; `None` for everybody.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub slot: Option<SlotId>,
    /// Payload, as JSON.
    pub body: Value,
    /// Answer of the slot to a command: `done`, `refused` or `expired`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answer: Option<String>,
}

impl Record {
    /// Reads a record from the text of its file, also one with an entry that is deeper than the network may send now.
    ///
    /// # Errors
    /// The text is no record.
    pub fn from_json(text: &str) -> Result<Self, serde_json::Error> {
        column::read_document(text)
    }
}

impl Line {
    /// Returns the entry alone, for a replay.
    pub fn entry(&self, session: i64) -> Entry {
        let (kind, slot, body) = (self.kind, self.slot.clone(), self.body.clone());
        let (id, at, session, choice) = (self.id, self.at, Some(session), Vec::new());
        Entry { id, at, kind, slot, session, cause: self.cause, body, choice }
    }
}

/// Builds the SQL that selects rows for [`line`].
fn select(which: &str) -> String {
    format!(
        "SELECT {COLUMNS}, timers, views, offers
         FROM entry LEFT JOIN seen ON seen.entry = entry.id {which}"
    )
}

impl Reader {
    /// Returns the record of a whole session; `None` if there is no session of this number.
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

    /// Builds a value from a session with `begin`, and passes it every entry in order until `take` breaks. All is read
    /// as of one moment. `None` if there is no such session.
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

    /// Returns one entry of a session with the messages that it caused; `None` if the session has no entry of this
    /// number.
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
    let digest = |column| column::number(row, column).ok().flatten();
    let seen = (|| Some(Seen { timers: digest(8)?, views: digest(9)?, offers: digest(10)? }))();
    Ok(Line { id, at, kind, slot, cause, body, sent, seen })
}

/// Reads a message. One that makes no sense is of the kind `unreadable`, with the reason and the row as it is.
fn read_sent(row: &Row<'_>) -> Result<Sent, rusqlite::Error> {
    Ok(readable(row).unwrap_or_else(|problem| {
        let raw = super::entry::raw(row, 2);
        let body = json!({ "problem": problem, "kind": column::lossy(row, 0), "raw": raw });
        let slot = column::text(row, 1).ok().flatten().and_then(|slot| SlotId::new(slot).ok());
        let answer = column::text(row, 3).ok().flatten();
        Sent { kind: EffectKind::Unreadable, slot, body, answer }
    }))
}

fn readable(row: &Row<'_>) -> Result<Sent, String> {
    let kind = column::some_text(row, 0)?;
    let kind =
        EffectKind::of(&kind).ok_or_else(|| format!("no kind of effect is called {kind:?}"))?;
    let slot = column::text(row, 1)?.map(SlotId::new).transpose();
    let slot = slot.map_err(|error| format!("slot: {error}"))?;
    let body = column::parse(&column::some_text(row, 2)?)?;
    Ok(Sent { kind, slot, body, answer: column::text(row, 3)? })
}
