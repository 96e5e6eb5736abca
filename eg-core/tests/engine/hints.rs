//! Hints that the operator shows to the room or to one slot.

use crate::room::{Room, START, main_room, night, secs, slot};
use eg_core::engine::command::RefusedKind;
use eg_proto::{Hint, RoomState, Topic, decode};
use serde_json::json;

#[test]
fn a_hint_for_a_slot_is_told_to_that_slot_alone_and_kept_for_its_page() {
    let mut room = Room::open(&night(2, "{}"));
    room.start().unwrap();

    let round = room.act_round("hint", json!({ "slot": "slot-02", "text": "Look up" })).1;

    let hints: Vec<_> =
        round.messages.iter().filter(|post| matches!(post.topic, Topic::Hint(_))).collect();
    assert_eq!(hints.len(), 1);
    assert_eq!((&hints[0].topic, hints[0].retained), (&Topic::Hint(slot(2)), true));
    assert_eq!(decode::<Hint>(&hints[0].payload).unwrap().text, "Look up");
}

#[test]
fn a_hint_for_the_room_stands_in_its_public_state() {
    let mut room = Room::open(&night(2, "{}"));
    room.start().unwrap();

    let round = room.act_round("hint", json!({ "text": "Count the candles" })).1;

    let state = round.messages.iter().find(|post| post.topic == Topic::RoomState(main_room()));
    let state: RoomState = decode(&state.unwrap().payload).unwrap();
    assert_eq!(state.hint.as_deref(), Some("Count the candles"));
}

#[test]
fn a_hint_is_an_act_that_is_written_down_shown_and_undone() {
    let mut room = Room::open(&night(2, "{}"));
    room.start().unwrap();
    let hint = room.act("hint", json!({ "slot": "slot-01", "text": "Look up" })).unwrap();
    let given = room.session();

    let round = room.act_round("undo", json!({ "entry": hint })).1;

    assert_eq!(given.hints.len(), 1);
    assert_eq!(given.acts.last().unwrap().after[0].en, "hint at slot-01: Look up");
    assert!(room.session().hints.is_empty());
    let cleared = round.messages.iter().find(|post| post.topic == Topic::Hint(slot(1))).unwrap();
    assert!(cleared.payload.is_empty(), "the broker forgets it too");
}

#[test]
fn hints_end_with_their_session_and_survive_a_restart() {
    let mut room = Room::open(&night(2, "{}"));
    room.start().unwrap();
    room.act("hint", json!({ "slot": "slot-01", "text": "Look up" })).unwrap();
    room.crash();
    let round = room.connect();
    let again = round.messages.iter().any(|post| post.topic == Topic::Hint(slot(1)));

    let round = room.act_round("abort", json!({})).1;

    assert!(again, "a core that comes back says it again");
    assert!(room.session().hints.is_empty());
    let cleared = round.messages.iter().find(|post| post.topic == Topic::Hint(slot(1))).unwrap();
    assert!(cleared.payload.is_empty());
}

#[test]
fn a_hint_for_nobody_or_without_end_is_refused() {
    let mut room = Room::open(&night(2, "{}"));
    room.start().unwrap();

    let nobody = room.act("hint", json!({ "slot": "slot-77", "text": "Look up" })).unwrap_err();
    let endless = room.act("hint", json!({ "text": "x".repeat(401) })).unwrap_err();

    assert_eq!(nobody.kind, RefusedKind::Conflict);
    assert!(nobody.why.en.contains("slot-01, slot-02"), "{}", nobody.why.en);
    assert!(endless.why.en.contains("400"), "{}", endless.why.en);
}

/// Builds the settings of a room of `slots` slots in which hints stand for `time`.
fn hinted(slots: usize, time: &str) -> String {
    night(slots, "{}").replace("game:", &format!("hint_time: {time}, game:"))
}

/// Returns the texts of the hints that stand.
fn standing(room: &mut Room) -> Vec<String> {
    room.session().hints.into_iter().map(|hint| hint.text).collect()
}

#[test]
fn a_hint_with_an_end_is_taken_away_then_and_its_slot_gets_the_empty_one() {
    let mut room = Room::open(&night(2, "{}"));
    room.start().unwrap();
    let given = room.act("hint", json!({ "slot": "slot-01", "text": "Look up", "seconds": 60 }));
    let shown = room.session().hints.remove(0);
    room.pass(secs(59));
    let before = standing(&mut room);

    room.clock_passes_without_a_round(secs(1));
    let round = room.arrive([]);

    assert_eq!((shown.id, shown.ends), (given.unwrap(), Some(START + secs(60))));
    assert_eq!((before.as_slice(), standing(&mut room)), (&["Look up".to_owned()][..], Vec::new()));
    let cleared = round.messages.iter().find(|post| post.topic == Topic::Hint(slot(1))).unwrap();
    assert!(cleared.payload.is_empty() && cleared.retained);
}

#[test]
fn a_slot_is_told_the_number_the_end_and_the_translation_of_its_hint() {
    let mut room = Room::open(&night(2, "{}").replace("game:", "hint_aloud: true, game:"));
    room.start().unwrap();

    let args = json!({ "slot": "slot-02", "text": "En haut", "en": "Look up", "seconds": 60 });
    let (id, round) = room.act_round("hint", args);

    let told = round.messages.iter().find(|post| post.topic == Topic::Hint(slot(2))).unwrap();
    let Hint { text, en, id: told, ends_us, aloud } = decode(&told.payload).unwrap();
    assert_eq!((text.as_str(), en.as_deref(), aloud), ("En haut", Some("Look up"), true));
    assert_eq!((told, ends_us), (Some(id.unwrap()), Some(START + secs(60))));
}

#[test]
fn the_rooms_own_time_holds_for_a_hint_that_says_none_and_null_means_until_it_is_taken_away() {
    let mut room = Room::open(&hinted(2, "30s"));
    room.start().unwrap();
    room.act("hint", json!({ "slot": "slot-01", "text": "Look up" })).unwrap();
    room.act("hint", json!({ "text": "Count the candles", "seconds": null })).unwrap();

    room.pass(secs(3_600));

    assert_eq!(standing(&mut room), ["Count the candles"]);
    room.act("hint", json!({ "text": "" })).unwrap();
    assert!(standing(&mut room).is_empty());
    let stored = room.entries().into_iter().find(|entry| entry.body["args"]["text"] == "Look up");
    assert_eq!(stored.unwrap().body["args"]["seconds"], 30, "a replay knows no settings");
}

#[test]
fn the_end_of_a_hint_that_was_replaced_leaves_the_next_one_alone() {
    let mut room = Room::open(&night(2, "{}"));
    room.start().unwrap();
    room.act("hint", json!({ "text": "Look up", "seconds": 60 })).unwrap();
    room.pass(secs(30));
    room.act("hint", json!({ "text": "Look down", "seconds": 60 })).unwrap();

    room.pass(secs(31));
    let after_the_first_end = standing(&mut room);
    room.pass(secs(30));

    assert_eq!((after_the_first_end, standing(&mut room)), (vec!["Look down".to_owned()], vec![]));
}

#[test]
fn a_hint_ends_in_time_after_a_restart_and_an_outage_does_not_count() {
    let mut room = Room::open(&night(2, "{}"));
    room.start().unwrap();
    let id = room.act("hint", json!({ "text": "Look up", "seconds": 60 })).unwrap();
    room.pass(secs(20));

    room.crash_for(secs(100));
    room.connect();
    let again = room.session().hints.remove(0);
    room.pass(secs(39));
    let before = standing(&mut room);
    room.pass(secs(2));

    assert_eq!(again.id, id, "nobody plays its sound again");
    assert_eq!((before.len(), standing(&mut room).len()), (1, 0));
}

#[test]
fn hints_are_counted_and_what_is_undone_or_taken_away_is_no_hint() {
    let mut room = Room::open(&night(2, "{}"));
    room.start().unwrap();
    room.act("hint", json!({ "text": "Look up", "seconds": 60 })).unwrap();
    let second = room.act("hint", json!({ "slot": "slot-01", "text": "Look down" })).unwrap();
    room.act("hint", json!({ "text": "" })).unwrap();
    let refused = room.act("hint", json!({ "slot": "slot-77", "text": "Look up" }));
    let given = room.session().hints_given;

    room.act("undo", json!({ "entry": second })).unwrap();

    assert!(refused.is_err());
    assert_eq!((given, room.session().hints_given), (2, 1));
    room.crash();
    assert_eq!(room.session().hints_given, 1);
}

#[test]
fn undoing_another_act_leaves_a_hint_and_its_end_as_they_are() {
    let mut room = Room::open(&night(3, "{}"));
    room.start().unwrap();
    let excused = room.act("excuse", json!({ "slot": "slot-03" })).unwrap();
    room.act("hint", json!({ "text": "Look up", "seconds": 60 })).unwrap();
    let before = room.session().hints;
    room.pass(secs(30));

    room.act("undo", json!({ "entry": excused })).unwrap();
    let after = room.session().hints;
    room.pass(secs(30));

    assert_eq!(before, after);
    assert!(standing(&mut room).is_empty());
}

#[test]
fn an_undo_after_the_end_of_a_hint_does_not_bring_it_back() {
    let mut room = Room::open(&night(3, "{}"));
    room.start().unwrap();
    let excused = room.act("excuse", json!({ "slot": "slot-03" })).unwrap();
    room.act("hint", json!({ "text": "Look up", "seconds": 60 })).unwrap();
    room.pass(secs(90));

    room.act("undo", json!({ "entry": excused })).unwrap();

    assert!(standing(&mut room).is_empty());
    assert_eq!(room.session().hints_given, 1);
}

#[test]
fn the_end_of_a_hint_does_not_hurry_a_game_that_waits_for_who_was_first() {
    let mut room = Room::open(&night(2, "{}").replace("night-vote", "buzzer"));
    room.start().unwrap();
    room.act("arm", json!({ "confirm": true })).unwrap();
    room.act("hint", json!({ "text": "Look up", "seconds": 1 })).unwrap();
    let press = room.event(1, 1, "a");
    room.clock_passes_without_a_round(secs(1));

    room.arrive([press]);
    room.pass(secs(10));

    assert!(standing(&mut room).is_empty());
    assert!(!room.entries().iter().any(|entry| entry.body["overtaken"] == true));
}

#[test]
fn a_hint_for_no_time_or_for_days_is_refused() {
    let mut room = Room::open(&night(2, "{}"));
    room.start().unwrap();

    for seconds in [json!(0), json!(86_401), json!(-1), json!("soon")] {
        let refused = room.act("hint", json!({ "text": "Look up", "seconds": seconds }));
        assert_eq!(refused.unwrap_err().kind, RefusedKind::Conflict);
    }
    assert!(standing(&mut room).is_empty());
}
