//! Rule 4: abstention and silence.

use crate::{night, press_each, votes};
use eg_game::StepStatus::{Incomplete, Success};
use eg_game::testkit::{json, secs};

#[test]
fn a_vote_given_before_the_timeout_counts_although_it_arrives_after_it() {
    let table = eg_game::testkit::Table::seat(2).links_take(eg_game::testkit::millis(25));
    let mut table = table.play::<night_vote::NightVote>("{ timeout: 60s, missing: abstain }");
    crate::ask(&mut table);
    table.press("slot-01", "a");
    table.pass(secs(60) - eg_game::testkit::millis(10));

    table.press_on_its_way("slot-02", "a", eg_game::testkit::millis(20));
    table.pass(secs(3));

    table.expect_result(|result| result.votes == 2);
}

#[test]
fn rule_04_an_abstention_counts_towards_completeness_and_no_choice() {
    let mut table = night(3, "{}");

    table.press("slot-01", "a");
    table.press("slot-02", "abstain");
    table.press("slot-03", "abstain");
    table.pass(secs(2));

    table.expect_result(|result| result.outcome.as_deref() == Some("A"));
    table.expect_result(|result| result.votes == 3 && result.status == Success);
    table.expect_result(|result| result.tally.values().sum::<u32>() == 1);
}

#[test]
fn rule_04_silence_can_abstain() {
    let mut table = night(3, "{ timeout: 60s, missing: abstain }");
    press_each(&mut table, "ab");
    table.press("slot-02", "a");

    table.pass(secs(60));

    table.expect_result(|result| votes(result, "A") == 2 && result.status == Incomplete);
    table.expect_result(|result| (result.votes, result.expected) == (2, 3));
    table.expect_result(|result| result.outcome.as_deref() == Some("A"));
}

#[test]
fn rule_04_silence_can_fail_the_step() {
    let mut table = night(3, "{ timeout: 60s, missing: fail }");
    press_each(&mut table, "aa");

    table.pass(secs(60));

    table.expect_result(|result| result.outcome.is_none() && result.status == Incomplete);
    assert_eq!(table.result().why.en, "time is up and votes are missing: no decision");
}

#[test]
fn rule_04_silence_can_extend_the_time() {
    let mut table = night(2, "{ timeout: 60s, missing: extend, warnings: [] }");
    table.press("slot-01", "a");

    table.pass(secs(179));
    table.press("slot-02", "a");
    table.pass(secs(2));

    table.expect_result(|result| result.status == Success);
    assert_eq!(table.notes().len(), 2);
}

#[test]
fn rule_04_the_operator_decides_about_silence_by_default() {
    let mut table = night(3, "timeout: 60s");
    press_each(&mut table, "aa");

    table.pass(secs(60));

    table.expect_no_result();
    assert_eq!(table.public().phase, "deciding");
    assert_eq!(table.offered(), ["close", "extend", "no-decision", "void", "abort"]);
    assert!(format!("{:?}", table.public()).contains("time is up: the operator decides"));
    table.press("slot-03", "b");
    table.expect_refusal("after the question closed");
    table.operator("close", ());
    table.expect_result(|result| result.outcome.as_deref() == Some("A"));
    table.expect_result(|result| result.status == Incomplete);
}

#[test]
fn rule_04_the_operator_can_give_more_time() {
    let mut table = night(2, "timeout: 60s");
    table.press("slot-01", "a");
    table.pass(secs(60));

    table.operator_because("extend", json!({ "seconds": 30 }), "a lamp was broken");
    table.press("slot-02", "a");
    table.pass(secs(2));

    table.expect_result(|result| result.status == Success);
}

#[test]
fn rule_04_time_given_by_the_operator_runs_out_too() {
    let mut table = night(2, "timeout: 60s");
    table.pass(secs(60));
    table.operator("extend", json!({ "seconds": 30 }));

    table.pass(secs(30));

    assert_eq!(table.public().phase, "deciding");
    table.operator("extend", json!({ "seconds": 0 }));
    table.expect_refusal("from 1 to");
}

#[test]
fn rule_04_the_operator_can_leave_it_undecided() {
    let mut table = night(2, "timeout: 60s");
    table.press("slot-01", "a");
    table.pass(secs(60));

    table.operator("no-decision", ());

    table.expect_result(|result| result.outcome.is_none() && result.votes == 1);
}

#[test]
fn rule_04_a_vote_given_in_time_that_arrives_late_spares_the_operator() {
    let mut table = night(2, "timeout: 60s");
    table.press("slot-01", "a");
    table.pass(secs(65));

    table.press_late("slot-02", "a", secs(10));

    table.expect_result(|result| result.status == Success);
}
