//! Rule 5: what counts is when it was pressed.

use crate::{ask, night, press_each};
use eg_game::testkit::{Table, millis, secs};
use eg_game::{Cue, Input};
use night_vote::NightVote;

#[test]
fn rule_05_a_press_before_any_question_is_refused() {
    let mut table = Table::seat(3).play::<NightVote>("{}");

    table.press("slot-01", "a");

    table.expect_refusal("no question is open");
    assert_eq!(table.cue(), Some(Cue::Refused));
}

#[test]
fn rule_05_a_press_made_before_the_open_is_refused_when_it_arrives_after() {
    let mut table = Table::seat(3).play::<NightVote>("{}");
    table.pass(secs(10));
    ask(&mut table);
    table.pass(secs(1));

    table.press_late("slot-01", "a", secs(2));

    table.expect_refusal("before the question opened");
    assert_eq!(table.explain().en, "0 of 3 votes are in");
}

#[test]
fn rule_05_a_late_press_must_surely_be_after_the_open_and_a_live_one_has_the_doubt() {
    let vague = |late| {
        let mut table = night(3, "{}");
        let press = table.a_press("slot-01", "a");
        let at = table.now() - millis(5);
        table.deliver(Input { at, unc_us: 10_000, late, ..press });
        table.refusal().is_none()
    };

    assert!(vague(false));
    assert!(!vague(true));
}

#[test]
fn rule_05_a_press_after_the_close_is_refused() {
    let mut table = night(2, "{}");
    press_each(&mut table, "ab");
    table.press("slot-02", "a");
    table.pass(secs(2));

    table.press("slot-01", "b");

    table.expect_refusal("the result is out");
    assert_eq!(table.results().len(), 1);
}

#[test]
fn rule_05_a_press_made_in_time_is_refused_once_the_result_was_shown() {
    let mut table = night(2, "{}");
    table.press("slot-01", "a");
    table.operator("close", ());
    table.pass(secs(5));

    table.press_late("slot-02", "b", secs(5) + millis(1));

    table.expect_refusal("the result is out");
}

#[test]
fn rule_05_a_press_made_in_time_counts_while_the_operator_decides() {
    let mut table = night(3, "tie: operator");
    table.pass(secs(1));
    press_each(&mut table, "ab");
    table.operator("close", ());
    table.pass(secs(5));

    table.press_late("slot-03", "b", secs(5) + millis(1));

    table.expect_result(|result| result.outcome.as_deref() == Some("B"));
}

#[test]
fn rule_05_a_press_that_may_have_come_after_the_close_does_not_count() {
    let mut table = night(3, "tie: operator");
    table.pass(secs(1));
    press_each(&mut table, "ab");
    table.operator("close", ());
    table.pass(secs(5));
    let press = table.a_press("slot-03", "b");
    let at = table.now() - secs(5) - millis(1);

    table.deliver(Input { at, unc_us: 2_000, late: true, ..press });

    table.expect_refusal("after the question closed");
    table.expect_no_result();
}

#[test]
fn rule_05_presses_from_an_outage_can_be_dropped() {
    let mut table = night(3, "late: drop");
    table.pass(secs(10));

    table.press_late("slot-01", "a", secs(1));

    table.expect_refusal("the rule is to drop it");
}

#[test]
fn rule_05_an_old_press_is_counted_without_a_click() {
    let mut table = night(3, "{}");
    table.pass(secs(10));

    table.press_late("slot-01", "a", secs(5));

    assert_eq!((table.refusal(), table.cue()), (None, None));
    assert_eq!(table.explain().en, "1 of 3 votes are in");
}
