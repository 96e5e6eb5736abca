//! Displays as everybody sees them.

use super::*;
use crate::engine::read_model::{Hint, Session, SessionClock, SessionStatus};
use crate::http::page::text::words;
use eg_game::{Bar, Layout, Level, Text, View, Widget};
use eg_proto::Timestamp;

fn state(room: Room) -> ReadModel {
    ReadModel { rooms: [("main".parse().unwrap(), room)].into(), ..ReadModel::default() }
}

fn seen_by(room: Room, look: &DisplayConfig) -> String {
    let words = words().unwrap();
    let voice = Localizer { words: &words, lang: Lang::En };
    let id = "main".parse().unwrap();
    let parts = Parts::new(parts(voice, &id, &state(room)));
    document(voice, &id, look, &parts).into_string()
}

fn seen(room: Room) -> String {
    seen_by(room, &DisplayConfig::default())
}

fn session() -> Session {
    let view = |text: &str| {
        View::new("open", Text::same("Vote"), [Widget::text(Text::same(text), Level::Plain)])
    };
    Session {
        id: 7,
        game: "night-vote".to_owned(),
        status: SessionStatus::Running,
        started: Timestamp(0),
        operator: view("slot-03 chose B"),
        public: view("8 of 9 have voted"),
        offers: Vec::new(),
        explain: Text::same("slot-03 is missing"),
        told: std::collections::BTreeMap::new(),
        revealed: true,
        resumed: false,
        acts: Vec::new(),
        hints: Vec::new(),
        hints_given: 0,
        reads: Vec::new(),
        forced: Vec::new(),
        clock: SessionClock::default(),
    }
}

fn room(session: Option<Session>, roll_call: Option<RollCall>) -> Room {
    let (slots, game) = (Vec::new(), "night-vote".to_owned());
    Room { slots, game, roll_call, session, ..Room::default() }
}

fn showing(parts: Vec<Widget>) -> Session {
    Session { public: View::new("open", Text::same("Vote"), parts), ..session() }
}

fn question() -> Widget {
    let key = |name: &str| name.parse::<eg_proto::InputName>().unwrap();
    let layout = Layout {
        slots: vec!["slot-01".parse().unwrap()],
        inputs: vec![vec![key("a")], vec![key("b")]],
        abstain: None,
    };
    let options = vec!["Anna".to_owned(), "Ben".to_owned()];
    Widget::Question { step: 1, text: "Who leaves?".to_owned(), options, keys: vec![layout] }
}

#[test]
fn shows_what_is_public_and_nothing_that_the_operator_alone_sees() {
    let page = seen(room(Some(session()), None));

    assert!(page.contains("8 of 9 have voted"), "{page}");
    assert!(!page.contains("chose B") && !page.contains("is missing"), "{page}");
}

#[test]
fn shows_the_hint_for_the_room_and_no_hint_for_a_slot() {
    let hint = |slot: Option<&str>, text: &str| Hint {
        slot: slot.map(|slot| slot.parse().unwrap()),
        text: text.to_owned(),
        id: 7,
        en: None,
        ends: None,
    };
    let hints = vec![hint(None, "Count the candles"), hint(Some("slot-01"), "Look up")];

    let page = seen(room(Some(Session { hints, ..session() }), None));

    assert!(page.contains("Count the candles") && !page.contains("Look up"), "{page}");
}

#[test]
fn shows_who_has_not_answered_the_roll_call() {
    let missing = vec!["slot-04".parse().unwrap()];
    let roll =
        RollCall { at: Timestamp(0), by: "operator".to_owned(), present: Vec::new(), missing };

    assert!(seen(room(None, Some(roll))).contains("slot-04"));
}

#[test]
fn counts_down_to_the_planned_end_of_the_session_while_it_runs() {
    let clock = |stopped| SessionClock {
        ends: Some(Timestamp(3_600_000_000)),
        stopped,
        ..SessionClock::default()
    };
    let at = |stopped| seen(room(Some(Session { clock: clock(stopped), ..session() }), None));

    assert!(at(None).contains("data-ends=\"3600000\""));
    assert!(!at(Some(Timestamp(1))).contains("data-ends"));
}

#[test]
fn nothing_on_it_leads_elsewhere() {
    let page = seen(room(Some(showing(vec![question()])), None));

    assert!(!page.contains("<a ") && !page.contains("<header"), "{page}");
}

#[test]
fn shows_each_option_with_the_input_that_chooses_it() {
    let page = seen(room(Some(showing(vec![question(), Widget::turnout(1, 3)])), None));

    assert!(page.contains("[a]</span><span>Anna</span>"), "{page}");
    assert!(page.contains("1 of 3 have voted"), "{page}");
}

#[test]
fn inputs_that_differ_from_slot_to_slot_are_left_to_their_screens() {
    let Widget::Question { step, text, options, mut keys } = question() else { unreachable!() };
    keys.push(Layout { slots: vec!["slot-02".parse().unwrap()], ..keys[0].clone() });

    let page =
        seen(room(Some(showing(vec![Widget::Question { step, text, options, keys }])), None));

    assert!(page.contains("Anna") && !page.contains("[a]"), "{page}");
}

#[test]
fn a_result_takes_the_place_of_the_options() {
    let bar = |label: &str, won| Bar { label: Text::same(label), votes: 1, won };
    let bars = vec![bar("Anna", false), bar("Ben", true)];
    let tally = Widget::Tally { title: Text::same("Result"), bars, of: 2 };
    let why = Widget::text(Text::same("Ben carries"), Level::Good);

    let page = seen(room(Some(showing(vec![question(), why, tally])), None));

    assert!(page.contains("data-sound=\"result\">Ben</p>"), "{page}");
    assert!(!page.contains("class=\"options"), "{page}");
}

#[test]
fn wears_the_theme_of_its_room_and_is_silent_where_the_room_says_so() {
    let look = DisplayConfig { theme: Some(".ask { color: red }".into()), sounds: false };

    let (own, usual) = (seen_by(room(None, None), &look), seen(room(None, None)));

    assert!(own.contains("href=\"/display/main/theme.css?v="), "{own}");
    assert!(!own.contains("data-sounds") && usual.contains("data-sounds"), "{usual}");
}

#[test]
fn a_room_that_there_is_not_is_told_in_both_languages() {
    let words = words().unwrap();

    let page = unknown(&words, Lang::En, "nope").into_string();

    for told in ["Il n’y a pas de salle", "There is no room"] {
        assert!(page.contains(told) && page.contains("nope"), "{page}");
    }
}
