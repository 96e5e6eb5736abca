//! Journals of every age: a file of each schema version opens, is brought up to date, and its sessions replay.

use crate::room::START;
use eg_config::Source;
use eg_core::clock::StoppedClock;
use eg_core::config::{CoreConfig, Environment};
use eg_core::engine::{Engine, replay};
use eg_core::journal::{Durability, Journal};
use rusqlite::{Connection, params};
use serde_json::Value;
use std::path::Path;
use std::sync::Arc;

/// Migrations in order: a journal of version N has had the first N of them.
const MIGRATIONS: [&str; 5] = [
    include_str!("../../src/journal/migrations/0001_journal.sql"),
    include_str!("../../src/journal/migrations/0002_seen.sql"),
    include_str!("../../src/journal/migrations/0003_told.sql"),
    include_str!("../../src/journal/migrations/0004_archive.sql"),
    include_str!("../../src/journal/migrations/0005_shows.sql"),
];

/// `EGJ1`, the application id of a journal.
const APPLICATION: i64 = 0x4547_4a31;

/// A recorded session as it stands in `tests/golden`.
fn golden(game: &str) -> Value {
    let file = format!("{}/tests/golden/{game}.json", env!("CARGO_MANIFEST_DIR"));
    serde_json::from_str(&std::fs::read_to_string(file).unwrap()).unwrap()
}

/// Writes the journal that a core of this schema version would have written of a session.
fn write(file: &Path, version: usize, record: &Value, status: &str) {
    let mut connection = Connection::open(file).unwrap();
    connection.pragma_update(None, "synchronous", "OFF").unwrap();
    for migration in &MIGRATIONS[..version] {
        connection.execute_batch(migration).unwrap();
    }
    connection.pragma_update(None, "application_id", APPLICATION).unwrap();
    connection.pragma_update(None, "user_version", version as i64).unwrap();
    let change = connection.transaction().unwrap();
    let session = &record["session"];
    let (id, started) = (session["id"].as_i64(), session["started"].as_i64());
    let ended = (status != "running").then_some(started);
    change
        .execute(
            "INSERT INTO session (id, room, game, config, roster, started_us, ended_us, status)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
            params![
                id,
                session["room"].as_str(),
                session["game"].as_str(),
                session["config"].to_string(),
                session["roster"].to_string(),
                started,
                ended.flatten(),
                status
            ],
        )
        .unwrap();
    if version >= 2 {
        let of_game = session["version"].as_str();
        change.execute("UPDATE session SET version = ?1", [of_game]).unwrap();
    }
    for entry in record["entries"].as_array().unwrap() {
        let place = entry["body"]["boot"].as_str().zip(entry["slot"].as_str());
        let stream = place.map(|(boot, slot)| {
            let new = "INSERT OR IGNORE INTO stream (slot, boot) VALUES (?1, ?2)";
            change.execute(new, (slot, boot)).unwrap();
            let find = "SELECT id FROM stream WHERE slot = ?1 AND boot = ?2";
            change.query_row(find, (slot, boot), |row| row.get::<_, i64>(0)).unwrap()
        });
        let number = entry["id"].as_i64();
        change
            .execute(
                "INSERT INTO entry (id, at_us, kind, slot, session, cause, stream, seq, body)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
                params![
                    number,
                    entry["at"].as_i64(),
                    entry["kind"].as_str(),
                    entry["slot"].as_str(),
                    id,
                    entry["cause"].as_i64(),
                    stream,
                    stream.and(entry["body"]["seq"].as_i64()),
                    entry["body"].to_string()
                ],
            )
            .unwrap();
        for sent in entry["sent"].as_array().into_iter().flatten() {
            write_effect(&change, version, number, sent);
        }
        if let (true, Some(seen)) = (version >= 2, entry["seen"].as_object()) {
            let new = "INSERT INTO seen (entry, timers, views, offers) VALUES (?1, ?2, ?3, ?4)";
            let digest = |name: &str| seen[name].as_i64();
            change
                .execute(new, params![number, digest("timers"), digest("views"), digest("offers")])
                .unwrap();
        }
    }
    change.commit().unwrap();
}

fn write_effect(change: &Connection, version: usize, entry: Option<i64>, sent: &Value) {
    let kind = sent["kind"].as_str();
    if version < 3 && kind == Some("tell") {
        return;
    }
    let new = "INSERT INTO effect (entry, kind, slot, command, body, sent_us)
               VALUES (?1, ?2, ?3, ?4, ?5, ?1)";
    let (slot, command) = (sent["slot"].as_str(), sent["body"]["id"].as_str());
    change.execute(new, params![entry, kind, slot, command, sent["body"].to_string()]).unwrap();
    if version >= 3 {
        let subject = sent["subject"].as_str();
        change
            .execute("UPDATE effect SET subject = ?1 WHERE id = last_insert_rowid()", [subject])
            .unwrap();
    }
}

/// Opens the file as a core that starts now does.
fn open(folder: &Path) -> Engine {
    let source = Source::text("core.yaml", "{}");
    let config = CoreConfig::from_source(&source, &Environment::default()).unwrap();
    let journal = Journal::open(folder.join("eg.db"), Durability::Normal).unwrap();
    Engine::open(&config, journal, Arc::new(StoppedClock::at(START))).unwrap().0
}

#[test]
fn a_journal_of_every_schema_version_opens_and_its_sessions_replay() {
    for version in 1..=MIGRATIONS.len() {
        for game in
            ["night-vote", "majority", "buzzer", "code-lock", "together", "combination", "casino"]
        {
            if game == "casino" && version < 3 {
                // Devices were told nothing by a game then, and the casino did not exist.
                continue;
            }
            let folder = tempfile::tempdir().unwrap();
            let record = golden(game);
            write(&folder.path().join("eg.db"), version, &record, "done");

            let engine = open(folder.path());

            let stored = engine.journal().reader().record(1).unwrap().unwrap();
            let replayed = replay(&stored);
            let lines = record["entries"].as_array().unwrap().len() as u64;
            let entries = replayed.as_ref().map(|it| it.entries);
            assert_eq!(entries, Ok(lines), "{game} of version {version}: {replayed:#?}");
        }
    }
}

#[test]
fn a_session_that_runs_during_the_update_of_any_version_goes_on() {
    for version in 1..=MIGRATIONS.len() {
        let folder = tempfile::tempdir().unwrap();
        let mut record = golden("night-vote");
        record["entries"].as_array_mut().unwrap().truncate(6);
        write(&folder.path().join("eg.db"), version, &record, "running");

        let engine = open(folder.path());

        let entries = engine.journal().reader().entries(0, 100).unwrap();
        let last = entries.last().unwrap();
        assert_eq!((last.kind.word(), last.session), ("resumed", Some(1)), "version {version}");
    }
}
