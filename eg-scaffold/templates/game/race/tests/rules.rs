//! The rules, each as somebody at the table would see it.

use eg_game::prelude::*;
use eg_game::testkit::{Table, millis, secs};
use {{ident}}::{{Type}};

fn table() -> Table {
    Table::seat(3).links_take(millis(200)).play::<{{Type}}>("{ points: 2 }")
}

#[test]
fn the_earlier_press_wins_although_it_arrives_later() {
    let mut table = table();
    table.pass(secs(1));
    table.press_on_its_way("slot-01", "red", millis(150));
    table.pass(millis(20));
    table.press("slot-02", "red");

    table.pass(secs(1));

    assert_eq!(table.explain().en, "in the lead: slot-01");
}

#[test]
fn between_two_rounds_nobody_can_press() {
    let mut table = table();
    table.pass(secs(1));
    table.press("slot-01", "red");
    table.pass(secs(1));

    table.press("slot-02", "red");
    table.pass(secs(1));

    assert_eq!(table.explain().en, "in the lead: slot-01");
}

#[test]
fn presses_that_cannot_be_told_apart_have_a_point_each() {
    let mut table = table();
    table.pass(secs(1));
    for slot in ["slot-01", "slot-02"] {
        let press = table.a_press(slot, "red");
        table.deliver(Input { unc_us: 5_000, ..press });
        table.pass(millis(4));
    }

    table.pass(secs(1));

    assert_eq!(table.explain().en, "in the lead: slot-01, slot-02");
}

#[test]
fn the_points_that_win_end_it_also_after_a_crash() {
    let mut table = table();
    for _ in 0..2 {
        table.pass(secs(3));
        table.crash();
        table.press("slot-03", "red");
    }

    table.pass(secs(1));

    assert_eq!(table.result().outcome.as_deref(), Some("slot-03"));
    assert_eq!(table.finished(), Some(&Finish::Done));
}
