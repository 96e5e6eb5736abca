//! Answers to presses and the scene of each slot, as its screen shows them.

use crate::room::{Room, main_room, night, operator, secs, slot};
use eg_core::engine::Committed;
use eg_core::engine::command::{Command, NewName};
use eg_core::ingest::Arrival;
use eg_proto::{
    EventKind, Mode, PressAnswer, PressOutcome, RefusalReason, SceneState, SeatState, SlotId,
    SlotScene, Topic, decode,
};
use serde_json::json;

/// Returns the answer that a round sends to a slot; `None` if it sends none.
fn answer(round: &Committed, to: &SlotId) -> Option<PressAnswer> {
    let topic = Topic::Answer(to.clone());
    let sent = round.messages.iter().filter(|post| post.topic == topic);
    let sent: Vec<_> = sent.collect();
    assert!(sent.len() <= 1, "one answer a slot and round");
    assert!(sent.iter().all(|post| !post.retained && post.effect.is_none()));
    sent.first().map(|post| decode(&post.payload).unwrap())
}

fn outcome(round: &Committed, number: usize) -> PressOutcome {
    answer(round, &slot(number)).expect("the press is answered").outcome
}

fn reason(round: &Committed, number: usize) -> RefusalReason {
    let outcome = outcome(round, number);
    let PressOutcome::Refused { reason, why } = outcome else { panic!("taken: {outcome:?}") };
    assert!(!why.fr.is_empty() && !why.en.is_empty());
    reason
}

fn chosen(option: &str, private: bool) -> PressOutcome {
    PressOutcome::Chosen { option: option.to_owned(), private }
}

fn scene(round: &Committed, number: usize) -> Option<SlotScene> {
    let topic = Topic::Scene(slot(number));
    let sent = round.messages.iter().rfind(|post| post.topic == topic)?;
    assert!(sent.retained);
    (!sent.payload.is_empty()).then(|| decode(&sent.payload).unwrap())
}

/// Opens a room whose question "Who?" is open.
fn asked(slots: usize, config: &str) -> Room {
    let mut room = Room::open(&night(slots, config));
    room.start().unwrap();
    room.act("open", json!({ "question": "Who?", "options": ["A", "B"] })).unwrap();
    room
}

#[test]
fn a_press_is_answered_with_the_option_that_it_chose_and_to_its_slot_alone() {
    let mut room = asked(3, "{}");

    let round = room.press(1, 1, "b");

    assert_eq!(outcome(&round, 1), chosen("B", true));
    assert_eq!((answer(&round, &slot(2)), answer(&round, &slot(3))), (None, None));
    room.pass(secs(1));
    let again = room.press(1, 2, "b");
    assert_eq!(outcome(&again, 1), chosen("B", true), "the same choice again is told again");
}

#[test]
fn a_choice_is_private_unless_everybody_sees_the_tally() {
    let mut room = asked(3, "{ secrecy: live }");

    let round = room.press(1, 1, "a");

    assert_eq!(outcome(&round, 1), chosen("A", false));
}

#[test]
fn what_is_not_taken_is_answered_with_the_reason() {
    let mut room = Room::open(&night(2, "{ secrecy: count, change: first, grace: 0s }"));
    assert_eq!(reason(&room.press(1, 1, "a"), 1), RefusalReason::NobodyAsked);
    room.start().unwrap();
    assert_eq!(reason(&room.press(1, 2, "a"), 1), RefusalReason::NobodyAsked);
    room.act("open", json!({ "question": "Who?", "options": ["A", "B"] })).unwrap();
    assert_eq!(reason(&room.press(1, 3, "q"), 1), RefusalReason::NotAnOption);
    room.pass(secs(1));
    assert_eq!(outcome(&room.press(1, 4, "a"), 1), chosen("A", true));
    room.pass(secs(1));
    assert_eq!(reason(&room.press(1, 5, "b"), 1), RefusalReason::AlreadyVoted);
    room.act("pause", json!({})).unwrap();
    assert_eq!(reason(&room.press(2, 1, "a"), 2), RefusalReason::Paused);
    room.act("resume", json!({})).unwrap();
    room.pass(secs(1));
    assert_eq!(outcome(&room.press(2, 2, "a"), 2), chosen("A", true));
    room.pass(secs(1));
    assert_eq!(reason(&room.press(1, 6, "b"), 1), RefusalReason::TooLate);
}

#[test]
fn a_player_who_is_not_in_play_is_told_so() {
    let mut room = Room::open(&night(2, "{}"));
    room.start_game(Some("majority"), Some(json!({ "question": "?", "options": ["A", "B"] })))
        .unwrap();
    room.act("kill", json!({ "slot": "slot-02" })).unwrap();

    let round = room.press(2, 1, "a");

    assert_eq!(reason(&round, 2), RefusalReason::NotYourTurn);
}

#[test]
fn a_hidden_ballot_answers_whom_it_does_not_ask_as_it_answers_everybody() {
    let mut room = asked(3, "{ secrecy: hidden, illegal: [self] }");
    room.act("excuse", json!({ "slot": "slot-02" })).unwrap();

    let asked = outcome(&room.press(1, 1, "a"), 1);
    let not_asked = outcome(&room.press(2, 1, "a"), 2);

    assert_eq!(asked, not_asked);
}

#[test]
fn presses_that_come_together_are_answered_once_and_each_counts_once() {
    let mut room = asked(3, "{}");
    let first = room.event(1, 1, "a");
    room.clock_passes_without_a_round(secs(1));
    let second = room.event(1, 2, "b");

    let round = room.arrive([first, second]);

    assert_eq!(outcome(&round, 1), chosen("B", true), "the latest is answered");
    assert_eq!(room.turnout(), (1, 3));
    let again = room.press(1, 2, "b");
    assert_eq!(answer(&again, &slot(1)), None, "what is told again is counted and answered once");
}

#[test]
fn a_late_press_is_answered_as_late() {
    let mut room = asked(2, "{ late: accept }");
    let mut event = room.event(1, 1, "b");
    if let Arrival::Event(_, event) = &mut event {
        event.late = true;
    }

    let round = room.arrive([event]);

    let answer = answer(&round, &slot(1)).unwrap();
    assert!(answer.late);
    assert_eq!(answer.outcome, chosen("B", true));
}

#[test]
fn a_release_has_no_answer_and_no_answer_is_in_the_journal() {
    let mut room = asked(2, "{}");
    let before = room.entries().len();
    let press = room.press(1, 1, "a");
    let released = room.release(1, 2, "a");

    let round = room.arrive([released]);

    assert!(answer(&press, &slot(1)).is_some());
    assert_eq!(answer(&round, &slot(1)), None);
    assert_eq!(room.entries().len(), before + 2, "the press and the release");
    room.crash();
    let back = room.connect();
    assert_eq!(answer(&back, &slot(1)), None, "what was answered is not answered again");
}

#[test]
fn a_roll_call_is_answered_and_seen_at_each_slot() {
    let mut room = Room::open(&night(2, "{}"));
    room.connect();
    room.roll_call(true).unwrap();

    let round = room.press(1, 1, "a");

    assert_eq!(outcome(&round, 1), PressOutcome::Taken);
    assert_eq!(scene(&round, 1).unwrap().state, SceneState::Present);
    assert_eq!(scene(&round, 2), None, "nothing has changed there");
}

#[test]
fn a_slot_is_told_the_state_of_its_session_its_clock_and_its_seat() {
    let mut room = Room::open(&night(2, "{ timeout: 60s }"));
    let first = scene(&room.connect(), 1).unwrap();
    room.start().unwrap();
    let asks = json!({ "question": "Who?", "options": ["A", "B"] });
    let open = scene(&room.act_round("open", asks).1, 1).unwrap();
    let paused = scene(&room.act_round("pause", json!({})).1, 1).unwrap();
    room.act("resume", json!({})).unwrap();
    let killed = room.act_round("kill", json!({ "slot": "slot-02" })).1;
    let over = scene(&room.act_round("abort", json!({})).1, 1).unwrap();

    assert_eq!((first.state, first.mode, first.seat), (SceneState::Waiting, Mode::Day, None));
    assert_eq!((open.state, open.seat), (SceneState::Running, Some(SeatState::Plays)));
    assert_eq!(open.clocks[0].ends_us, room.clock_now() + secs(60));
    assert_eq!(paused.state, SceneState::Paused);
    assert!(paused.clocks.is_empty(), "what stands still does not run out");
    assert_eq!(scene(&killed, 2).unwrap().seat, Some(SeatState::Out));
    assert_eq!(over.state, SceneState::Over);
}

#[test]
fn what_a_game_tells_one_player_stands_on_their_screen_alone() {
    let mut room = asked(3, "{ secrecy: who_voted }");

    let round = room.press(1, 1, "b");
    room.pass(secs(1));
    let closed = room.act_round("close", json!({})).1;

    let own = |number| scene(&round, number).map(|scene| scene.own);
    let in_it = eg_proto::Text::new("Votre vote est là", "Your vote is in");
    assert_eq!(own(1), Some(vec![in_it]));
    assert_eq!(own(2), None, "nothing has changed for anybody else");
    assert!(scene(&closed, 1).unwrap().own.is_empty());
}

#[test]
fn a_hidden_ballot_shows_on_no_screen_who_has_voted() {
    let mut room = asked(3, "{ secrecy: hidden }");

    room.press(1, 1, "b");
    let greeted = room.connect();

    for number in 1..=3 {
        let scene = scene(&greeted, number).unwrap();
        assert!(scene.own.is_empty(), "slot {number}: {:?}", scene.own);
    }
}

#[test]
fn a_scene_is_told_when_it_changes_and_again_to_a_slot_that_comes_back() {
    let mut room = asked(2, "{ secrecy: count }");
    room.connect();

    let press = room.press(1, 1, "a");
    let quiet = room.arrive([]);
    room.greet(2);
    let greeted = room.connect();

    assert_eq!(scene(&quiet, 1), None);
    assert_eq!(scene(&press, 2), scene(&press, 1), "everybody in the room may know the same");
    assert!(scene(&greeted, 2).is_some());
}

#[test]
fn a_tag_that_no_session_wants_is_answered_too() {
    let mut room = Room::open(&night(1, "{}"));
    let mut event = room.event(1, 1, "reader");
    if let Arrival::Event(_, event) = &mut event {
        event.kind = EventKind::Tag { uid: "04A37C91".to_owned() };
    }

    let round = room.arrive([event]);

    assert_eq!(reason(&round, 1), RefusalReason::NobodyAsked);
}

#[test]
fn the_screen_of_a_slot_is_told_what_people_are_called_in_its_room() {
    let mut room = asked(2, "{}");
    let players = [(slot(1), "Anna".to_owned())].into();
    let named = NewName::Players { room: main_room(), players };

    let (_, round) = room.ask(operator(), Command::Name(named));

    let shown = scene(&round, 2).expect("its scene is told anew").names;
    assert_eq!(shown, [(slot(1), "Anna".to_owned())].into());
}
