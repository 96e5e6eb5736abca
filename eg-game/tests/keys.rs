//! Meaning of inputs, at slots that have told their inputs and at those that have not.

#![expect(clippy::unwrap_used, reason = "a test may panic")]

use eg_game::ballot::{KeyMap, Keys, Lacking, Vote};
use eg_game::testkit::Table;
use eg_game::{Controls, InputName, Roster, SlotId};

fn input(name: &str) -> InputName {
    InputName::new(name).unwrap()
}

fn slot(number: usize) -> SlotId {
    SlotId::new(format!("slot-{number:02}")).unwrap()
}

fn options(names: &[&str]) -> Vec<String> {
    names.iter().map(|name| (*name).to_owned()).collect()
}

/// Options that these inputs mean at slot 1, by the words of the option.
fn meanings(keys: &Keys, asked: &[String], inputs: &[&str]) -> Vec<Option<String>> {
    let word = |name: &&str| match keys.press(&slot(1), &input(name), asked)? {
        Vote::For(place) => Some(asked[place].clone()),
        Vote::Abstain => Some("(abstains)".to_owned()),
    };
    inputs.iter().map(word).collect()
}

fn words(all: &[&str]) -> Vec<Option<String>> {
    all.iter().map(|word| (!word.is_empty()).then(|| (*word).to_owned())).collect()
}

fn room(buttons: &[&str]) -> Roster {
    Table::seat(1).buttons(buttons).roster().clone()
}

const BOARD: [&str; 4] = ["a", "b", "c", "abstain"];

#[test]
fn options_that_no_input_is_called_are_chosen_by_the_buttons_in_their_order() {
    let asked = options(&["Trial", "Mercy"]);
    let keys = KeyMap::default().lay(&asked, &room(&BOARD));

    assert_eq!(meanings(&keys, &asked, &BOARD), words(&["Trial", "Mercy", "", "(abstains)"]));
}

#[test]
fn options_that_are_all_called_like_inputs_are_chosen_by_those() {
    let asked = options(&["C", "A"]);
    let keys = KeyMap::default().lay(&asked, &room(&BOARD));

    assert_eq!(meanings(&keys, &asked, &BOARD), words(&["A", "", "C", "(abstains)"]));
}

#[test]
fn when_one_option_has_no_input_of_its_name_all_of_them_go_by_place() {
    let asked = options(&["B", "Anna", "A"]);
    let keys = KeyMap::default().lay(&asked, &room(&BOARD));

    assert_eq!(meanings(&keys, &asked, &BOARD), words(&["B", "Anna", "A", "(abstains)"]));
}

#[test]
fn the_settings_win_and_the_rest_goes_by_place() {
    let said = [(input("b"), "Anna".to_owned()), (input("bell"), "Ben".to_owned())];
    let map = KeyMap::new(said.into(), Some(input("c"))).unwrap();
    let asked = options(&["Anna", "Ben", "Cleo"]);
    let keys = map.lay(&asked, &room(&["a", "b", "c", "d"]));

    let wanted = words(&["Ben", "Anna", "(abstains)", "Cleo"]);
    assert_eq!(meanings(&keys, &asked, &["a", "b", "c", "d"]), wanted);
}

#[test]
fn a_map_that_stands_alone_gives_no_input_another_meaning() {
    let said = [(input("b"), "Anna".to_owned())];
    let map = KeyMap::new(said.into(), None).unwrap().alone();
    let asked = options(&["Anna", "Ben"]);
    let keys = map.lay(&asked, &room(&BOARD));

    assert_eq!(meanings(&keys, &asked, &BOARD), words(&["", "Anna", "", ""]));
    assert_eq!(keys.lacking(&asked, [&slot(1)])[0].options, ["Ben"]);
}

#[test]
fn an_input_that_was_never_told_of_means_the_option_of_its_name() {
    let asked = options(&["Anna", "Ben"]);
    let known = KeyMap::default().lay(&asked, &room(&["a"]));
    let unknown = KeyMap::default().lay(&asked, &Roster::of([slot(1)]));

    assert_eq!(meanings(&known, &asked, &["a", "ben", "b"]), words(&["Anna", "Ben", ""]));
    assert_eq!(meanings(&unknown, &asked, &["a", "ben"]), words(&["", "Ben"]));
    assert_eq!(unknown.unknown([&slot(1)]), [slot(1)]);
}

#[test]
fn switches_choose_by_their_name_and_never_by_their_place() {
    let mut controls = Controls::default();
    controls.add_switch(input("lid"));
    controls.add_press(input("red"));
    let mut roster = Roster::of([slot(1)]);
    roster.set_controls(slot(1), controls);

    let named = options(&["Lid", "Red"]);
    let keys = KeyMap::default().lay(&named, &roster);
    assert_eq!(meanings(&keys, &named, &["lid", "red"]), words(&["Lid", "Red"]));

    let asked = options(&["Anna", "Ben"]);
    let keys = KeyMap::default().lay(&asked, &roster);
    assert_eq!(meanings(&keys, &asked, &["lid", "red"]), words(&["", "Anna"]));
}

#[test]
fn a_vote_among_the_tied_keeps_what_the_inputs_meant() {
    let asked = options(&["Anna", "Ben", "Cleo"]);
    let keys = KeyMap::default().lay(&asked, &room(&BOARD));
    let tied = options(&["Ben", "Cleo"]);

    assert_eq!(meanings(&keys, &tied, &BOARD), words(&["", "Ben", "Cleo", "(abstains)"]));
    assert_eq!(keys.layouts(&tied)[0].inputs, [[input("b")], [input("c")]]);
}

#[test]
fn what_a_slot_tells_later_changes_nothing_but_where_nothing_was_known() {
    let asked = options(&["Anna", "Ben"]);
    let mut roster = Table::seat(2).buttons_at("slot-01", &["a", "b"]).roster().clone();
    let mut keys = KeyMap::default().lay(&asked, &roster);

    roster.set_controls(slot(1), Controls::buttons([input("b"), input("a")]));
    roster.set_controls(slot(2), Controls::buttons([input("x"), input("y")]));

    assert!(!keys.learn(&slot(1), &roster));
    assert!(keys.learn(&slot(2), &roster));
    assert_eq!(meanings(&keys, &asked, &["a", "b"]), words(&["Anna", "Ben"]));
    assert_eq!(keys.press(&slot(2), &input("y"), &asked), Some(Vote::For(1)));
}

#[test]
fn slots_with_the_same_meaning_stand_together_and_options_show_their_input() {
    let asked = options(&["Anna", "Ben"]);
    let seats =
        Table::seat(3).buttons(&["a", "b", "abstain"]).buttons_at("slot-02", &["red", "blue"]);
    let keys = KeyMap::default().lay(&asked, seats.roster());

    let layouts = keys.layouts(&asked);

    assert_eq!(layouts.len(), 2);
    assert_eq!(layouts[0].slots, [slot(1), slot(3)]);
    assert_eq!(layouts[0].label(0, "Anna"), "[a] Anna");
    assert_eq!(layouts[0].abstain, Some(input("abstain")));
    assert_eq!(layouts[1].label(1, "Ben"), "[blue] Ben");
}

#[test]
fn more_options_than_buttons_are_told_with_where_and_how_many() {
    let asked = options(&["Anna", "Ben", "Cleo", "Dora"]);
    let seats = Table::seat(3).buttons(&BOARD).buttons_at("slot-02", &["a", "b", "c", "d"]);
    let keys = KeyMap::default().lay(&asked, seats.roster());

    let lacking = keys.lacking(&asked, &[slot(1), slot(2), slot(3)]);

    let said = Lacking::say(&lacking).unwrap();
    assert_eq!(said.en, "no input for Dora at slot-01, slot-03 (3 buttons)");
    assert_eq!(said.fr, "aucune touche pour Dora à slot-01, slot-03 (3 touches)");
    assert_eq!(Lacking::say(&[]), None);
}
