//! Revision of the rules by which a session is played: kept from its start to its last replay, and decisive for what a
//! replay compares.

use crate::room::{Room, main_room, night, operator, secs};
use eg_core::engine::command::{Command, ShowAct, ShowOrder};
use eg_core::engine::{What, moment, replay};
use eg_core::journal::{Kind, Record};
use eg_game::RULES;
use rusqlite::Connection;
use serde_json::json;
use std::path::Path;
use std::process::Command as Process;

/// Opens the journal's file as another program does.
fn file(room: &Room) -> Connection {
    Connection::open(&room.config.db).unwrap()
}

/// Removes the revision from all sessions, as a core that knew none stored them, and restarts the core.
fn forget_revisions(room: &mut Room) {
    file(room).execute("UPDATE session SET roster = json_remove(roster, '$.rules')", ()).unwrap();
    room.crash();
}

fn rules(room: &Room, session: i64) -> u16 {
    room.reader().record(session).unwrap().unwrap().session.roster.rules()
}

fn golden(name: &str) -> (Record, std::path::PathBuf) {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden").join(name);
    (serde_json::from_str(&std::fs::read_to_string(&file).unwrap()).unwrap(), file)
}

/// Returns a copy of a record with one digest changed.
fn altered(record: &Record, part: fn(&mut eg_core::journal::Seen) -> &mut i64) -> Record {
    let mut record = record.clone();
    let seen = record.entries.iter_mut().filter_map(|line| line.seen.as_mut()).nth(2);
    *part(seen.unwrap()) ^= 1;
    record
}

#[test]
fn a_new_session_is_played_by_the_current_rules() {
    let mut room = Room::open(&night(2, "{}"));

    let session = room.start().unwrap();

    assert_eq!(rules(&room, session), RULES);
}

#[test]
fn a_session_stored_without_a_revision_stays_of_the_first_through_acts_and_restarts() {
    let mut room = Room::open(&night(3, "{}"));
    let session = room.start().unwrap();
    forget_revisions(&mut room);
    let stored = "SELECT roster FROM session";
    let before: String = file(&room).query_row(stored, (), |row| row.get(0)).unwrap();

    room.act("kill", json!({ "slot": "slot-02" })).unwrap();
    room.act("reseat", json!({ "from": "slot-01", "to": "slot-04" })).unwrap();
    room.crash();
    room.act("abort", json!({})).unwrap();

    let after: String = file(&room).query_row(stored, (), |row| row.get(0)).unwrap();
    assert_eq!(rules(&room, session), 1);
    assert_eq!(before, after);
    assert!(!before.contains("rules"), "{before}");
}

#[test]
fn a_show_that_goes_on_takes_its_players_to_the_current_rules() {
    let mut room = Room::open("rooms: { main: { slots: [slot-01, slot-02], game: night-vote } }");
    let item = |name: &str| json!({ "name": name, "game": "night-vote", "config": {} });
    let show = json!({ "show": "An evening", "items": [item("first"), item("second")] });
    let order = |room: &mut Room, act, show| {
        let (room_of, by) = (main_room(), operator());
        let order = ShowOrder { act, item: None, show, reason: Some("a test".to_owned()) };
        room.ask(by, Command::Show { room: room_of, order }).0.unwrap();
    };
    order(&mut room, ShowAct::Start, Some(show));
    forget_revisions(&mut room);

    room.act("kill", json!({ "slot": "slot-02" })).unwrap();
    room.act("finish", json!({})).unwrap();
    room.pass(secs(1));

    let second = room.reader().record(2).unwrap().unwrap().session.roster;
    assert_eq!((rules(&room, 1), second.rules()), (1, RULES));
    assert!(!second.seats[1].alive);
}

#[test]
fn what_an_earlier_session_showed_and_offered_is_not_compared_and_everything_else_is() {
    let (record, _) = golden("majority.json");

    let same = replay(&record).unwrap();
    let views = replay(&altered(&record, |seen| &mut seen.views)).unwrap();
    let offers = replay(&altered(&record, |seen| &mut seen.offers)).unwrap();
    let timers = replay(&altered(&record, |seen| &mut seen.timers)).unwrap_err();
    let mut other = record.clone();
    let result = other.entries.iter_mut().find(|line| line.kind == Kind::Result).unwrap();
    result.body["outcome"] = "No".into();

    assert_eq!(record.session.roster.rules(), 1);
    assert_eq!(views.entries, record.entries.len() as u64);
    assert!(views.not_compared.abs_diff(same.not_compared) <= 1);
    assert!(views.not_compared > 0 && offers.not_compared > 0);
    assert_eq!(timers.what, What::Timers);
    assert_eq!(replay(&other).unwrap_err().what, What::Line);
}

#[test]
fn looking_back_at_an_earlier_session_says_what_was_not_compared() {
    let mut room = Room::open(&night(2, "{}"));
    let session = room.start().unwrap();
    let opened = room.act("open", json!({ "question": "Who?", "options": ["A", "B"] })).unwrap();
    let altered = "UPDATE seen SET views = views + 1, offers = offers + 1 WHERE entry >= ?1";
    file(&room).execute(altered, [opened]).unwrap();
    let current = moment(&room.reader(), session, opened).unwrap().unwrap();
    forget_revisions(&mut room);
    let earlier = moment(&room.reader(), session, opened).unwrap().unwrap();

    assert_eq!(current.difference.unwrap().what, What::Views);
    // What is offered from the start on differs between the revisions as well.
    assert_eq!((earlier.difference, earlier.not_compared), (None, 2));
}

#[test]
fn the_command_says_what_it_did_not_compare() {
    let (record, _) = golden("together.json");
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("together.json");
    let record = altered(&record, |seen| &mut seen.views);
    std::fs::write(&file, serde_json::to_string(&record).unwrap()).unwrap();
    let replay = |args: &[&str]| {
        let mut command = Process::new(env!("CARGO_BIN_EXE_eg-core"));
        let done = command.arg("replay").args(args).output().unwrap();
        (String::from_utf8(done.stdout).unwrap(), done.status.success())
    };

    let (said, fine) = replay(&[file.to_str().unwrap()]);
    let (json, _) = replay(&[file.to_str().unwrap(), "--json"]);

    assert!(fine, "{said}");
    assert!(said.contains("played by revision 1 of the rules"), "{said}");
    assert!(said.contains("not compared"), "{said}");
    let json: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!(json[0]["rules"], 1);
    assert!(json[0]["not_compared"].as_u64() > Some(0), "{json}");
}

#[test]
fn a_session_of_rules_that_are_not_known_yet_is_not_played() {
    let (mut record, _) = golden("together.json");
    record.session.roster = record.session.roster.with_rules(RULES + 1);

    let difference = replay(&record).unwrap_err();

    assert_eq!(difference.what, What::Rules);
    assert_eq!((difference.recorded, difference.came_out), (json!(RULES + 1), json!(RULES)));
}
