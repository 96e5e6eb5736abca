//! Rule 12: the step closes when all are in, after a grace.

use crate::{ask, night, press_each, votes};
use eg_game::Finish;
use eg_game::StepStatus::{Aborted, Incomplete, Success};
use eg_game::testkit::{Table, json, millis, secs};
use night_vote::NightVote;

#[test]
fn rule_12_closes_two_seconds_after_the_last_vote() {
    let mut table = night(3, "{}");
    press_each(&mut table, "aab");

    table.pass(millis(1_999));
    table.expect_no_result();
    table.pass(millis(1));

    table.expect_result(|result| result.status == Success && result.next_step == 2);
}

#[test]
fn rule_12_a_change_within_the_grace_starts_it_anew() {
    let mut table = night(3, "{}");
    press_each(&mut table, "aab");
    table.pass(millis(1_900));
    table.press("slot-01", "b");

    table.pass(millis(1_999));
    table.expect_no_result();
    table.pass(millis(1));

    table.expect_result(|result| votes(result, "B") == 2);
}

#[test]
fn rule_12_without_grace_the_last_vote_closes_at_once() {
    let mut table = night(3, "grace: 0s");

    press_each(&mut table, "aab");

    assert_eq!(table.timers(), []);
    table.expect_result(|result| result.votes == 3);
}

#[test]
fn rule_12_a_decided_vote_stays_open_until_all_are_in() {
    let mut table = night(9, "{}");

    press_each(&mut table, "aaaaaaaa");
    table.pass(secs(600));

    table.expect_no_result();
}

#[test]
fn rule_12_an_open_vote_that_is_decided_closes_early_where_it_may() {
    let mut table = night(9, "{ secrecy: live, decided: close }");

    // Four to one, and four are missing: they could still make it a tie.
    press_each(&mut table, "aaaab");
    table.pass(secs(600));
    table.expect_no_result();
    table.press("slot-06", "a");
    table.pass(millis(1_999));
    table.expect_no_result();
    table.pass(millis(1));

    table.expect_result(|result| result.outcome.as_deref() == Some("A"));
    table.expect_result(|result| (result.votes, result.expected) == (6, 9));
}

#[test]
fn rule_12_a_change_that_opens_the_vote_again_cancels_the_early_close() {
    let mut table = night(5, "{ secrecy: live, decided: close, rule: majority }");
    press_each(&mut table, "aaa");
    table.pass(millis(1_900));

    table.press("slot-01", "b");
    table.pass(secs(60));

    table.expect_no_result();
}

#[test]
fn rule_12_a_vote_that_is_not_open_never_closes_early() {
    for secrecy in ["hidden", "count", "who_voted"] {
        let config = format!("{{ secrecy: {secrecy}, decided: close }}");
        let refused = Table::seat(3).try_play::<NightVote>(&config).err().unwrap().to_string();
        assert!(refused.contains("secrecy: live"), "{refused}");
    }
}

#[test]
fn closing_by_hand_counts_what_is_in() {
    let mut table = night(9, "{}");
    press_each(&mut table, "aab");

    table.operator("close", ());

    table.expect_result(|result| {
        result.status == Incomplete && (result.votes, result.expected) == (3, 9)
    });
    table.expect_result(|result| result.outcome.as_deref() == Some("A"));
}

#[test]
fn a_voided_step_tells_no_votes() {
    let mut table = night(3, "timeout: 60s");
    press_each(&mut table, "aab");

    table.operator_because("void", (), "wrong question");

    assert_eq!(table.timers(), []);
    table.expect_result(|result| result.status == Aborted && result.tally.is_empty());
    table.expect_result(|result| result.outcome.is_none());
}

#[test]
fn aborting_ends_the_night_and_calls_off_the_open_step() {
    let mut table = night(3, "{}");

    table.operator("abort", ());

    table.expect_result(|result| result.status == Aborted);
    assert_eq!(table.finished(), Some(&Finish::Aborted));
    assert_eq!(table.offered(), Vec::<&str>::new());
}

#[test]
fn a_night_of_prepared_steps_goes_from_next_to_finish() {
    let config = "
steps:
  - { question: Who?, options: [A, B, C] }
  - { question: Why?, options: [Love, Money] }
keys: { a: Love, b: Money }
";
    let mut table = Table::seat(2).play::<NightVote>(config);
    table.operator("next", ());
    table.choose("slot-01", 1, "C");
    table.choose("slot-02", 1, "C");
    table.pass(secs(2));

    table.operator("next", ());
    press_each(&mut table, "bb");
    table.pass(secs(2));

    let outcomes: Vec<_> = table.results().iter().map(|result| result.outcome.clone()).collect();
    assert_eq!(outcomes, [Some("C".to_owned()), Some("Money".to_owned())]);
    assert_eq!(table.offered(), ["open", "reopen", "finish", "abort"]);
    table.operator("next", ());
    table.expect_refusal("no further step is prepared");
    table.operator("finish", ());
    assert_eq!(table.finished(), Some(&Finish::Done));
}

#[test]
fn the_form_of_open_holds_the_next_prepared_step() {
    let config = "steps: [{ question: Who?, options: [A, B] }]";
    let table = Table::seat(2).play::<NightVote>(config);

    let open = table.offers().into_iter().find(|offer| offer.name == "open").unwrap();

    let values: Vec<_> = open.fields.iter().map(|field| (field.name, &*field.value)).collect();
    assert_eq!(values, [("step", "1"), ("question", "Who?"), ("options", "A\nB")]);
}

#[test]
fn an_act_that_does_not_fit_changes_nothing() {
    let mut table = night(2, "{}");
    let before = table.operator_sees(true);

    for (name, args, wanted) in [
        ("open", json!({ "question": "What?", "options": ["X", "Y"] }), "step 1 is still open"),
        ("next", json!({}), "no further step"),
        ("reopen", json!({}), "cannot be done now"),
        ("decide", json!({ "choice": "A" }), "cannot be done now"),
        ("decide", json!({}), "missing field `choice`"),
        ("no-decision", json!({}), "cannot be done now"),
        ("extend", json!({}), "cannot be done now"),
        ("finish", json!({}), "cannot be done now"),
        ("dance", json!({}), "no act \"dance\""),
    ] {
        table.operator(name, args);

        table.expect_refusal(wanted);
        assert_eq!(table.last_effects().len(), 1, "{name}");
        assert_eq!(table.operator_sees(true), before, "{name}");
    }
}

#[test]
fn a_question_needs_words_and_two_different_options() {
    let mut table = Table::seat(2).play::<NightVote>("{}");

    for (args, wanted) in [
        (json!({}), "the question is missing"),
        (json!({ "question": " ", "options": ["A", "B"] }), "the question is missing"),
        (json!({ "question": "Who?" }), "the options are missing"),
        (json!({ "question": "Who?", "options": ["A", " "] }), "at least 2 options; found 1"),
        (json!({ "question": "Who?", "options": ["A", "a"] }), "stands there twice"),
        (json!({ "question": "Who?", "options": ["A", "B"], "step": 0 }), "count from 1"),
        (json!({ "question": "Who?", "options": ["A", "B"], "step": "x" }), "invalid type"),
    ] {
        table.operator("open", args);
        table.expect_refusal(wanted);
    }
    ask(&mut table);
    assert!(table.question().is_some());
}
