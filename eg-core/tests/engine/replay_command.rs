//! Command `eg-core replay` on a journal that a core is writing, on one that was altered, and on a file.

use crate::room::{Room, night};
use serde_json::{Value, json};
use std::path::Path;
use std::process::Command;

/// Plays two nights of two.
fn two_nights() -> Room {
    let mut room = Room::open(&night(2, "{ grace: 0s }"));
    for first in [1, 3] {
        room.start().unwrap();
        room.act("open", json!({ "question": "Who?", "options": ["A", "B"] })).unwrap();
        let votes = [1, 2].map(|number| room.event(number, first, "a"));
        room.arrive(votes);
        let done = [1, 2].map(|number| room.release(number, first + 1, "a"));
        room.arrive(done);
        room.act("finish", json!({})).unwrap();
    }
    room
}

/// Runs `eg-core replay`. Returns its output and its exit code.
fn replay(args: &[&str], db: &Path) -> (String, i32) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_eg-core"));
    let done = command.arg("replay").args(args).env("DB_PATH", db).output().unwrap();
    let said = [done.stdout, done.stderr].concat();
    (String::from_utf8(said).unwrap(), done.status.code().unwrap())
}

#[test]
fn every_session_of_a_journal_that_is_being_written_is_replayed() {
    let room = two_nights();

    let (said, code) = replay(&[], &room.config.db);

    assert_eq!(code, 0, "{said}");
    assert!(said.contains("session 1: night-vote in main"), "{said}");
    assert!(said.ends_with("2 sessions, all as they were recorded\n"), "{said}");
}

#[test]
fn a_row_that_was_altered_is_named_and_the_exit_code_is_1() {
    let room = two_nights();
    let result = room.entries_of("result")[1].clone();
    let file = rusqlite::Connection::open(&room.config.db).unwrap();
    let alter = "UPDATE entry SET body = json_set(body, '$.outcome', ?2) WHERE id = ?1";
    file.execute(alter, (result.id, "B")).unwrap();

    let (said, code) = replay(&[], &room.config.db);
    let (one, fine) = replay(&["1"], &room.config.db);
    let (json, _) = replay(&["2", "--json"], &room.config.db);
    file.execute(alter, (result.id, "A")).unwrap();

    assert_eq!((code, fine), (1, 0), "{said}\n{one}");
    assert!(said.contains(&format!("session 2 differs at entry {}", result.id)), "{said}");
    let told: Value = serde_json::from_str(&json).unwrap();
    assert_eq!(told[0]["difference"]["entry"], result.id);
    assert_eq!(told[0]["difference"]["recorded"]["body"]["outcome"], "B");
    assert_eq!(told[0]["difference"]["came_out"]["body"]["outcome"], "A");
}

#[test]
fn an_exported_session_is_replayed_from_its_file() {
    let room = two_nights();
    let record = room.reader().record(2).unwrap().unwrap();
    let file = room.folder().join("night.json");
    std::fs::write(&file, serde_json::to_string(&record).unwrap()).unwrap();

    let (said, code) = replay(&[file.to_str().unwrap()], &room.config.db);

    assert_eq!(code, 0, "{said}");
    assert!(said.contains("session 2: night-vote in main"), "{said}");
}

#[test]
fn what_cannot_be_replayed_is_said() {
    let room = two_nights();

    let (no_session, one) = replay(&["7"], &room.config.db);
    let (no_journal, two) = replay(&[], &room.folder().join("none.db"));
    let (no_file, three) = replay(&["Cargo.toml"], &room.config.db);

    assert_eq!((one, two, three), (1, 1, 1));
    assert!(no_session.contains("no session 7"), "{no_session}");
    assert!(no_journal.contains("there is no journal at"), "{no_journal}");
    assert!(no_file.contains("is no exported session"), "{no_file}");
}

#[cfg(feature = "demo")]
#[test]
fn a_recorded_session_is_played_again_on_simulated_boards() {
    let golden = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/together.json");
    let mut command = Command::new(env!("CARGO_BIN_EXE_eg-core"));
    command.args(["demo", "--ports", "auto", "--speed", "20", "--json", "--replay"]).arg(golden);

    let done = command.output().unwrap();

    let said = String::from_utf8(done.stdout).unwrap();
    let errors = String::from_utf8(done.stderr).unwrap();
    assert!(done.status.success(), "{said}\n{errors}");
    let said: Value = serde_json::from_str(&said).unwrap();
    assert_eq!(said["same"], true);
    assert_eq!(said["rehearsed"]["ending"], "done");
}
