//! Confirmation of acts: a reason where an act changes the roster, and a second question where it ends or undoes
//! something.

use crate::room::{Room, main_room, night, operator};
use eg_core::engine::command::{Command, RefusedKind};
use eg_game::Offer;
use serde_json::{Map, Value, json};

/// Names of acts that end or undo something, in any game.
const ENDS: [&str; 9] =
    ["abort", "close", "dead", "finish", "kill", "reopen", "reset", "take-back", "void"];

fn offer(room: &mut Room, name: &str) -> Option<Offer> {
    room.session().offers.into_iter().find(|offer| offer.name == name)
}

fn kill(room: &mut Room, reason: Option<&str>) -> Result<i64, RefusedKind> {
    let args: Map<String, Value> = serde_json::from_value(json!({ "slot": "slot-02" })).unwrap();
    let (name, by, reason) = ("kill".to_owned(), operator(), reason.map(str::to_owned));
    room.ask(by, Command::Act { room: main_room(), name, args, reason })
        .0
        .map_err(|refused| refused.kind)
}

#[test]
fn killing_wants_a_reason() {
    let mut room = Room::open(&night(3, "{}"));
    room.start().unwrap();

    let without = kill(&mut room, None);
    let with = kill(&mut room, Some("bitten"));

    assert_eq!(without, Err(RefusedKind::Invalid));
    assert!(with.is_ok());
    assert_eq!(room.session().acts.last().unwrap().reason.as_deref(), Some("bitten"));
}

#[test]
fn every_act_that_ends_or_undoes_something_asks_first_in_every_game() {
    let mut seen = Vec::new();
    let opened = json!({ "question": "Who?", "options": ["A", "B"] });
    let games = [
        ("night-vote", json!({}), Some(("open", opened))),
        ("majority", json!({ "question": "Yes?", "options": ["Y", "N"] }), None),
        ("buzzer", json!({ "roll_call": false }), None),
        ("code-lock", json!({ "code": "1234" }), None),
    ];
    for (game, config, act) in games {
        let mut room = Room::open(&night(3, "{}"));
        room.start_game(Some(game), Some(config)).unwrap();
        if let Some((name, args)) = act {
            room.act(name, args).unwrap();
        }

        for offer in room.session().offers {
            if ENDS.contains(&offer.name) {
                assert!(offer.grave, "{game} does {} at once", offer.name);
                seen.push(offer.name);
            }
        }
    }
    for name in ["abort", "close", "dead", "kill", "reset", "void"] {
        assert!(seen.contains(&name), "{name} in {seen:?}");
    }
}

#[test]
fn a_session_of_the_first_revision_is_offered_what_it_was_offered() {
    let mut room = Room::open(&night(3, "{}"));
    room.start().unwrap();
    room.act("open", json!({ "question": "Who?", "options": ["A", "B"] })).unwrap();
    let file = rusqlite::Connection::open(&room.config.db).unwrap();
    file.execute("UPDATE session SET roster = json_remove(roster, '$.rules')", ()).unwrap();
    drop(file);
    room.crash();

    let (kill, close) = (offer(&mut room, "kill").unwrap(), offer(&mut room, "close").unwrap());

    assert!(!kill.asks_reason && !close.grave);
}
