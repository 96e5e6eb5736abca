//! Golden journals: one recorded session of every game in `tests/golden`, replayed in every test run.
//!
//! A changed rule, word or timer is seen here first. When the change is meant, record anew and look at the difference
//! before it is committed: `EG_GOLDEN=record cargo nextest run -p eg-core --test engine golden`. A session of a real
//! evening is as good: `eg-core export SESSION --db eg.db > eg-core/tests/golden/NAME.json`.

use crate::room::{Room, secs};
use eg_core::engine::replay;
use eg_core::ingest::{Arrival, DeviceRequest};
use eg_core::journal::Record;
use eg_proto::EventKind;
use serde_json::{Value, json};
use std::path::{Path, PathBuf};
use std::time::Duration;

/// Function that plays a game once.
type Play = fn(&mut Room);

const GAMES: [(&str, Play); 7] = [
    ("night-vote", night_vote),
    ("majority", majority),
    ("buzzer", buzzer),
    ("code-lock", code_lock),
    ("together", together),
    ("combination", combination),
    ("casino", casino),
];

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden")
}

fn recorded() -> Vec<(String, Record)> {
    let files = std::fs::read_dir(folder()).unwrap().map(|file| file.unwrap().path());
    let files = files.filter(|file| file.extension().is_some_and(|kind| kind == "json"));
    files
        .map(|file| {
            let record = serde_json::from_str(&std::fs::read_to_string(&file).unwrap());
            let name = file.file_name().unwrap().display().to_string();
            let record = record.unwrap_or_else(|error| panic!("{name}: {error}"));
            (name, record)
        })
        .collect()
}

#[test]
fn golden_journals_come_out_as_they_were_recorded() {
    if std::env::var_os("EG_GOLDEN").is_some_and(|word| word == "record") {
        record();
    }

    for (name, record) in recorded() {
        let replayed = replay(&record);
        let entries = replayed.as_ref().map(|it| it.entries);
        assert_eq!(entries, Ok(record.entries.len() as u64), "{name}: {replayed:#?}");
    }
}

#[test]
fn every_game_has_a_golden_journal() {
    let recorded = recorded();
    let games = eg_game::games().into_iter().map(|game| game.kind);
    let of_tests = |kind: &str| kind.starts_with("fragile") || kind == "heats";
    let games: Vec<_> = games.filter(|kind| !of_tests(kind)).collect();

    for kind in &games {
        let found = recorded.iter().find(|(_, record)| record.session.game == *kind);
        let (name, record) = found.unwrap_or_else(|| panic!("{kind} has no golden journal"));
        assert!(record.session.ending.is_some(), "{name} never ends");
        assert!(record.entries.len() >= 8, "{name} tells hardly anything");
    }
    assert_eq!(games.len(), GAMES.len());
}

/// Plays every game once, and stores its record.
fn record() {
    for (game, play) in GAMES {
        let slots = "slots: [slot-01, slot-02, slot-03]";
        let mut room = Room::open(&format!("rooms: {{ main: {{ {slots}, game: night-vote }} }}"));
        (1..=3).for_each(|number| room.greet(number));
        play(&mut room);
        let record = room.reader().record(1).unwrap().unwrap();
        let text = serde_json::to_string_pretty(&record).unwrap();
        std::fs::write(folder().join(format!("{game}.json")), text + "\n").unwrap();
    }
}

/// Starts a session of a game with these settings.
fn begin(room: &mut Room, game: &str, config: Value) {
    room.start_game(Some(game), Some(config)).unwrap();
    room.pass(secs(1));
}

/// Presses and releases a slot's button. `nth` is 1, 2, 3 … for each slot.
fn click(room: &mut Room, slot: usize, nth: u64, input: &str) {
    let clicked = [room.event(slot, 2 * nth - 1, input), room.release(slot, 2 * nth, input)];
    room.arrive(clicked);
    room.pass(Duration::from_millis(150));
}

/// Delivers an event of any other kind.
fn tell(room: &mut Room, slot: usize, seq: u64, input: &str, kind: EventKind) {
    let mut arrival = room.event(slot, seq, input);
    if let Arrival::Event(_, event) = &mut arrival {
        event.kind = kind;
    }
    room.arrive([arrival]);
}

fn night_vote(room: &mut Room) {
    let steps = json!([{ "question": "Who leaves?", "options": ["A", "B"] }]);
    begin(room, "night-vote", json!({ "steps": steps, "grace": "2s", "timeout": "60s" }));
    room.act("next", json!({})).unwrap();
    click(room, 1, 1, "a");
    click(room, 1, 2, "b");
    room.act("pause", json!({})).unwrap();
    room.pass(secs(20));
    room.act("resume", json!({})).unwrap();
    click(room, 2, 1, "a");
    room.leave(3);
    room.crash_for(secs(30));
    room.greet(3);
    click(room, 3, 1, "b");
    room.pass(secs(3));
    room.act("reveal", json!({})).unwrap();
    room.act("finish", json!({})).unwrap();
}

fn majority(room: &mut Room) {
    let config =
        json!({ "question": "Shall we?", "options": ["Yes", "No"], "quorum": 2, "timeout": "30s" });
    begin(room, "majority", config);
    click(room, 1, 1, "yes");
    click(room, 2, 1, "no");
    room.act("kill", json!({ "slot": "slot-02" })).unwrap();
    room.act("revive", json!({ "slot": "slot-02" })).unwrap();
    click(room, 2, 2, "yes");
    room.pass(secs(31));
    room.act("finish", json!({})).unwrap();
}

fn buzzer(room: &mut Room) {
    begin(room, "buzzer", json!({}));
    (1..=3).for_each(|slot| click(room, slot, 1, "a"));
    room.pass(secs(1));
    room.act("arm", json!({})).unwrap();
    let both = [room.event(2, 3, "a"), room.event(1, 3, "a")];
    room.arrive(both);
    room.pass(secs(1));
    room.act("wrong", json!({ "slot": "slot-01" })).unwrap();
    room.act("right", json!({ "slot": "slot-02" })).unwrap();
    room.act("finish", json!({})).unwrap();
}

fn code_lock(room: &mut Room) {
    let opens = json!({ "slot": "slot-01", "output": "lock", "pulse": "2s" });
    let attempts = json!({ "allowed": 1, "lockout": "10s" });
    begin(room, "code-lock", json!({ "code": "red blue", "opens": opens, "attempts": attempts }));
    click(room, 1, 1, "blue");
    click(room, 1, 2, "blue");
    click(room, 1, 3, "red");
    room.pass(secs(11));
    click(room, 1, 4, "red");
    room.pass(secs(6));
    click(room, 1, 5, "red");
    click(room, 1, 6, "blue");
}

fn together(room: &mut Room) {
    begin(room, "together", json!({ "window": "500ms", "hold": "2s" }));
    (1..=3).for_each(|slot| click(room, slot, 1, "a"));
    room.pass(secs(2));
    let all: Vec<_> = (1..=3).map(|slot| room.event(slot, 3, "a")).collect();
    room.arrive(all);
    room.pass(secs(3));
}

fn combination(room: &mut Room) {
    let when = json!({ "all": [{ "on": "slot-01/lid" },
        { "between": { "at": "slot-02/dial", "min": 40.1, "max": 60 } }] });
    begin(room, "combination", json!({ "when": when }));
    let dial = |v| EventKind::Value { v, min: 0.0, max: 100.0, unit: "%".to_owned() };
    tell(room, 1, 1, "lid", EventKind::Switch { on: false });
    tell(room, 2, 1, "dial", dial(12.3));
    tell(room, 1, 2, "lid", EventKind::Switch { on: true });
    tell(room, 2, 2, "dial", dial(40.123_456_789_012_34));
    room.leave(2);
    room.pass(secs(1));
    room.greet(2);
    tell(room, 2, 3, "dial", dial(59.9));
    room.pass(secs(1));
}

fn casino(room: &mut Room) {
    begin(room, "casino", json!({ "cashier": "slot-03" }));
    let mut ask = |body: Value| {
        let slot = body["device_id"].as_str().map(|id| id.parse().unwrap());
        let body = body.as_object().unwrap().clone();
        room.arrive([Arrival::Request(DeviceRequest { slot, body })]);
    };
    let wallet = |op: &str, req: &str, cents: i64| {
        json!({ "op": op, "req_id": req, "device_id": "slot-01", "tag_uid": "04A37C91",
            "amount_cents": cents, "reason": "table 1" })
    };
    ask(wallet("wallet_credit", "1", 5_000));
    ask(wallet("wallet_debit", "2", 1_200));
    ask(wallet("wallet_debit", "2", 1_200));
    ask(wallet("wallet_debit", "3", 9_900));
    ask(
        json!({ "op": "payout_new", "payout_id": "p1", "source": "roulette", "amount_cents": 3_500,
        "meta": { "number": 17 } }),
    );
    ask(json!({ "op": "payout_claim", "req_id": "4", "device_id": "slot-03", "payout_id": "p1",
        "tag_uid": "04A37C91" }));
    room.act("finish", json!({})).unwrap();
}
