//! Buttons and the options that they choose.

use eg_game::testkit::{Table, json};
use eg_game::{Effect, Widget};
use night_vote::NightVote;

const ASKS: &str = "{ grace: 0s, steps: [ { question: Who?, options: [Anna, Ben] } ] }";

/// Two players with the buttons a, b and c, asked about Anna and Ben.
fn asked(config: &str) -> Table {
    let mut table = Table::seat(2).buttons(&["a", "b", "c"]).play::<NightVote>(config);
    table.operator("next", ());
    table
}

#[test]
fn options_that_no_button_is_called_are_chosen_in_their_order() {
    let mut table = asked(ASKS);

    table.press("slot-01", "b");
    table.press("slot-02", "c");
    table.expect_refusal("no choice of this question");
    table.press("slot-02", "b");

    assert_eq!(table.result().outcome.as_deref(), Some("Ben"));
    table.crash();
}

#[test]
fn a_session_of_the_first_revision_goes_by_names_alone() {
    let seats = Table::seat(2).buttons(&["a", "b", "c"]).rules(1);
    let mut table = seats.play::<NightVote>(ASKS);
    table.operator("next", ());

    table.press("slot-01", "b");

    table.expect_refusal("no choice of this question");
    assert!(table.question().unwrap().keys.is_empty());
}

#[test]
fn the_keys_of_the_settings_and_of_a_step_win() {
    let night = asked("{ keys: { c: Anna }, steps: [ { question: Who?, options: [Anna, Ben] } ] }");
    let step =
        asked("{ steps: [ { question: Who?, options: [Anna, Ben], keys: { a: Ben, b: Anna } } ] }");

    let label =
        |table: &Table, place, option| table.question().unwrap().keys[0].label(place, option);
    assert_eq!(label(&night, 0, "Anna"), "[c] Anna");
    assert_eq!(label(&night, 1, "Ben"), "[a] Ben");
    assert_eq!(label(&step, 0, "Anna"), "[b] Anna");
}

#[test]
fn a_vote_among_the_tied_keeps_the_buttons() {
    let mut table =
        asked("{ grace: 0s, steps: [ { question: Who?, options: [Anna, Ben, Cleo] } ] }");

    table.press("slot-01", "b");
    table.press("slot-02", "c");

    let question = table.question().unwrap();
    assert_eq!(question.options, ["Ben", "Cleo"]);
    assert_eq!(question.keys[0].label(0, "Ben"), "[b] Ben");
    table.press("slot-01", "c");
    table.press("slot-02", "c");
    assert_eq!(table.result().outcome.as_deref(), Some("Cleo"));
}

#[test]
fn a_slot_that_tells_its_buttons_while_it_is_asked_has_them_from_then_on() {
    let mut table = Table::seat(2).buttons_at("slot-01", &["a", "b"]).play::<NightVote>(ASKS);
    table.operator("next", ());
    table.press("slot-02", "red");
    table.expect_refusal("no choice");

    let told = table.slot_has("slot-02", &["red", "blue"]).to_vec();
    table.slot_has("slot-01", &["b", "a"]);
    table.press("slot-02", "blue");
    table.press("slot-01", "b");

    assert!(matches!(told.as_slice(), [Effect::Retell(question)] if question.keys.len() == 2));
    assert_eq!(table.result().outcome.as_deref(), Some("Ben"));
    table.crash();
}

#[test]
fn a_player_sees_the_buttons_of_their_own_slot() {
    let seats = Table::seat(2).buttons(&["a", "b"]).buttons_at("slot-02", &["red", "blue"]);
    let mut table = seats.play::<NightVote>(ASKS);
    table.operator("next", ());

    let keys = |parts: &[Widget]| {
        let question = |part: &Widget| {
            if let Widget::Question { keys, .. } = part { Some(keys.clone()) } else { None }
        };
        parts.iter().find_map(question).unwrap()
    };
    let own = keys(&table.player_sees("slot-02").parts);
    assert_eq!((own.len(), own[0].label(1, "Ben")), (1, "[blue] Ben".to_owned()));
    assert_eq!(keys(&table.public().parts).len(), 2);
}

#[test]
fn players_who_change_seats_find_the_buttons_of_their_new_one() {
    let seats = Table::seat(2).buttons(&["a", "b"]).buttons_at("slot-02", &["red", "blue"]);
    let mut table = seats.play::<NightVote>(ASKS);
    table.operator("next", ());

    table.operator_because("reseat", json!({ "from": "slot-01", "to": "slot-02" }), "cold");
    table.press("slot-02", "blue");
    table.press("slot-01", "b");

    assert_eq!(table.result().outcome.as_deref(), Some("Ben"));
}
