//! Entries of the journal: their kinds, and how one is stored and read.

use super::{Journal, JournalError, Kind, choice};
use eg_proto::{SlotId, Timestamp};
use rusqlite::{CachedStatement, OptionalExtension, Row};
use serde::Serialize;
use serde_json::Value;

/// SQL expression for the press, vote or choice for a player from which an entry follows, as kind and body: for an
/// input that was held, the input itself. NULL if it follows from none.
macro_rules! origin {
    ($cause:literal) => {
        concat!(
            "(SELECT CASE origin.kind WHEN 'played' THEN (SELECT heard.kind || ' ' || heard.body
             FROM entry AS heard WHERE heard.id = origin.body ->> 'entry')
             ELSE origin.kind || ' ' || origin.body END FROM entry AS origin WHERE origin.id = ",
            $cause,
            " AND (origin.kind IN ('event', 'vote', 'played')
             OR (origin.kind = 'act' AND origin.body ->> 'name' = 'proxy')))"
        )
    };
}

/// Entry of the journal. It leaves the core only as a [`Redacted`](super::Redacted) one.
#[derive(Clone, Debug, PartialEq, schemars::JsonSchema)]
pub struct Entry {
    /// Number in the journal: 1, 2, 3 …, and the id of the server-sent event.
    pub id: i64,
    /// Time at which the core took it in, µs since the Unix epoch.
    pub at: Timestamp,
    /// Kind of entry.
    #[schemars(with = "String")]
    pub kind: Kind,
    /// Slot that it is about, if it is about one.
    pub slot: Option<SlotId>,
    /// Session in which it stands, if it stands in one.
    pub session: Option<i64>,
    /// Entry that it follows from; `None` for a cause.
    pub cause: Option<i64>,
    /// Fields of its kind, as JSON.
    pub body: Value,
    /// Words of the choice from which it follows: the body may repeat them.
    #[schemars(skip)]
    pub choice: Vec<String>,
}

/// Entry before it has its number.
#[derive(Debug)]
pub(crate) struct NewEntry<'a> {
    pub(crate) at: Timestamp,
    pub(crate) kind: Kind,
    pub(crate) slot: Option<&'a SlotId>,
    pub(crate) session: Option<i64>,
    /// Number of the entry that this one follows from.
    pub(crate) cause: Option<i64>,
    /// Stream and number of an event; `None` for other entries.
    pub(crate) place: Option<(i64, u64)>,
    pub(crate) body: Value,
}

/// Columns that [`read`] expects.
pub(super) const COLUMNS: &str = concat!(
    "entry.id, entry.at_us, entry.kind, entry.slot, entry.session, entry.body, entry.cause, ",
    origin!("entry.cause")
);

const INSERT: &str = "INSERT INTO entry (id, at_us, kind, slot, session, cause, stream, seq, body)
     VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9) ON CONFLICT (stream, seq) WHERE stream IS NOT NULL DO NOTHING";

impl Journal {
    /// Stores an entry under the next number; `None` for an event that is stored already.
    pub(crate) fn add(&mut self, new: NewEntry<'_>) -> Result<Option<Entry>, JournalError> {
        let NewEntry { at, kind, slot, session, cause, place, body } = new;
        let id = self.last + 1;
        let choice = self.choice_of(cause)?;
        let text = body.to_string();
        let (stream, seq) = place.unzip();
        let seq = seq.map(|seq| i64::try_from(seq).unwrap_or(i64::MAX));
        let mut insert: CachedStatement<'_> = self.connection.prepare_cached(INSERT)?;
        let slot_text = slot.map(SlotId::as_str);
        let row = (id, at.0, kind.word(), slot_text, session, cause, stream, seq, text);
        if insert.execute(row)? == 0 {
            return Ok(None);
        }
        drop(insert);
        self.last = id;
        Ok(Some(Entry { id, at, kind, slot: slot.cloned(), session, cause, body, choice }))
    }

    /// Returns the words of the choice that the entry `cause` tells.
    fn choice_of(&self, cause: Option<i64>) -> Result<Vec<String>, JournalError> {
        let Some(cause) = cause else { return Ok(Vec::new()) };
        let mut find = self.connection.prepare_cached(concat!("SELECT ", origin!("?1")))?;
        let origin: Option<Option<String>> =
            find.query_row([cause], |row| row.get(0)).optional()?;
        Ok(origin.flatten().map(|origin| choice(&origin)).unwrap_or_default())
    }
}

/// Extracts the words of a choice from the result of `origin!`: the entry's kind, a space and the body.
fn choice(origin: &str) -> Vec<String> {
    let (kind, body) = origin.split_once(' ').unwrap_or_default();
    let body = serde_json::from_str(body).unwrap_or_default();
    Kind::of(kind).map(|kind| choice::words(kind, &body)).unwrap_or_default()
}

/// Reads an entry from a row of [`COLUMNS`].
pub(super) fn read(row: &Row<'_>) -> Result<Entry, rusqlite::Error> {
    let wrong = |column: usize, error: Box<dyn std::error::Error + Send + Sync>| {
        rusqlite::Error::FromSqlConversionFailure(column, rusqlite::types::Type::Text, error)
    };
    let kind: String = row.get(2)?;
    let kind = Kind::of(&kind)
        .ok_or_else(|| wrong(2, format!("no kind of entry is called {kind:?}").into()))?;
    let slot: Option<String> = row.get(3)?;
    let slot = slot.map(SlotId::new).transpose().map_err(|error| wrong(3, error.into()))?;
    let body: String = row.get(5)?;
    let body = serde_json::from_str(&body).map_err(|error| wrong(5, error.into()))?;
    let (id, at, session) = (row.get(0)?, Timestamp(row.get(1)?), row.get(4)?);
    let (cause, origin): (_, Option<String>) = (row.get(6)?, row.get(7)?);
    let choice = origin.map(|origin| choice(&origin)).unwrap_or_default();
    Ok(Entry { id, at, kind, slot, session, cause, body, choice })
}

/// Converts a value to the JSON that is stored; null if it has none.
pub(crate) fn json<T: Serialize>(value: &T) -> Value {
    serde_json::to_value(value).unwrap_or(Value::Null)
}
