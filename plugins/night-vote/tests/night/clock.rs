//! Rules 13 and 18: warnings, pauses, more time, and the soft close.

use crate::night;
use eg_game::testkit::{Table, json, millis, secs};
use eg_game::{Timestamp, Widget};

fn ends(table: &Table) -> Option<Timestamp> {
    table
        .public()
        .parts
        .iter()
        .find_map(|part| if let Widget::Timer { ends, .. } = part { Some(*ends) } else { None })
}

fn warning(table: &Table) -> bool {
    format!("{:?}", table.public()).contains("seconds are left")
}

#[test]
fn rule_13_warns_thirty_and_ten_seconds_before_the_end() {
    let mut table = night(2, "timeout: 60s");

    table.pass(millis(29_999));
    assert!(!warning(&table));
    table.pass(millis(1));
    assert_eq!(table.notes(), ["30 seconds are left"]);
    assert!(warning(&table));
    table.pass(secs(20));
    assert_eq!(table.notes(), ["30 seconds are left", "10 seconds are left"]);
    table.pass(secs(10));

    assert_eq!(table.public().phase, "deciding");
    assert!(!warning(&table));
}

#[test]
fn rule_13_a_short_step_warns_only_of_what_is_ahead() {
    let mut table = night(2, "timeout: 20s");

    table.pass(secs(10));

    assert_eq!(table.notes(), ["10 seconds are left"]);
    assert!(night(2, "{ timeout: 60s, warnings: [] }").timers().len() == 1);
}

#[test]
fn rule_13_pausing_the_game_pauses_the_time() {
    let mut table = night(2, "timeout: 60s");
    table.pass(secs(25));

    table.operator("pause", ());
    table.pass(secs(600));
    assert_eq!(table.public().phase, "open");
    table.press("slot-01", "a");
    table.expect_refusal("paused");
    table.operator("resume", ());

    assert_eq!(ends(&table), Some(table.now() + secs(35)));
    table.pass(secs(5));
    assert!(warning(&table));
    table.pass(secs(30));
    assert_eq!(table.public().phase, "deciding");
}

#[test]
fn rule_13_more_time_is_given_while_the_step_is_open() {
    let mut table = night(2, "timeout: 60s");
    table.pass(secs(55));

    table.operator_because("extend", json!({ "seconds": 30 }), "a late player");

    assert_eq!(ends(&table), Some(table.now() + secs(35)));
    assert!(table.notes().contains(&"operator gives 30 more seconds"));
    assert!(!warning(&table));
    table.pass(secs(34));
    assert_eq!(table.public().phase, "open");
    table.pass(secs(1));
    assert_eq!(table.public().phase, "deciding");
}

#[test]
fn rule_13_a_step_without_an_end_cannot_be_prolonged() {
    let mut table = night(2, "{}");

    table.operator("extend", json!({ "seconds": 30 }));

    table.expect_refusal("cannot be done now");
}

#[test]
fn rule_16_after_an_outage_the_time_shown_is_the_time_left() {
    let mut table = night(2, "timeout: 60s");
    table.pass(secs(50));

    table.crash_for(secs(600));

    assert_eq!(ends(&table), Some(table.now() + secs(10)));
}

#[test]
fn rule_18_without_a_soft_close_a_late_change_moves_nothing() {
    let mut table = night(2, "timeout: 60s");
    table.pass(secs(59));

    table.press("slot-01", "a");
    table.pass(secs(1));

    assert_eq!(table.public().phase, "deciding");
}

#[test]
fn rule_18_a_late_change_moves_the_end() {
    let mut table = night(3, "{ timeout: 60s, soft_close: 5s, warnings: [] }");
    table.press("slot-01", "a");
    table.pass(secs(58));

    table.press("slot-02", "a");
    assert_eq!(ends(&table), Some(table.now() + secs(5)));
    table.pass(secs(4));
    table.press("slot-02", "b");
    table.pass(millis(4_999));

    assert_eq!(table.public().phase, "open");
    table.pass(millis(1));
    assert_eq!(table.public().phase, "deciding");
}

#[test]
fn rule_18_the_same_choice_again_moves_nothing() {
    let mut table = night(3, "{ timeout: 60s, soft_close: 5s, warnings: [] }");
    table.press("slot-01", "a");
    table.pass(secs(58));

    table.press("slot-01", "a");
    table.pass(secs(2));

    assert_eq!(table.public().phase, "deciding");
}
