//! A journal with one row that is not as it was written.

use eg_core::engine::replay;
use eg_core::journal::{Durability, Journal, Reader};
use rusqlite::Connection;
use serde_json::Value;
use std::path::Path;
use std::sync::OnceLock;

/// A night that was played.
const NIGHT: &str = include_str!("../../../eg-core/tests/golden/night-vote.json");

/// Columns that are changed, each with the rows that are meant.
const COLUMNS: [(&str, &str); 30] = [
    ("entry", "at_us"),
    ("entry", "kind"),
    ("entry", "slot"),
    ("entry", "session"),
    ("entry", "cause"),
    ("entry", "stream"),
    ("entry", "seq"),
    ("entry", "body"),
    ("session", "room"),
    ("session", "game"),
    ("session", "config"),
    ("session", "roster"),
    ("session", "started_us"),
    ("session", "ended_us"),
    ("session", "status"),
    ("session", "why"),
    ("session", "failed_at"),
    ("session", "version"),
    ("session", "archived"),
    ("stream", "slot"),
    ("stream", "boot"),
    ("stream", "high"),
    ("seen", "views"),
    ("slot", "slot"),
    ("slot", "hello"),
    ("mark", "value"),
    ("mark", "name"),
    ("quarantine", "why"),
    ("quarantine", "payload"),
    ("awaited", "last"),
];

/// The bytes of a journal that is in order.
fn sound() -> &'static [u8] {
    static MADE: OnceLock<Vec<u8>> = OnceLock::new();
    MADE.get_or_init(|| {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("eg.db");
        drop(Journal::open(&file, Durability::Normal).unwrap());
        fill(&Connection::open(&file).unwrap());
        std::fs::read(&file).unwrap()
    })
}

/// Puts a row into every table.
fn fill(db: &Connection) {
    let night: Value = serde_json::from_str(NIGHT).unwrap();
    let session = &night["session"];
    let text = |value: &Value| value.as_str().map(str::to_owned);
    db.execute_batch(
        "PRAGMA journal_mode = DELETE; PRAGMA foreign_keys = OFF;
         INSERT INTO stream (slot, boot) VALUES ('slot-01', '01M8AH8226VR4141A134TRK1GB');
         INSERT INTO awaited VALUES (1, 900, 901);
         INSERT INTO slot VALUES ('slot-01', '{\"type\":\"slot\",\"version\":\"0.1.0\",\"devices\":[]}', 5);
         INSERT INTO quarantine (at_us, topic, why, bytes, payload) VALUES (5, 'eg/x', 'no', 1, x'00');
         INSERT INTO mark VALUES ('mode', 'night');",
    )
    .unwrap();
    db.execute(
        "INSERT INTO session (id, room, game, version, config, roster, started_us) VALUES (1, 'main', ?1, ?2, ?3, ?4, 1)",
        (
            text(&session["game"]),
            text(&session["version"]),
            session["config"].to_string(),
            session["roster"].to_string(),
        ),
    )
    .unwrap();
    for entry in night["entries"].as_array().unwrap() {
        db.execute(
            "INSERT INTO entry (id, at_us, kind, slot, session, cause, body) VALUES (?1, ?2, ?3, ?4, 1, ?5, ?6)",
            (
                entry["id"].as_i64(),
                entry["at"].as_i64(),
                text(&entry["kind"]),
                text(&entry["slot"]),
                entry["cause"].as_i64(),
                entry["body"].to_string(),
            ),
        )
        .unwrap();
        if let Some(seen) = entry.get("seen") {
            let number = |name: &str| seen[name].as_i64();
            db.execute(
                "INSERT INTO seen VALUES (?1, ?2, ?3, ?4)",
                (entry["id"].as_i64(), number("timers"), number("views"), number("offers")),
            )
            .unwrap();
        }
    }
}

/// Changes one value of one row, and reads the journal in every way.
///
/// An input is a byte that chooses the column, one that chooses the row, and the value: a text, or a number of eight
/// bytes where the column has numbers.
pub(crate) fn row(input: &[u8]) {
    let [column, row, value @ ..] = input else { return };
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("eg.db");
    std::fs::write(&file, sound()).unwrap();
    let (table, column) = COLUMNS[usize::from(*column) % COLUMNS.len()];
    if !change(&file, table, column, *row, value) {
        return;
    }
    // A reader refuses, or tells what it can read; a writer opens it or says why not.
    if let Ok(reader) = Reader::open(&file) {
        read(&reader);
    }
    if let Err(error) = Journal::open(&file, Durability::Normal) {
        assert!(!error.to_string().is_empty());
    }
}

fn change(file: &Path, table: &str, column: &str, row: u8, value: &[u8]) -> bool {
    let db = Connection::open(file).unwrap();
    db.execute_batch("PRAGMA foreign_keys = OFF; PRAGMA ignore_check_constraints = ON;").unwrap();
    let mut number = [0; 8];
    let length = value.len().min(8);
    number[..length].copy_from_slice(&value[..length]);
    let key = if matches!(table, "slot" | "mark" | "awaited") { "1" } else { "rowid" };
    let which = format!(
        "WHERE {key} = (SELECT {key} FROM {table} ORDER BY 1 LIMIT 1 OFFSET {row} % (SELECT count(*) FROM {table}))"
    );
    let numbers =
        ["at_us", "session", "cause", "stream", "seq", "high", "views", "last", "failed_at"];
    if numbers.contains(&column) || column.ends_with("_us") {
        let sql = format!("UPDATE OR IGNORE {table} SET {column} = ?1 {which}");
        return db.execute(&sql, [i64::from_le_bytes(number)]).is_ok();
    }
    // Text that is no UTF-8 gets in as the bytes of a text.
    let cast = if column == "payload" { "?1" } else { "CAST(?1 AS TEXT)" };
    let sql = format!("UPDATE OR IGNORE {table} SET {column} = {cast} {which}");
    db.execute(&sql, [value]).is_ok()
}

fn read(reader: &Reader) {
    let _ = reader.entries(0, 100);
    let _ = reader.entries_before(i64::MAX, 100);
    let _ = reader.acts(1, 0, 100);
    let _ = reader.votes(1, 0, 100);
    let _ = reader.sessions(10);
    let _ = reader.quarantine(10);
    let _ = reader.reveals(1, i64::MAX);
    if let Ok(Some(record)) = reader.record(1) {
        let _ = replay(&record);
    }
}
