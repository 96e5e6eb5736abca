//! Rows that cannot be read: each costs its session at most, and the core starts, lists, replays, exports and archives
//! all the others.

use crate::room::{Room, main_room, operator, secs, slot};
use eg_core::clock::{Clock, StoppedClock};
use eg_core::engine::command::{Actor, Command, Request};
use eg_core::engine::{Engine, moment, replay};
use eg_core::ingest::{Arrival, Delivery, DeviceRequest, Unreadable};
use eg_core::journal::{Durability, Journal, Kind, Reader, Record};
use eg_proto::{NightVote, RoomId};
use rusqlite::Connection;
use rusqlite::types::Value as Cell;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::process::Command as Process;
use std::sync::Arc;
use tempfile::TempDir;
use tokio::sync::oneshot;

/// Settings with a session of every kind of entry.
const YAML: &str = "compat: true
rooms:
  main: { slots: [slot-01, slot-02], game: night-vote, config: { grace: 0s, timeout: 60s } }
  quiz: { slots: [slot-03], game: buzzer, config: {} }
  day: { slots: [], game: casino }";

/// Plays in every room, so that the journal has rows in every table and entries of every kind.
fn played() -> Room {
    let mut room = Room::open(YAML);
    room.greet(1);
    room.roll_call(true).unwrap();
    for (place, at_once) in [("main", false), ("main", true), ("quiz", true)] {
        let place: RoomId = place.parse().unwrap();
        let reason = Some("a test".to_owned());
        let start = Command::Start { room: place.clone(), game: None, config: None, reason };
        room.ask(operator(), start).0.unwrap();
        if !at_once {
            let (name, args) = ("abort".to_owned(), serde_json::Map::new());
            let reason = Some("a test".to_owned());
            room.ask(operator(), Command::Act { room: place, name, args, reason }).0.unwrap();
        }
    }
    room.act("open", json!({ "question": "Who?", "options": ["A", "B"] })).unwrap();
    let vote =
        NightVote { device_id: "slot-02".to_owned(), step: 1, choice: "B".to_owned(), ts: None };
    room.arrive([Arrival::Vote(slot(2), vote.clone())]);
    room.press(1, 1, "zz");
    room.press(1, 2, "a");
    room.arrive([Arrival::Vote(slot(2), NightVote { step: 9, ..vote })]);
    let open = json!({ "question": "Again?", "options": ["A", "B"], "replace": true });
    room.act("open", open).unwrap();
    room.press(3, 1, "a");
    room.press(3, 3, "a");
    room.pass(secs(61));
    let ask =
        json!({ "op": "wallet_get", "req_id": "g", "device_id": "slot-01", "tag_uid": "04A3" });
    let Value::Object(body) = ask else { panic!() };
    room.arrive([Arrival::Request(DeviceRequest { slot: Some(slot(1)), body })]);
    room.arrive([Arrival::Unreadable(Unreadable {
        slot: None,
        topic: "eg/dev/x/status".to_owned(),
        why: "a test".to_owned(),
        payload: b"on line".to_vec(),
    })]);
    room.press(3, 6, "a");
    room.pass(secs(6));
    room.crash_for(secs(5));
    room.press(1, 4, "b");
    room
}

/// Files of a core that has stopped, damaged at one place.
struct Damaged {
    folder: TempDir,
    what: String,
}

impl Damaged {
    /// Writes a value into one column of one row, which its table would refuse.
    fn new(room: &Room, table: &str, column: &str, key: (&str, &Cell), value: &Cell) -> Self {
        let folder = room.copy();
        let open = || {
            let database = Connection::open(folder.path().join("eg.db")).unwrap();
            database.pragma_update(None, "synchronous", false).unwrap();
            database
        };
        let database = open();
        let of_tables = "SELECT name, sql FROM sqlite_schema WHERE type = 'table'";
        let schema: BTreeMap<String, String> = {
            let mut all = database.prepare(of_tables).unwrap();
            let rows = all.query_map([], |row| Ok((row.get(0)?, row.get(1)?))).unwrap();
            rows.map(Result::unwrap).collect()
        };
        write_schema(
            &database,
            table,
            &schema[table].replace("STRICT, ", "").replace("STRICT", ""),
        );
        drop(database);
        let database = open();
        database
            .execute_batch("PRAGMA foreign_keys = OFF; PRAGMA ignore_check_constraints = ON;")
            .unwrap();
        let written = "CASE WHEN typeof(?1) = 'blob' AND substr(?1, 1, 1) = x'fe'
             THEN CAST(substr(?1, 2) AS TEXT) ELSE ?1 END";
        let set = format!("UPDATE {table} SET {column} = {written} WHERE {} IS ?2", key.0);
        assert_eq!(database.execute(&set, (value, key.1)).unwrap(), 1, "{set}");
        write_schema(&database, table, &schema[table]);
        let value = format!("{value:?}").chars().take(60).collect::<String>();
        Self { folder, what: format!("{table}.{column} of {:?} = {value}", key.1) }
    }

    fn file(&self) -> std::path::PathBuf {
        self.folder.path().join("eg.db")
    }

    /// Starts a core on the files, lets it take in a press and start a session, and reads everything.
    fn is_survived(&self, room: &Room) {
        let what = &self.what;
        let mut config = room.config.clone();
        config.db = self.file();
        config.journal.archive = self.folder.path().join("archive");
        let journal = Journal::open(&config.db, Durability::Normal)
            .unwrap_or_else(|error| panic!("{what}: {error}"));
        let clock = Arc::new(StoppedClock::at(room.clock_now()));
        let (mut engine, handle, _) =
            Engine::open(&config, journal, clock.clone() as Arc<dyn Clock>)
                .unwrap_or_else(|error| panic!("{what}: {error}"));
        assert_eq!(handle.state().storage_fault, None, "{what}");
        let event = room.press_anew();
        let came = vec![Delivery { at: clock.now(), what: vec![event], token: None }];
        assert!(engine.round(came, Vec::new()).stored, "{what}");
        for command in [abort(), start()] {
            let (reply, mut answered) = oneshot::channel();
            let by = Actor("operator".to_owned());
            let round = engine.round(Vec::new(), vec![Request { by, command, reply }]);
            assert!(round.stored, "{what}");
            drop(answered.try_recv());
        }
        engine.publish();
        let running = handle.state().rooms[&main_room()].session.clone();
        assert!(running.is_some(), "{what}");
        reads(what, &engine.journal().reader());
        engine.close();
    }
}

fn abort() -> Command {
    let (name, args) = ("abort".to_owned(), serde_json::Map::new());
    Command::Act { room: main_room(), name, args, reason: Some("a test".to_owned()) }
}

fn start() -> Command {
    let reason = Some("a test".to_owned());
    Command::Start { room: main_room(), game: None, config: None, reason }
}

fn write_schema(database: &Connection, table: &str, sql: &str) {
    database.pragma_update(None, "writable_schema", true).unwrap();
    let write = "UPDATE sqlite_schema SET sql = ?2 WHERE type = 'table' AND name = ?1";
    database.execute(write, (table, sql)).unwrap();
}

/// Reads everything that pages, the API and commands read.
fn reads(what: &str, journal: &Reader) {
    let entries = journal.entries(0, 10_000).unwrap_or_else(|error| panic!("{what}: {error}"));
    serde_json::to_string(&journal.redacted(entries).unwrap()).unwrap();
    journal.quarantine(100).unwrap();
    for session in journal.sessions(1_000).unwrap() {
        journal.acts(session.id, 0, 1_000).unwrap();
        journal.votes(session.id, 0, 1_000).unwrap();
        let record = journal.record(session.id).unwrap_or_else(|error| panic!("{what}: {error}"));
        let Some(record) = record else { panic!("{what}: session {} is gone", session.id) };
        let text = serde_json::to_string(&record).unwrap();
        let again = Record::from_json(&text).unwrap();
        // It comes out otherwise than recorded; that it comes out is what counts.
        drop(replay(&again));
        moment(journal, session.id, i64::MAX).unwrap();
    }
}

fn rows(room: &Room, table: &str, key: &str) -> Vec<Cell> {
    let database = Connection::open(&room.config.db).unwrap();
    let mut all = database.prepare(&format!("SELECT {key} FROM {table}")).unwrap();
    let rows = all.query_map([], |row| row.get(0)).unwrap();
    rows.map(Result::unwrap).collect()
}

/// Mark of bytes that are written as a text.
const AS_TEXT: u8 = 0xfe;

/// Builds a text that is no UTF-8.
fn not_utf8(bytes: &[u8]) -> Cell {
    Cell::Blob([&[AS_TEXT], bytes].concat())
}

/// Returns values that stand for every kind of damage to a column.
fn damages(is_text: bool) -> Vec<Cell> {
    match is_text {
        true => vec![
            Cell::Text("no such thing".to_owned()),
            Cell::Text("[".repeat(3_000) + &"]".repeat(3_000)),
            Cell::Text(String::new()),
            Cell::Blob(b"{}".to_vec()),
            not_utf8(b"{\"a\xff\":1}"),
        ],
        false => vec![Cell::Text("abc".to_owned()), Cell::Blob(vec![0, 255]), Cell::Integer(-7)],
    }
}

const TABLES: [(&str, &str, &[&str], &[&str]); 9] = [
    (
        "session",
        "id",
        &["room", "game", "config", "roster", "status", "why", "version", "archived"],
        &["started_us", "ended_us", "failed_at"],
    ),
    ("stream", "id", &["slot", "boot"], &["high"]),
    ("entry", "id", &["kind", "slot", "body"], &["at_us", "session", "cause", "stream", "seq"]),
    ("awaited", "first", &[], &["last"]),
    (
        "effect",
        "id",
        &["kind", "slot", "command", "subject", "body", "answer"],
        &["entry", "expires_us", "sent_us"],
    ),
    ("slot", "slot", &["hello"], &["heard_us"]),
    ("quarantine", "id", &["topic", "why"], &["at_us", "bytes", "payload"]),
    ("mark", "name", &["value"], &[]),
    ("seen", "entry", &[], &["timers", "views", "offers"]),
];

/// Damages every column of the first and the last row of some tables, in every way.
fn is_survived_in(tables: &[&str]) {
    let room = played();
    for (table, key, texts, numbers) in TABLES {
        if !tables.contains(&table) {
            continue;
        }
        let rows = rows(&room, table, key);
        let ends = [rows.first().unwrap(), rows.last().unwrap()];
        for (column, is_text) in
            texts.iter().map(|name| (name, true)).chain(numbers.iter().map(|name| (name, false)))
        {
            for (nth, value) in damages(is_text).iter().enumerate() {
                let row = ends[nth % 2];
                Damaged::new(&room, table, column, (key, row), value).is_survived(&room);
            }
        }
    }
}

#[test]
fn a_core_starts_on_a_journal_with_a_bad_entry_of_every_kind() {
    let room = played();
    let entries = room.entries();
    let kinds: BTreeMap<_, _> = entries.iter().map(|entry| (entry.kind.word(), entry.id)).collect();
    assert_eq!(kinds.len(), 12, "some kinds are missing: {kinds:?}");

    for (nth, id) in kinds.values().enumerate() {
        let value = &damages(true)[nth % 5];
        let key = Cell::Integer(*id);
        Damaged::new(&room, "entry", "body", ("id", &key), value).is_survived(&room);
        Damaged::new(&room, "entry", "kind", ("id", &key), value).is_survived(&room);
    }
}

#[test]
fn a_core_starts_on_a_journal_with_a_bad_column_in_any_entry() {
    is_survived_in(&["entry"]);
}

#[test]
fn a_core_starts_on_a_journal_with_a_bad_column_in_any_session() {
    is_survived_in(&["session"]);
}

#[test]
fn a_core_starts_on_a_journal_with_a_bad_column_in_any_effect() {
    is_survived_in(&["effect", "seen"]);
}

#[test]
fn a_core_starts_on_a_journal_with_a_bad_column_in_any_other_table() {
    is_survived_in(&["stream", "awaited", "slot", "quarantine", "mark"]);
}

#[test]
fn an_entry_that_an_earlier_core_stored_too_deep_is_read_and_its_session_goes_on() {
    let room = played();
    let request = room.entries_of("request")[0].clone();
    let mut body = request.body.clone();
    body["args"]["x"] = (0..126).fold(json!([]), |inner, _| json!([inner]));
    let value = Cell::Text(body.to_string());
    let key = Cell::Integer(request.id);

    let damaged = Damaged::new(&room, "entry", "body", ("id", &key), &value);

    damaged.is_survived(&room);
    let session = request.session.unwrap();
    let record = Reader::open(damaged.file()).unwrap().record(session).unwrap().unwrap();
    assert!(record.entries.iter().all(|line| line.kind != Kind::Unreadable));
    replay(&record).unwrap();
}

#[test]
fn a_bad_row_costs_its_session_and_is_shown_exported_and_archived() {
    let room = played();
    let press =
        room.entries_of("event").into_iter().find(|entry| entry.session == Some(2)).unwrap();
    let key = Cell::Integer(press.id);
    let bad = Cell::Text("{\"boot\":".to_owned());
    let damaged = Damaged::new(&room, "entry", "body", ("id", &key), &bad);

    damaged.is_survived(&room);

    let journal = Reader::open(damaged.file()).unwrap();
    let session = journal.session(2).unwrap().unwrap();
    assert_eq!(session.status, "failed");
    assert!(session.why.unwrap().contains(&format!("row {} of the journal", press.id)));
    let shown = journal.redacted(journal.entries(press.id - 1, 1).unwrap()).unwrap().remove(0);
    assert_eq!(shown.kind, Kind::Unreadable);
    assert!(shown.body["why"]["en"].as_str().unwrap().contains("cannot be read"), "{shown:?}");
    assert_eq!(shown.body.get("raw"), None, "it may tell a choice");
    let record = journal.record(2).unwrap().unwrap();
    let line = record.entries.iter().find(|line| line.id == press.id).unwrap();
    assert_eq!(line.body["raw"], "{\"boot\":");
    assert!(said(&damaged, &["replay"]).contains("not as recorded"));
    assert!(said(&damaged, &["export", "2"]).contains("unreadable"));
    said(&damaged, &["archive", "--older", "1s"]);
    let kept = Reader::open(damaged.file()).unwrap().record(2).unwrap().unwrap();
    assert_eq!(kept, record);
}

#[test]
fn rows_of_every_table_are_archived_however_damaged_they_are() {
    let room = played();
    for (table, key, texts, numbers) in TABLES {
        if ["mark", "slot", "quarantine", "awaited"].contains(&table) {
            continue;
        }
        let row = rows(&room, table, key).remove(0);
        for column in texts.iter().chain(numbers) {
            let bad = Cell::Blob(b"\xff\x00".to_vec());
            let damaged = Damaged::new(&room, table, column, (key, &row), &bad);
            damaged.is_survived(&room);

            let moved = said(&damaged, &["archive", "--older", "1s"]);

            assert!(!moved.starts_with("0 sessions"), "{}: {moved}", damaged.what);
            said(&damaged, &["replay"]);
        }
    }
}

/// Runs a command on damaged files, and returns its output.
fn said(damaged: &Damaged, command: &[&str]) -> String {
    let mut process = Process::new(env!("CARGO_BIN_EXE_eg-core"));
    process.args(command).env("DB_PATH", damaged.file());
    let done = process.output().unwrap();
    let said = String::from_utf8([done.stdout, done.stderr].concat()).unwrap();
    // A replay that differs ends with 1, and says where.
    let is_told = done.status.success() || (command[0] == "replay" && said.contains("session"));
    assert!(is_told, "{}: {command:?}: {said}", damaged.what);
    assert!(!said.contains("panicked"), "{}: {said}", damaged.what);
    said
}
