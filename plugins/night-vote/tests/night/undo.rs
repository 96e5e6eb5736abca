//! Rule 15: what is undone stays written.

use crate::{ask, bars, night, press_each, votes};
use eg_game::testkit::{json, secs};

#[test]
fn rule_15_reopening_supersedes_the_result_and_keeps_it_in_the_journal() {
    let mut table = night(3, "{}");
    press_each(&mut table, "aab");
    table.pass(secs(2));

    table.operator_because("reopen", (), "slot-02 pressed the wrong key");
    table.press("slot-02", "b");
    table.pass(secs(2));

    let outcomes: Vec<_> = table.results().iter().map(|result| result.outcome.clone()).collect();
    assert_eq!(outcomes, [Some("A".to_owned()), Some("B".to_owned())]);
    let seen = format!("{:?}", table.operator_sees(false).parts);
    assert!(seen.contains("no longer holds"), "{seen}");
    assert!(!format!("{:?}", table.public().parts).contains("no longer holds"));
}

#[test]
fn rule_15_reopening_goes_on_with_the_votes_that_are_in() {
    let mut table = night(3, "{}");
    press_each(&mut table, "aa");
    table.operator("close", ());

    table.operator("reopen", ());
    table.press("slot-03", "b");
    table.pass(secs(2));

    table.expect_result(|result| votes(result, "A") == 2 && votes(result, "B") == 1);
}

#[test]
fn rule_15_reopening_can_start_over() {
    let mut table = night(3, "{}");
    press_each(&mut table, "aaa");
    table.pass(secs(2));

    table.operator("reopen", json!({ "clear": true }));

    assert_eq!(table.explain().en, "0 of 3 votes are in");
    press_each(&mut table, "bbb");
    table.pass(secs(2));
    table.expect_result(|result| votes(result, "B") == 3 && votes(result, "A") == 0);
}

#[test]
fn rule_15_starting_over_forgets_the_revotes_too() {
    let mut table = night(2, "{}");
    for _ in 0..2 {
        press_each(&mut table, "ab");
        table.pass(secs(2));
    }
    table.expect_result(|result| result.carried.is_empty());

    table.operator("reopen", json!({ "clear": true }));
    assert_eq!(table.question().unwrap().options.len(), 3);
    press_each(&mut table, "ab");
    table.pass(secs(2));

    assert_eq!(table.results().len(), 1);
    assert_eq!(table.question().unwrap().options.len(), 2);
}

#[test]
fn rule_15_a_press_made_while_it_was_closed_does_not_count_after_the_reopening() {
    let mut table = night(3, "{}");
    press_each(&mut table, "aa");
    table.pass(secs(1));
    table.operator("close", ());
    table.pass(secs(10));
    table.operator("reopen", ());
    table.pass(secs(1));

    table.press_late("slot-03", "b", secs(5));
    table.expect_refusal("after the question closed");
    table.press_late("slot-03", "b", secs(12));

    assert_eq!(table.refusal(), None);
    table.pass(secs(2));
    table.expect_result(|result| result.votes == 3);
}

#[test]
fn rule_15_a_voided_step_can_be_reopened() {
    let mut table = night(3, "{}");
    press_each(&mut table, "aab");
    table.operator("void", ());
    assert_eq!(bars(&table.public().parts), []);

    table.operator("reopen", ());
    table.operator("close", ());

    table.expect_result(|result| result.outcome.as_deref() == Some("A"));
}

#[test]
fn rule_15_a_decided_step_is_not_opened_a_second_time_by_accident() {
    let mut table = night(1, "grace: 0s");
    table.press("slot-01", "a");

    table.operator("open", json!({ "step": 1, "question": "Who?", "options": ["A", "B"] }));

    table.expect_refusal("already has a result");
    ask(&mut table);
    assert_eq!(table.question().unwrap().step, 2);
}
