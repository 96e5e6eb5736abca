//! Several rooms: each slot hears the question of its own room, with its own inputs, and nothing of another room.

use crate::room::{Room, main_room, operator, secs, slot};
use eg_core::engine::Committed;
use eg_core::engine::command::Command;
use eg_core::engine::forewarn;
use eg_core::ingest::Arrival;
use eg_proto::{Hello, Presence, RoomId, SlotQuestion, SlotResult, Topic, decode};
use serde_json::{Map, Value, json};

/// Settings of room `main` with slots 1 and 2, and room `quiz` with slots 3 and 4.
const TWO: &str = "rooms: {
    main: { slots: [slot-01, slot-02], game: night-vote, config: { grace: 0s, tie: none } },
    quiz: { slots: [slot-03, slot-04], game: night-vote, config: { grace: 0s, tie: none } } }";

fn room_of(name: &str) -> RoomId {
    RoomId::new(name).unwrap()
}

fn start(room: &mut Room, name: &str) {
    let (place, by) = (room_of(name), operator());
    let started =
        room.ask(by, Command::Start { room: place, game: None, config: None, reason: None });
    started.0.unwrap();
}

fn act(room: &mut Room, place: &str, name: &str, args: Value) -> Committed {
    let args: Map<String, Value> = serde_json::from_value(args).unwrap();
    let (place, name, by) = (room_of(place), name.to_owned(), operator());
    let reason = Some("a test".to_owned());
    let (done, round) = room.ask(by, Command::Act { room: place, name, args, reason });
    done.unwrap();
    round
}

fn ask(room: &mut Room, place: &str, question: &str, options: &[&str]) -> Committed {
    act(room, place, "open", json!({ "question": question, "options": options }))
}

/// Returns a round's message on a topic of each slot: `None`, an empty payload, or text.
fn told(round: &Committed, topic: fn(eg_proto::SlotId) -> Topic) -> Vec<Option<String>> {
    let of = |number| {
        let topic = topic(slot(number));
        let post = round.messages.iter().rev().find(|post| post.topic == topic)?;
        assert!(post.retained);
        Some(String::from_utf8(post.payload.clone()).unwrap())
    };
    (1..=4).map(of).collect()
}

fn question(told: &Option<String>) -> SlotQuestion {
    decode(told.as_ref().unwrap().as_bytes()).unwrap()
}

fn cleared() -> Option<String> {
    Some(String::new())
}

/// Delivers a slot's hello: that of an agent of 0.1.0, or one that reports kinds of inputs.
fn greet(room: &mut Room, number: usize, devices: Value) -> Committed {
    let hello = json!({ "type": "slot", "version": "0.1.0", "devices": devices });
    let hello: Hello = serde_json::from_value(hello).unwrap();
    let hello = Arrival::Hello(slot(number), Box::new(hello));
    room.arrive([Arrival::Presence(slot(number), Presence::Online), hello])
}

/// Builds the board of a voter as 0.1.0 reports it.
fn voter() -> Value {
    json!([{ "name": "panel", "driver": "button-row", "inputs": ["a", "b", "c", "abstain"],
        "outputs": ["lamp-a"] }])
}

#[test]
fn each_slot_hears_the_question_of_its_own_room() {
    let mut room = Room::open(TWO);
    start(&mut room, "main");
    start(&mut room, "quiz");

    let main = told(&ask(&mut room, "main", "Trial or mercy?", &["A", "B"]), Topic::Question);
    let quiz = told(&ask(&mut room, "quiz", "Who leaves?", &["A", "B"]), Topic::Question);

    assert_eq!(question(&main[0]).question, "Trial or mercy?");
    assert_eq!((main[1].clone(), &main[2], &main[3]), (main[0].clone(), &None, &None));
    assert_eq!((&quiz[0], &quiz[1]), (&None, &None));
    assert_eq!(question(&quiz[3]).question, "Who leaves?");
}

#[test]
fn a_question_ends_with_its_result_and_the_result_with_its_session() {
    let mut room = Room::open(TWO);
    start(&mut room, "main");
    ask(&mut room, "main", "Trial or mercy?", &["A", "B"]);
    room.press(1, 1, "a");

    let closed = room.press(2, 1, "a");
    let next = ask(&mut room, "main", "And now?", &["A", "B"]);
    act(&mut room, "main", "close", json!({}));
    let over = act(&mut room, "main", "finish", json!({}));

    assert_eq!(told(&closed, Topic::Question)[0], cleared());
    let result: SlotResult =
        decode(told(&closed, Topic::Result)[1].as_ref().unwrap().as_bytes()).unwrap();
    assert_eq!(
        (result.question.as_str(), result.result.outcome.as_deref()),
        ("Trial or mercy?", Some("A"))
    );
    assert!(result.why.en.contains("carries with 2 votes"), "{result:?}");
    assert_eq!(told(&next, Topic::Result)[0], cleared());
    assert_eq!(told(&over, Topic::Result), [cleared(), cleared(), None, None]);
}

#[test]
fn a_vote_after_a_tie_is_another_round_though_it_asks_the_same() {
    let mut room = Room::open(
        "rooms: { main: { slots: [slot-01, slot-02], game: night-vote, config: { grace: 0s } } }",
    );
    start(&mut room, "main");
    let first = ask(&mut room, "main", "Trial or mercy?", &["A", "B"]);
    room.press(1, 1, "a");

    let tied = room.press(2, 1, "b");

    let before = question(&told(&first, Topic::Question)[0]);
    let after = question(&told(&tied, Topic::Question)[0]);
    assert_eq!((before.round, after.round), (None, Some(2)));
    assert_eq!(after, SlotQuestion { round: Some(2), ..before }, "the very same is asked");
    let place = |topic| tied.messages.iter().position(|post| post.topic == topic).unwrap();
    let (answer, again) = (place(Topic::Answer(slot(2))), place(Topic::Question(slot(2))));
    assert!(answer < again, "a press that tied the vote would seem to count in the next one");
}

#[test]
fn what_is_called_off_or_undone_is_cleared_and_told_again() {
    let mut room = Room::open(TWO);
    start(&mut room, "main");
    ask(&mut room, "main", "Who?", &["A", "B"]);
    room.press(1, 1, "a");
    act(&mut room, "main", "close", json!({}));
    let close = room.session().acts.last().unwrap().entry;

    let again = act(&mut room, "main", "undo", json!({ "entry": close }));
    let open = room.session().acts.iter().find(|act| act.name == "open").unwrap().entry;
    let never = act(&mut room, "main", "undo", json!({ "entry": open }));
    ask(&mut room, "main", "Who else?", &["A", "B"]);
    let aborted = act(&mut room, "main", "abort", json!({}));

    assert_eq!(question(&told(&again, Topic::Question)[0]).question, "Who?");
    assert_eq!(told(&again, Topic::Result)[0], cleared());
    assert_eq!(told(&never, Topic::Question)[0], cleared());
    assert_eq!(told(&aborted, Topic::Question)[..2], [cleared(), cleared()]);
}

#[test]
fn a_question_that_a_game_leaves_open_when_it_is_called_off_stands_nowhere() {
    let yaml = "rooms: { main: { slots: [slot-01], game: majority,
        config: { question: Shall we?, options: [Yes, No] } } }";
    let mut room = Room::open(&format!("compat: true\n{yaml}"));
    room.start().unwrap();

    let aborted = act(&mut room, "main", "abort", json!({}));

    assert_eq!(told(&aborted, Topic::Question)[0], cleared());
    let old: Vec<_> =
        aborted.messages.iter().filter(|post| post.topic == Topic::NightResult).collect();
    assert_eq!(old.len(), 1, "older pages take the question away by its result");
    let result: Value = serde_json::from_slice(&old[0].payload).unwrap();
    assert_eq!((&result["step"], &result["status"]), (&json!(1), &json!("aborted")));
}

#[test]
fn a_core_that_comes_back_tells_what_stands_and_clears_what_does_not() {
    let mut room = Room::open(TWO);
    (1..=4).for_each(|number| room.greet(number));
    start(&mut room, "main");
    start(&mut room, "quiz");
    ask(&mut room, "main", "Trial or mercy?", &["A", "B"]);
    ask(&mut room, "quiz", "Who leaves?", &["A", "B"]);
    act(&mut room, "quiz", "abort", json!({}));

    room.crash_for(secs(5));
    let told_again = told(&room.connect(), Topic::Question);

    assert_eq!(question(&told_again[1]).question, "Trial or mercy?");
    assert_eq!(told_again[2..], [cleared(), cleared()]);
}

#[test]
fn a_slot_that_is_moved_to_another_room_hears_that_one() {
    let mut room = Room::open(TWO);
    start(&mut room, "main");
    ask(&mut room, "main", "Trial or mercy?", &["A", "B"]);
    act(&mut room, "main", "abort", json!({}));

    room.config.rooms.get_mut(&main_room()).unwrap().slots = Some(vec![slot(1)]);
    let quiz = vec![slot(2), slot(3), slot(4)];
    room.config.rooms.get_mut(&room_of("quiz")).unwrap().slots = Some(quiz);
    room.crash();
    start(&mut room, "main");
    start(&mut room, "quiz");
    ask(&mut room, "main", "Trial or mercy?", &["A", "B"]);
    ask(&mut room, "quiz", "Who leaves?", &["A", "B"]);

    let all = told(&room.connect(), Topic::Question);
    assert_eq!(question(&all[0]).question, "Trial or mercy?");
    assert_eq!(question(&all[1]).question, "Who leaves?");
}

#[test]
fn a_slot_in_two_sessions_hears_the_one_that_takes_its_presses() {
    let mut room = Room::open(TWO);
    start(&mut room, "main");
    room.config.rooms.get_mut(&main_room()).unwrap().slots = Some(vec![slot(1)]);
    let quiz = vec![slot(2), slot(3), slot(4)];
    room.config.rooms.get_mut(&room_of("quiz")).unwrap().slots = Some(quiz);
    room.crash();
    start(&mut room, "quiz");
    ask(&mut room, "quiz", "Who leaves?", &["A", "B"]);
    let hinted = act(&mut room, "quiz", "hint", json!({ "slot": "slot-02", "text": "Look up" }));

    let round = ask(&mut room, "main", "Trial or mercy?", &["A", "B"]);

    assert_eq!(question(&told(&round, Topic::Question)[1]).question, "Trial or mercy?");
    assert_eq!(told(&hinted, Topic::Hint)[1], None, "its room of now has a question of its own");
}

#[test]
fn without_compat_nothing_is_told_on_the_old_topics_and_under_it_one_room_is() {
    let is_old =
        |round: &Committed| round.messages.iter().any(|post| post.topic == Topic::NightStep);
    let mut heard = Vec::new();
    for head in ["", "compat: true\n", "compat: true\ncompat_room: quiz\n"] {
        let mut room = Room::open(&format!("{head}{TWO}"));
        start(&mut room, "main");
        start(&mut room, "quiz");
        let main = is_old(&ask(&mut room, "main", "Trial or mercy?", &["A", "B"]));
        let quiz = is_old(&ask(&mut room, "quiz", "Who leaves?", &["A", "B"]));
        heard.push((main, quiz));
    }

    assert_eq!(heard, [(false, false), (true, false), (false, true)]);
}

#[test]
fn a_slot_that_says_hello_is_told_what_stands_even_when_that_is_nothing() {
    let mut room = Room::open(TWO);
    room.connect();
    start(&mut room, "main");
    ask(&mut room, "main", "Trial or mercy?", &["Anna", "Ben"]);

    let first = told(&greet(&mut room, 1, voter()), Topic::Question);
    let other = told(&greet(&mut room, 3, voter()), Topic::Question);

    assert_eq!(question(&first[0]).question, "Trial or mercy?");
    assert_eq!(other[2], cleared());
}

#[test]
fn options_are_chosen_by_the_buttons_that_each_slot_has_told() {
    let mut room = Room::open(TWO);
    greet(&mut room, 1, voter());
    let two = json!([{ "name": "reader", "driver": "mfrc522", "inputs": ["tag"],
            "kinds": { "tag": "tag" } },
        { "name": "desk", "driver": "x", "inputs": ["lid", "red", "blue"],
            "kinds": { "lid": "switch", "red": "press", "blue": "press" } }]);
    greet(&mut room, 2, two);
    start(&mut room, "main");

    let round = ask(&mut room, "main", "Who?", &["Anna", "Ben"]);
    room.press(1, 1, "a");
    room.press(1, 2, "c");
    room.press(2, 1, "tag");
    room.press(2, 2, "blue");

    let heard = told(&round, Topic::Question);
    let keys = |number: usize| json!(question(&heard[number]).keys);
    assert_eq!(keys(0), json!({ "a": "Anna", "b": "Ben" }));
    assert_eq!(question(&heard[0]).abstain.unwrap().as_str(), "abstain");
    assert_eq!(keys(1), json!({ "red": "Anna", "blue": "Ben" }));
    let journaled = room.entries_of("note").into_iter().find(|it| it.body.get("keys").is_some());
    assert_eq!(journaled.unwrap().body["keys"].as_array().unwrap().len(), 2);
    let result = room.entries_of("result").remove(0).body;
    assert_eq!(result["tally"], json!({ "Anna": 1, "Ben": 1 }));
    assert_eq!(room.entries_of("refused").len(), 2, "a third button, and a tag");
}

#[test]
fn what_a_button_means_stays_while_the_question_is_open_whatever_the_board_becomes() {
    let mut room = Room::open(TWO);
    greet(&mut room, 1, voter());
    start(&mut room, "main");
    ask(&mut room, "main", "Who?", &["Anna", "Ben"]);

    let other = json!([{ "name": "panel", "driver": "button-row", "inputs": ["b", "a"] }]);
    greet(&mut room, 1, other.clone());
    let late = told(&greet(&mut room, 2, other), Topic::Question);
    room.press(1, 1, "b");
    room.crash();
    room.press(2, 1, "b");

    assert_eq!(json!(question(&late[1]).keys), json!({ "b": "Anna", "a": "Ben" }));
    let result = room.entries_of("result").remove(0).body;
    assert_eq!(result["tally"], json!({ "Anna": 1, "Ben": 1 }));
    let next = told(&ask(&mut room, "main", "And?", &["Anna", "Ben"]), Topic::Question);
    assert_eq!(json!(question(&next[0]).keys), json!({ "b": "Anna", "a": "Ben" }));
}

#[test]
fn a_question_with_more_options_than_buttons_is_refused_until_it_is_confirmed() {
    let mut room = Room::open(TWO);
    greet(&mut room, 1, voter());
    start(&mut room, "main");
    let mut ask = json!({ "question": "Who?", "options": ["Anna", "Ben", "Cleo", "Dora"] });

    let refused = room.act("open", ask.clone()).unwrap_err();
    ask["confirm"] = true.into();
    let opened = room.act("open", ask);

    assert!(refused.why.en.contains("no input for Dora at slot-01 (3 buttons)"), "{refused:?}");
    assert!(refused.why.fr.contains("aucune touche pour Dora à slot-01"), "{refused:?}");
    opened.unwrap();
    let seen = serde_json::to_string(&room.session().operator).unwrap();
    assert!(seen.contains("no input for Dora at slot-01"), "{seen}");
    assert!(seen.contains("slot-02: inputs unknown"), "{seen}");
}

#[test]
fn the_form_that_asks_may_say_other_keys() {
    let mut room = Room::open(TWO);
    greet(&mut room, 1, voter());
    start(&mut room, "main");
    let with =
        |keys: Value| json!({ "question": "Who?", "options": ["Anna", "Ben"], "keys": keys });

    let half = room.act("open", with(json!(["c = Anna"]))).unwrap_err();
    let wrong = room.act("open", with(json!({ "c": "Anna", "b": "Bern" }))).unwrap_err();
    let round = act(&mut room, "main", "open", with(json!(["c = Anna", "b=ben", ""])));

    assert!(half.why.en.contains("no input is said for \"Ben\""), "{half:?}");
    assert!(wrong.why.en.contains("\"Bern\" is no option; here: Anna, Ben"), "{wrong:?}");
    let keys = question(&told(&round, Topic::Question)[0]).keys;
    assert_eq!(json!(keys), json!({ "b": "Ben", "c": "Anna" }));
}

#[test]
fn a_session_that_starts_says_which_prepared_options_have_no_button() {
    let yaml = "rooms: { main: { slots: [slot-01], game: night-vote, config: { steps: [
        { question: Who?, options: [Anna, Ben] },
        { question: And?, options: [Anna, Ben, Cleo, Dora, Emil] } ] } } }";
    let mut room = Room::open(yaml);
    greet(&mut room, 1, voter());

    room.start().unwrap();

    let notes: Vec<String> =
        room.entries_of("note").iter().map(|note| note.body["line"]["en"].to_string()).collect();
    assert_eq!(notes, [r#""step 2: no input for Dora, Emil at slot-01 (3 buttons)""#]);
}

#[test]
fn a_check_of_the_file_knows_the_slots_that_were_heard_of() {
    let yaml = "rooms: { main: { slots: [slot-01, slot-02], game: majority,
        config: { question: Who?, options: [Anna, Ben, Cleo, Dora] } } }";
    let mut room = Room::open(yaml);
    let before = forewarn(&room.config, &room.reader()).unwrap();
    greet(&mut room, 1, voter());

    let after = forewarn(&room.config, &room.reader()).unwrap();

    assert_eq!(before, []);
    assert_eq!(after.len(), 1);
    assert_eq!((&after[0].room, &after[0].item), (&main_room(), &None));
    assert_eq!(after[0].why.en, "no input for Dora at slot-01 (3 buttons)");
}
