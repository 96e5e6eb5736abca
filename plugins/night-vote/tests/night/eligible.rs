//! Rule 1: who is asked is fixed when the ballot opens.

use crate::{night, press_each, turnout};
use eg_game::testkit::{Table, json, secs};
use night_vote::NightVote;

#[test]
fn rule_01_everybody_who_is_alive_is_expected() {
    let mut table = Table::seat(4).dead("slot-04").play::<NightVote>("{}");
    crate::ask(&mut table);

    press_each(&mut table, "aab");
    table.press("slot-04", "b");
    table.expect_refusal("not asked");
    table.pass(secs(2));

    table.expect_result(|result| (result.votes, result.expected) == (3, 3));
}

#[test]
fn rule_01_a_role_is_asked_alone() {
    let config = "steps: [{ question: Who dies?, options: [A, B], role: wolf }]";
    let wolves = Table::seat(5).role("wolf", &["slot-02", "slot-05"]);
    let mut table = wolves.play::<NightVote>(config);
    table.operator("next", ());

    table.press("slot-01", "a");
    table.press("slot-02", "b");
    table.press("slot-05", "b");
    table.pass(secs(2));

    table.expect_result(|result| result.outcome.as_deref() == Some("B") && result.expected == 2);
}

#[test]
fn rule_01_a_number_below_the_set_warns_and_completes() {
    let mut table = night(9, "expected: 3");

    press_each(&mut table, "aab");
    table.pass(secs(2));

    assert!(table.notes()[0].contains("3 votes are enough, and 9 players"), "{:?}", table.notes());
    table.expect_result(|result| (result.votes, result.expected) == (3, 3));
}

#[test]
fn rule_01_a_vote_beyond_the_number_counts_while_the_step_is_open() {
    let mut table = night(9, "expected: 3");

    press_each(&mut table, "aabbb");
    table.pass(secs(2));

    table.expect_result(|result| (result.votes, result.expected) == (5, 5));
    table.expect_result(|result| result.outcome.as_deref() == Some("B"));
}

#[test]
fn rule_01_a_number_above_the_set_opens_only_when_confirmed() {
    let mut table = Table::seat(8).play::<NightVote>("expected: 9");
    let question = json!({ "question": "Who?", "options": ["A", "B"] });

    table.operator("open", question);
    table.expect_refusal("9 votes wanted of 8 players");
    assert_eq!(table.question(), None);

    let confirmed = json!({ "question": "Who?", "options": ["A", "B"], "confirm": true });
    table.operator("open", confirmed);
    press_each(&mut table, "aaaaaaaa");
    table.pass(secs(60));

    table.expect_no_result();
    assert_eq!(turnout(&table.public().parts), Some((8, 9, 0)));
    table.operator("close", ());
    table.expect_result(|result| result.status == eg_game::StepStatus::Incomplete);
}

#[test]
fn rule_01_the_tick_to_confirm_is_offered_only_when_it_is_needed() {
    let has_tick = |config: &str| {
        let table = Table::seat(8).play::<NightVote>(config);
        let open = table.offers().into_iter().find(|offer| offer.name == "open").unwrap();
        open.fields.iter().any(|field| field.name == "confirm")
    };

    assert!(has_tick("expected: 9"));
    assert!(!has_tick("expected: 8"));
    assert!(!has_tick("{}"));
}

#[test]
fn rule_01_a_step_that_nobody_could_vote_on_does_not_open() {
    let mut table = Table::seat(1).dead("slot-01").play::<NightVote>("{}");

    crate::ask(&mut table);

    table.expect_refusal("nobody could vote");
    assert_eq!(table.question(), None);
}
