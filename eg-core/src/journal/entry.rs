//! Entries of the journal: their kinds, and how one is stored and read.

use super::{Journal, JournalError, Kind, choice, column};
use eg_proto::{Event, SlotId, Text, Timestamp, encode};
use rusqlite::types::{ToSqlOutput, ValueRef};
use rusqlite::{OptionalExtension, Row};
use serde::Serialize;
use serde_json::{Value, json};

/// SQL expression for the press, vote or choice for a player from which an entry follows, as kind and body: for an
/// input that was held, the input itself. NULL if it follows from none. Rows that cannot be read count as choices.
macro_rules! origin {
    ($cause:literal) => {
        concat!(
            "(SELECT CASE origin.kind WHEN 'played' THEN coalesce((SELECT heard.kind || ' ' || heard.body
             FROM entry AS heard WHERE heard.id =
             CASE WHEN json_valid(origin.body) THEN origin.body ->> 'entry' END), 'played ?')
             ELSE origin.kind || ' ' || origin.body END FROM entry AS origin WHERE origin.id = ",
            $cause,
            " AND CASE origin.kind
             WHEN 'act' THEN CASE WHEN json_valid(origin.body) THEN origin.body ->> 'name' = 'proxy' ELSE 1 END
             ELSE origin.kind NOT IN ('request', 'timer', 'resumed', 'result', 'refused', 'gap', 'status', 'note')
             END)"
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

/// Event before its entry has a number: its body is written from it, and nothing else is built of it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct NewEvent<'a> {
    pub(crate) at: Timestamp,
    pub(crate) slot: &'a SlotId,
    pub(crate) session: Option<i64>,
    /// Stream and number of the event; `None` for one of the old contract.
    pub(crate) place: Option<(i64, u64)>,
    pub(crate) event: &'a Event,
}

impl NewEvent<'_> {
    /// Builds the entry of the event, which was stored under the number `id`.
    pub(crate) fn entry(&self, id: i64) -> Entry {
        let Self { at, slot, session, event, .. } = *self;
        let (kind, slot, cause, choice) = (Kind::Event, Some(slot.clone()), None, Vec::new());
        Entry { id, at, kind, slot, session, cause, body: json(event), choice }
    }
}

/// Row of an entry, as it is stored.
struct NewRow<'a> {
    at: Timestamp,
    kind: Kind,
    slot: Option<&'a SlotId>,
    session: Option<i64>,
    cause: Option<i64>,
    place: Option<(i64, u64)>,
    /// Body as JSON, in UTF-8.
    body: &'a [u8],
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
        let choice = self.choice_of(cause)?;
        let text = body.to_string();
        let body_text = text.as_bytes();
        let row = NewRow { at, kind, slot, session, cause, place, body: body_text };
        let Some(id) = self.insert(&row)? else { return Ok(None) };
        Ok(Some(Entry { id, at, kind, slot: slot.cloned(), session, cause, body, choice }))
    }

    /// Stores an event under the next number, and returns that; `None` for one that is stored already.
    pub(crate) fn add_event(&mut self, new: &NewEvent<'_>) -> Result<Option<i64>, JournalError> {
        let NewEvent { at, slot, session, place, event } = *new;
        let body = encode(event);
        let (kind, slot, cause) = (Kind::Event, Some(slot), None);
        self.insert(&NewRow { at, kind, slot, session, cause, place, body: &body })
    }

    fn insert(&mut self, new: &NewRow<'_>) -> Result<Option<i64>, JournalError> {
        let NewRow { at, kind, slot, session, cause, place, body } = *new;
        let id = self.last + 1;
        let (stream, seq) = place.unzip();
        let seq = seq.map(|seq| i64::try_from(seq).unwrap_or(i64::MAX));
        let mut insert = self.connection.prepare_cached(INSERT)?;
        let (slot, body) = (slot.map(SlotId::as_str), ToSqlOutput::Borrowed(ValueRef::Text(body)));
        let row = (id, at.0, kind.word(), slot, session, cause, stream, seq, body);
        if insert.execute(row)? == 0 {
            return Ok(None);
        }
        drop(insert);
        self.last = id;
        Ok(Some(id))
    }

    /// Returns the words of the choice that the entry `cause` tells.
    fn choice_of(&self, cause: Option<i64>) -> Result<Vec<String>, JournalError> {
        let Some(cause) = cause else { return Ok(Vec::new()) };
        let mut find = self.connection.prepare_cached(concat!("SELECT ", origin!("?1")))?;
        Ok(find.query_row([cause], |row| Ok(choice(row, 0))).optional()?.unwrap_or_default())
    }
}

/// Extracts the words of a choice from a column of `origin!`: the entry's kind, a space and the body. A choice that
/// cannot be read has one empty word.
fn choice(row: &Row<'_>, column: usize) -> Vec<String> {
    let origin = match column::text(row, column) {
        Ok(None) => return Vec::new(),
        Ok(Some(origin)) => origin,
        Err(_) => return vec![String::new()],
    };
    let read = |(kind, body)| Some(choice::words(Kind::of(kind)?, &column::parse(body).ok()?));
    origin.split_once(' ').and_then(read).unwrap_or_else(|| vec![String::new()])
}

/// Reads an entry from a row of [`COLUMNS`]. One that makes no sense becomes an entry of the kind `unreadable`, whose
/// body holds the reason and the row as it is.
pub(super) fn read(row: &Row<'_>) -> Result<Entry, rusqlite::Error> {
    let id = row.get(0)?;
    Ok(readable(row, id).unwrap_or_else(|problem| unreadable(row, id, &problem)))
}

fn readable(row: &Row<'_>, id: i64) -> Result<Entry, String> {
    let at = column::number(row, 1)?.ok_or_else(|| "it has no time".to_owned())?;
    let kind = column::some_text(row, 2)?;
    let kind = Kind::of(&kind)
        .filter(|kind| *kind != Kind::Unreadable)
        .ok_or_else(|| format!("no kind of entry is called {kind:?}"))?;
    let slot = column::text(row, 3)?.map(SlotId::new).transpose();
    let slot = slot.map_err(|error| format!("slot: {error}"))?;
    let (session, cause) = (column::number(row, 4)?, column::number(row, 6)?);
    let body =
        column::parse(&column::some_text(row, 5)?).map_err(|error| format!("body: {error}"))?;
    Ok(Entry { id, at: Timestamp(at), kind, slot, session, cause, body, choice: choice(row, 7) })
}

fn unreadable(row: &Row<'_>, id: i64, problem: &str) -> Entry {
    let number = |column| column::number(row, column).ok().flatten();
    let at = Timestamp(number(1).unwrap_or_default());
    let slot = column::text(row, 3).ok().flatten().and_then(|slot| SlotId::new(slot).ok());
    let why = Text::new(
        format!("ligne {id} du journal illisible : {problem}"),
        format!("row {id} of the journal cannot be read: {problem}"),
    );
    let body = json!({ "why": why, "kind": column::lossy(row, 2), "raw": raw(row, 5) });
    let (kind, session, cause) = (Kind::Unreadable, number(4), number(6));
    Entry { id, at, kind, slot, session, cause, body, choice: choice(row, 7) }
}

/// Returns a column as it is: text as such, everything else as `hex:` and its bytes in hexadecimal.
pub(super) fn raw(row: &Row<'_>, column: usize) -> String {
    column::some_text(row, column).unwrap_or_else(|_| {
        let bytes = column::bytes(row, column);
        bytes.iter().fold("hex:".to_owned(), |hex, byte| hex + &format!("{byte:02x}"))
    })
}

/// Converts a value to the JSON that is stored; null if it has none.
pub(crate) fn json<T: Serialize>(value: &T) -> Value {
    serde_json::to_value(value).unwrap_or(Value::Null)
}
