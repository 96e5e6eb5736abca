//! Choices and steps of agents, pages and scripts that speak the old contract.

use crate::{ask, night, press_each, slot};
use eg_game::StepStatus::{Incomplete, Success};
use eg_game::testkit::{Table, json, secs};
use night_vote::NightVote;

#[test]
fn a_choice_counts_like_a_press() {
    let mut table = night(3, "{}");

    table.press("slot-01", "a");
    table.choose("slot-02", 1, "b");
    table.choose("slot-03", 1, "B");
    table.pass(secs(2));

    table.expect_result(|result| result.outcome.as_deref() == Some("B") && result.votes == 3);
}

#[test]
fn nine_choices_of_one_device_are_one_vote() {
    let mut table = night(9, "grace: 0s");

    for _ in 0..9 {
        table.choose("slot-01", 1, "B");
    }
    table.expect_no_result();
    table.repeat();
    for number in 2..=9 {
        table.choose(&slot(number), 1, "B");
    }

    table.expect_result(|result| result.status == Success && result.next_step == 2);
    assert_eq!(table.results().len(), 1);
}

#[test]
fn a_choice_for_another_step_is_refused() {
    let mut table = night(3, "{}");

    table.choose("slot-01", 2, "A");

    table.expect_refusal("a vote for step 2, and step 1 is open");
}

#[test]
fn a_choice_that_is_no_option_is_refused() {
    let mut table = night(3, "{}");

    table.choose("slot-01", 1, "Z");

    table.expect_refusal("\"Z\" is no choice of this question");
}

#[test]
fn opening_with_replace_closes_what_is_open() {
    let mut table = night(4, "{}");
    press_each(&mut table, "ab");
    let next = json!({ "step": 2, "question": "Why?", "options": ["A", "B"], "replace": true });

    table.operator("open", next);

    table.expect_result(|result| result.step == 1 && result.status == Incomplete);
    table.expect_result(|result| result.outcome.is_none());
    assert_eq!(table.question().unwrap().step, 2);
}

#[test]
fn opening_with_replace_asks_a_decided_step_again() {
    let mut table = Table::seat(1).play::<NightVote>("grace: 0s");
    ask(&mut table);
    table.press("slot-01", "a");
    let again = json!({ "step": 1, "question": "Who?", "options": ["A", "B"], "replace": true });

    table.operator("open", again);
    table.press("slot-01", "b");

    let outcomes: Vec<_> = table.results().iter().map(|result| result.outcome.clone()).collect();
    assert_eq!(outcomes, [Some("A".to_owned()), Some("B".to_owned())]);
    let seen = format!("{:?}", table.operator_sees(false).parts);
    assert_eq!(seen.matches("no longer holds").count(), 1, "{seen}");
}
