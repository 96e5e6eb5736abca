//! Replay of recorded sessions: each comes out as it was recorded; if it does not, the first entry that differs is
//! named.

use crate::room::{Room, night, secs};
use eg_core::engine::{Difference, What, replay};
use eg_core::journal::{Kind, Record};
use serde_json::json;

/// Plays a night of three with a change of mind, an outage, a refusal, a timer, a reveal and a result.
fn night_of_three() -> Room {
    let night = night(3, "{ grace: 2s, timeout: 60s, missing: abstain }");
    let mut room = Room::open(&format!("compat: true\n{night}"));
    room.greet(1);
    room.greet(2);
    room.start().unwrap();
    room.act("open", json!({ "question": "Who?", "options": ["A", "B"] })).unwrap();
    room.press(1, 1, "a");
    let changed = [room.release(1, 2, "a"), room.event(1, 3, "b")];
    room.arrive(changed);
    room.crash_for(secs(30));
    let burst = [room.event(2, 1, "b"), room.event(3, 1, "a"), room.release(3, 2, "a")];
    room.arrive(burst);
    room.leave(2);
    room.pass(secs(5));
    room.act("close", json!({})).unwrap_err();
    room.act("reveal", json!({})).unwrap();
    room.press(3, 3, "b");
    room
}

fn record(room: &Room, session: i64) -> Record {
    room.reader().record(session).unwrap().unwrap()
}

fn parted(record: &Record) -> Difference {
    *replay(record).expect_err("it comes out the same")
}

#[test]
fn a_replay_of_the_journal_equals_the_live_state() {
    let mut room = night_of_three();

    let running = record(&room, 1);
    room.act("finish", json!({})).unwrap();
    let over = record(&room, 1);

    assert_eq!(replay(&running).map(|it| it.entries), Ok(running.entries.len() as u64));
    assert_eq!(replay(&over).map(|it| it.entries), Ok(over.entries.len() as u64));
    assert!(over.entries.iter().any(|line| line.kind == Kind::Result));
    assert!(over.entries.iter().any(|line| !line.sent.is_empty()));
    assert!(over.entries.iter().filter(|line| line.seen.is_some()).count() > 8);
}

#[test]
fn a_record_survives_its_file() {
    let record = record(&night_of_three(), 1);

    let file = serde_json::to_string_pretty(&record).unwrap();

    assert_eq!(serde_json::from_str::<Record>(&file).unwrap(), record);
}

#[test]
fn a_press_that_was_altered_is_named() {
    let mut record = record(&night_of_three(), 1);
    let pressed = record.entries.iter_mut().find(|line| line.body["input"] == "b").unwrap();
    pressed.body["input"] = "a".into();
    let altered = pressed.id;

    let difference = parted(&record);

    assert!(difference.entry >= altered, "{difference}");
    assert!(difference.recorded != difference.came_out, "{difference}");
}

#[test]
fn a_result_that_was_altered_is_named_with_what_came_out() {
    let mut record = record(&night_of_three(), 1);
    let result = record.entries.iter_mut().find(|line| line.kind == Kind::Result).unwrap();
    result.body["outcome"] = "A".into();
    let (altered, at) = (result.id, result.at);

    let difference = parted(&record);

    assert_eq!((difference.entry, difference.at, difference.what), (altered, at, What::Line));
    assert_eq!(difference.recorded["body"]["outcome"], "A");
    assert_eq!(difference.came_out["body"]["outcome"], "B");
}

#[test]
fn what_is_missing_from_a_record_is_named() {
    let mut record = record(&night_of_three(), 1);
    let place = record.entries.iter().position(|line| line.kind == Kind::Result).unwrap();
    record.entries.remove(place);

    let difference = parted(&record);

    assert_eq!(difference.what, What::Line);
    assert_eq!(difference.came_out["kind"], "result");
}

#[test]
fn a_message_that_was_altered_is_named() {
    let mut record = record(&night_of_three(), 1);
    let line = record
        .entries
        .iter_mut()
        .find(|line| line.kind == Kind::Act && line.body["name"] == "open");
    let line = line.unwrap();
    line.sent[0].body["question"] = "Whom?".into();
    let altered = line.id;

    let difference = parted(&record);

    assert_eq!((difference.entry, difference.what), (altered, What::Sent));
}

#[test]
fn what_was_seen_otherwise_is_named() {
    let record = record(&night_of_three(), 1);
    let alter = |part: fn(&mut eg_core::journal::Seen) -> &mut i64| {
        let mut altered = record.clone();
        let seen = altered.entries.iter_mut().filter_map(|line| line.seen.as_mut()).nth(3);
        *part(seen.unwrap()) ^= 1;
        parted(&altered).what
    };

    assert_eq!(alter(|seen| &mut seen.timers), What::Timers);
    assert_eq!(alter(|seen| &mut seen.views), What::Views);
    assert_eq!(alter(|seen| &mut seen.offers), What::Offers);
}

#[test]
fn an_ending_that_was_altered_is_named() {
    let mut room = night_of_three();
    room.act("finish", json!({})).unwrap();
    let mut record = record(&room, 1);
    record.session.ending = Some(eg_core::journal::Ending::Aborted);

    assert_eq!(parted(&record).what, What::Ending);
}

#[test]
fn a_game_whose_rules_changed_is_named_at_the_first_entry_it_plays_otherwise() {
    let mut room = Room::open("rooms: { main: { slots: [slot-01], game: fragile, config: {} } }");
    room.start().unwrap();
    room.press(1, 1, "wrong");
    room.press(1, 2, "bell");
    room.pass(secs(11));
    let same = record(&room, 1);
    let mut changed = same.clone();
    changed.session.game = "fragile-of-tomorrow".to_owned();

    let difference = parted(&changed);

    replay(&same).unwrap();
    let bell = same.entries.iter().find(|line| line.body["input"] == "bell").unwrap();
    assert_eq!((difference.entry, difference.what), (bell.id, What::Timers), "{difference}");
}

#[test]
fn failed_sessions_fail_again_in_the_same_way() {
    for fatal in ["boom", "mirror", "loop"] {
        let mut room =
            Room::open("rooms: { main: { slots: [slot-01], game: fragile, config: {} } }");
        room.start().unwrap();
        room.press(1, 1, "bell");
        room.press(1, 2, fatal);

        let record = record(&room, 1);

        assert_eq!(
            replay(&record).map(|it| it.entries),
            Ok(record.entries.len() as u64),
            "{fatal}"
        );
        let mut healed = record.clone();
        let cause = healed.entries.iter_mut().find(|line| line.body["input"] == fatal).unwrap();
        cause.body["input"] = "bell".into();
        assert!(replay(&healed).is_err(), "{fatal}");
    }
}

#[test]
fn a_session_that_was_aborted_is_aborted_again() {
    let mut room = Room::open(&night(2, "{}"));
    room.start().unwrap();
    room.act("pause", json!({})).unwrap();
    room.press(1, 1, "a");
    room.act("resume", json!({})).unwrap();
    room.act("abort", json!({})).unwrap();

    replay(&record(&room, 1)).unwrap();
}

#[test]
fn an_act_that_was_undone_is_undone_again() {
    let mut room = Room::open(&night(3, "{ grace: 0s, timeout: 60s, missing: abstain }"));
    room.start().unwrap();
    room.act("open", json!({ "question": "Who?", "options": ["A", "B"] })).unwrap();
    let killed = room.act("kill", json!({ "slot": "slot-03" })).unwrap();
    room.press(1, 1, "a");
    room.press(2, 1, "a");
    let finished = room.act("finish", json!({})).unwrap();
    room.act("undo", json!({ "entry": finished })).unwrap();
    room.act("undo", json!({ "entry": killed })).unwrap();
    room.press(3, 1, "b");
    room.pass(secs(61));

    let record = record(&room, 1);

    assert_eq!(replay(&record).map(|it| it.entries), Ok(record.entries.len() as u64));
    assert!(record.entries.iter().any(|line| line.body.get("undone") == Some(&killed.into())));
}
