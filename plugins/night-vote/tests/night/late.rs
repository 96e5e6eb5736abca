//! Rule 5, the late policy: what becomes of presses that an outage held back.

use crate::{night, press_each, turnout};
use eg_game::testkit::{json, secs};

#[test]
fn rule_05_late_presses_can_be_accepted_even_after_the_close() {
    let config = |late: &str| format!("{{ timeout: 60s, late: {late} }}");
    let arrives_after = |late: &str| {
        let mut table = night(2, &config(late));
        table.press("slot-01", "a");
        table.pass(secs(65));
        table.press_late("slot-02", "a", secs(2));
        table.results().len()
    };

    assert_eq!(arrives_after("accept"), 1);
    assert_eq!(arrives_after("accept-if-open"), 0);
}

#[test]
fn rule_05_a_late_press_from_before_the_opening_counts_under_no_policy() {
    for late in ["accept", "accept-if-open", "ask", "drop"] {
        let mut table = night(2, &format!("late: {late}"));
        table.pass(secs(5));

        table.press_late("slot-02", "a", secs(10));

        assert!(table.refusal().is_some(), "{late}");
        assert_eq!(turnout(&table.public().parts), Some((0, 2, 0)), "{late}");
    }
}

#[test]
fn rule_05_a_late_press_waits_for_the_operator_who_accepts_it() {
    let mut table = night(2, "late: ask");
    press_each(&mut table, "a");
    table.pass(secs(20));

    table.press_late("slot-02", "a", secs(10));
    table.pass(secs(60));

    table.expect_no_result();
    let seen = format!("{:?}", table.operator_sees(false));
    assert!(seen.contains("slot-02: a vote that an outage held back waits"), "{seen}");
    assert!(!format!("{:?}", table.public()).contains("held back"));
    let act = json!({ "slot": "slot-02" });
    table.operator_because("accept-late", act.clone(), "the switch was out");
    table.pass(secs(2));
    table.expect_result(|result| result.votes == 2);
    table.operator("accept-late", act);
    table.expect_refusal("cannot be done now");
}

#[test]
fn rule_05_a_late_press_waits_for_the_operator_who_refuses_it() {
    let mut table = night(2, "late: ask");
    table.pass(secs(20));
    table.press_late("slot-02", "b", secs(10));

    table.operator("refuse-late", json!({ "slot": "slot-02" }));

    assert_eq!(turnout(&table.public().parts), Some((0, 2, 0)));
    assert!(table.notes().last().unwrap().contains("refused the held-back vote of slot-02"));
    assert_eq!(table.offered(), ["close", "void", "abort"]);
}

#[test]
fn rule_05_what_still_waits_at_the_result_does_not_count_and_is_said() {
    let mut table = night(2, "late: ask");
    table.pass(secs(20));
    table.press_late("slot-02", "b", secs(10));

    table.operator("close", ());

    table.expect_result(|result| result.votes == 0);
    assert_eq!(table.notes().last(), Some(&"1 votes that an outage held back did not count"));
}

#[test]
fn rule_05_an_accepted_press_does_not_replace_a_later_choice() {
    let mut table = night(2, "{ late: ask, secrecy: live }");
    table.pass(secs(20));
    table.press_late("slot-02", "b", secs(10));
    table.press("slot-02", "c");

    table.operator("accept-late", json!({ "slot": "slot-02" }));

    assert!(format!("{:?}", table.player_sees("slot-02")).contains("Your vote: C"));
}

#[test]
fn rule_05_nothing_late_counts_once_the_result_is_out() {
    for late in ["accept", "accept-if-open", "ask", "drop"] {
        let mut table = night(1, &format!("{{ grace: 0s, late: {late} }}"));
        table.pass(secs(5));
        table.press("slot-01", "a");

        table.press_late("slot-01", "b", secs(1));

        table.expect_refusal("the result is out");
    }
}
