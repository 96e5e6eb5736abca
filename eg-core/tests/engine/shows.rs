//! Shows: sessions played one after another, branches on their outcomes, and the operator's orders.

use crate::room::{Room, main_room, operator};
use eg_core::engine::command::{Command, Refused, RefusedKind, ShowAct, ShowOrder};
use eg_core::engine::read_model::ShowStatus;
use eg_core::show::{Outcome, Stage};
use serde_json::{Value, json};

/// Builds a show of a night that leads to a lock or past it, the lock, and a night that waits for the operator.
fn evening() -> Value {
    let night =
        json!({ "grace": "0s", "steps": [{ "question": "Which?", "options": ["A", "B", "C"] }] });
    json!({ "show": "An evening", "items": [
        { "name": "first", "game": "night-vote", "config": night, "then": { "A": "lock", "B": "second" }, "next": "ask" },
        { "name": "lock", "game": "code-lock", "config": { "code": "red blue" }, "then": { "open": "second" } },
        { "name": "second", "game": "night-vote", "config": night, "wait": true },
    ] })
}

fn room() -> Room {
    let mut room =
        Room::open("rooms: { main: { slots: [slot-01, slot-02, slot-03], game: night-vote } }");
    (1..=3).for_each(|number| room.greet(number));
    room
}

fn order(
    room: &mut Room,
    act: ShowAct,
    item: Option<&str>,
    reason: Option<&str>,
) -> Result<(), Refused> {
    let show = (act == ShowAct::Start).then(evening);
    let (item, reason) = (item.map(str::to_owned), reason.map(str::to_owned));
    let (order, by) = (ShowOrder { act, item, show, reason }, operator());
    room.ask(by, Command::Show { room: main_room(), order }).0.map(drop)
}

fn next(room: &mut Room) {
    order(room, ShowAct::Next, None, None).unwrap();
}

fn show(room: &mut Room) -> ShowStatus {
    room.state().rooms[&main_room()].show.clone().unwrap()
}

/// Returns the name of the item that is played or waits.
fn at(room: &mut Room) -> String {
    let show = show(room);
    show.at.map(|place| show.items[place].name.clone()).unwrap_or_default()
}

/// Votes with all players in the running night and finishes it. `seqs` are the next numbers of their presses.
fn vote(room: &mut Room, inputs: [&str; 3], seqs: [u64; 3]) {
    room.act("next", json!({})).unwrap();
    for ((number, input), seq) in (1..).zip(inputs).zip(seqs) {
        room.press(number, seq, input);
    }
    next(room);
}

#[test]
fn a_whole_show_is_played_by_its_branches_with_a_kill_between_any_two_steps() {
    let mut room = room();
    order(&mut room, ShowAct::Start, None, None).unwrap();
    room.crash();
    vote(&mut room, ["a", "a", "b"], [1, 1, 1]);
    let before = show(&mut room);
    room.crash();

    assert_eq!(show(&mut room), before);
    assert_eq!((at(&mut room).as_str(), room.session().game.as_str()), ("lock", "code-lock"));
    room.press(1, 2, "red");
    room.crash();
    room.press(1, 3, "blue");
    assert_eq!(show(&mut room).stage, Stage::Ready { item: 2 });
    room.crash();
    next(&mut room);
    vote(&mut room, ["c", "c", "c"], [4, 2, 2]);

    let over = show(&mut room);
    assert_eq!(over.stage, Stage::Ended);
    let outcomes: Vec<_> = over.items.iter().map(|item| item.outcome.clone().unwrap()).collect();
    let done = |word: &str| Outcome::Done(word.to_owned());
    assert_eq!(outcomes, [done("A"), done("open"), done("C")]);
    room.crash();
    assert_eq!(show(&mut room), over);
}

#[test]
fn another_outcome_leads_elsewhere() {
    let mut room = room();
    order(&mut room, ShowAct::Start, None, None).unwrap();

    vote(&mut room, ["b", "b", "b"], [1, 1, 1]);

    assert_eq!(show(&mut room).stage, Stage::Ready { item: 2 });
}

#[test]
fn an_outcome_without_a_branch_asks_the_operator() {
    let mut room = room();
    order(&mut room, ShowAct::Start, None, None).unwrap();

    vote(&mut room, ["c", "c", "c"], [1, 1, 1]);

    let Stage::Asking { after: 0, why } = show(&mut room).stage else { panic!() };
    assert!(why.en.contains(r#""C""#), "{}", why.en);
    order(&mut room, ShowAct::Jump, Some("lock"), Some("a surprise")).unwrap();
    assert_eq!(room.session().game, "code-lock");
}

#[test]
fn a_session_that_is_called_off_asks_the_operator() {
    let mut room = room();
    order(&mut room, ShowAct::Start, None, None).unwrap();

    room.act("abort", json!({})).unwrap();

    assert!(matches!(show(&mut room).stage, Stage::Asking { after: 0, .. }));
    order(&mut room, ShowAct::Repeat, None, Some("a false start")).unwrap();
    assert_eq!(at(&mut room), "first");
    assert_eq!(show(&mut room).items[0].outcome, None, "it is played again");
}

#[test]
fn players_are_carried_over_as_the_session_before_left_them() {
    let mut room = room();
    order(&mut room, ShowAct::Start, None, None).unwrap();
    room.act("kill", json!({ "slot": "slot-03" })).unwrap();
    room.act("excuse", json!({ "slot": "slot-02" })).unwrap();

    order(&mut room, ShowAct::Jump, Some("second"), Some("no time for the lock")).unwrap();
    room.crash();
    room.act("next", json!({})).unwrap();

    assert_eq!(room.turnout(), (0, 1), "one is dead and one excused");
}

#[test]
fn an_act_that_overrules_the_show_wants_a_reason_and_stands_in_the_journal() {
    let mut room = room();
    order(&mut room, ShowAct::Start, None, None).unwrap();

    let refused = order(&mut room, ShowAct::Skip, None, None).unwrap_err();
    order(&mut room, ShowAct::Skip, None, Some("too late already")).unwrap();

    assert_eq!(refused.kind, RefusedKind::Invalid);
    // `next: ask` of the item that was skipped cannot be the answer to skipping it: the item below is.
    assert_eq!(at(&mut room), "lock");
    let acts = room.entries_of("act");
    let step = acts.iter().rfind(|entry| entry.body["name"] == "show").unwrap();
    assert_eq!(step.body["args"]["do"], "skip");
    assert_eq!(
        (&step.body["reason"], &step.body["by"]),
        (&json!("too late already"), &json!("operator"))
    );
}

#[test]
fn a_show_that_is_stopped_ends_its_session() {
    let mut room = room();
    order(&mut room, ShowAct::Start, None, None).unwrap();

    order(&mut room, ShowAct::Stop, None, Some("the fire alarm")).unwrap();

    assert_eq!(show(&mut room).stage, Stage::Stopped);
    assert_eq!(room.session().status, eg_core::engine::read_model::SessionStatus::Aborted);
    assert!(order(&mut room, ShowAct::Next, None, None).is_err());
    order(&mut room, ShowAct::Start, None, None).unwrap();
}

#[test]
fn a_game_that_cannot_finish_now_is_not_cut_off() {
    let mut room = room();
    order(&mut room, ShowAct::Start, None, None).unwrap();
    order(&mut room, ShowAct::Jump, Some("lock"), Some("a test")).unwrap();

    let refused = order(&mut room, ShowAct::Next, None, None).unwrap_err();

    assert_eq!(refused.kind, RefusedKind::Conflict);
    assert_eq!(at(&mut room), "lock");
}

#[test]
fn a_jump_to_an_item_that_is_none_names_those_that_are() {
    let mut room = room();
    order(&mut room, ShowAct::Start, None, None).unwrap();

    let refused = order(&mut room, ShowAct::Jump, Some("lok"), Some("a test")).unwrap_err();

    assert_eq!(refused.why.en, r#"this show has no item "lok"; here: first, lock, second"#);
    assert_eq!(at(&mut room), "first");
}

#[test]
fn an_item_whose_end_is_undone_is_played_on_and_leads_where_it_would_have_led() {
    let mut room = room();
    order(&mut room, ShowAct::Start, None, None).unwrap();
    room.act("next", json!({})).unwrap();
    room.press(1, 1, "a");
    let abort = room.act("abort", json!({})).unwrap();
    let asked = show(&mut room).stage;

    room.act("undo", json!({ "entry": abort })).unwrap();
    let again = show(&mut room).stage;
    room.crash();
    let rebuilt = show(&mut room).stage;
    room.press(2, 1, "a");
    room.press(3, 1, "a");
    next(&mut room);

    assert!(matches!(asked, Stage::Asking { .. }), "{asked:?}");
    assert_eq!(again, Stage::Playing { item: 0, session: 1 });
    assert_eq!(rebuilt, again);
    assert_eq!(at(&mut room), "lock");
}
