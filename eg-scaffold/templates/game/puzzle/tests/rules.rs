//! The rules, each as somebody at the table would see it.

use eg_game::prelude::*;
use eg_game::testkit::Table;
use {{ident}}::{{Type}};

fn table() -> Table {
    let config = "{ order: [red, green, blue], opens: { slot: slot-01, output: lock } }";
    Table::seat(2).play::<{{Type}}>(config)
}

#[test]
fn the_right_order_opens_the_lock() {
    let mut table = table();
    table.press("slot-01", "red");
    table.crash();
    table.press("slot-02", "green");
    table.press("slot-01", "blue");

    let opened = |effect: &Effect| matches!(effect, Effect::Set { set: Set::On, .. });
    assert!(table.last_effects().iter().any(opened));
    assert_eq!(table.finished(), Some(&Finish::Done));
}

#[test]
fn a_wrong_press_starts_over() {
    let mut table = table();
    table.press("slot-01", "red");
    table.press("slot-01", "blue");
    assert_eq!(table.cue(), Some(Cue::Refused));

    table.press("slot-01", "green");
    table.press("slot-01", "blue");

    assert_eq!(table.finished(), None);
}

#[test]
fn the_operator_may_accept_it_as_solved() {
    let mut table = table();

    table.operator_because("accept", (), "the red button is broken");

    assert_eq!(table.result().outcome.as_deref(), Some("solved"));
}
