//! Rule 10: ties and zero votes.

use crate::{night, press_each};
use eg_game::testkit::{Table, json, secs};
use eg_game::{Question, StepStatus};
use night_vote::NightVote;

/// Two votes each for A and B, after the grace.
fn tied(config: &str) -> Table {
    let mut table = night(4, config);
    press_each(&mut table, "abba");
    table.pass(secs(2));
    table
}

#[test]
fn rule_10_one_revote_among_the_tied_then_none() {
    let mut table = tied("{}");

    table.expect_no_result();
    let options = vec!["A".to_owned(), "B".to_owned()];
    let (question, keys) = ("Who?".into(), Vec::new());
    assert_eq!(table.question(), Some(&Question { step: 1, question, options, keys }));
    table.press("slot-01", "c");
    table.expect_refusal("no choice of this question");
    press_each(&mut table, "abba");
    table.pass(secs(2));

    assert_eq!(table.results().len(), 1);
    table.expect_result(|result| result.outcome.is_none() && result.status == StepStatus::Success);
    assert_eq!(table.result().why.en, "a tie between A and B: nobody carries");
}

#[test]
fn rule_10_a_revote_is_won_by_those_who_change_their_mind() {
    let mut table = tied("{}");

    press_each(&mut table, "aaab");
    table.pass(secs(2));

    table.expect_result(|result| result.outcome.as_deref() == Some("A"));
}

#[test]
fn rule_10_a_press_of_the_first_vote_does_not_count_in_the_revote() {
    let mut table = tied("{}");
    table.pass(secs(1));

    table.press_late("slot-01", "a", secs(2));

    table.expect_refusal("before the question opened");
}

#[test]
fn rule_10_a_revote_can_be_repeated() {
    let mut table = tied("tie: { revote-tied: 2 }");

    press_each(&mut table, "abba");
    table.pass(secs(2));
    table.expect_no_result();
    press_each(&mut table, "abba");
    table.pass(secs(2));

    table.expect_result(|result| result.carried.is_empty());
}

#[test]
fn rule_10_nobody_can_carry() {
    let table = tied("tie: none");

    table.expect_result(|result| result.outcome.is_none() && result.carried.is_empty());
}

#[test]
fn rule_10_all_can_carry() {
    let table = tied("tie: all");

    table.expect_result(|result| result.carried == ["A", "B"] && result.outcome.is_none());
}

#[test]
fn rule_10_a_draw_comes_from_the_seed_and_not_from_the_list() {
    let drawn = |seed: u64, options: [&str; 3]| {
        let mut table = Table::seat(4).play::<NightVote>(&format!("tie: {{ random: {seed} }}"));
        table.operator("open", json!({ "question": "Who?", "options": options }));
        press_each(&mut table, "abba");
        table.pass(secs(2));
        table.result().outcome.clone().unwrap()
    };

    let draws: Vec<_> = (0..20).map(|seed| drawn(seed, ["A", "B", "C"])).collect();

    assert!(draws.contains(&"A".to_owned()) && draws.contains(&"B".to_owned()), "{draws:?}");
    let mirrored: Vec<_> = (0..20).map(|seed| drawn(seed, ["C", "B", "A"])).collect();
    assert_eq!(draws, mirrored);
}

#[test]
fn rule_10_a_draw_without_a_seed_is_the_sessions_own_and_says_it() {
    let drawn = |seed: u64| {
        let mut table = Table::seat(4).seed(seed).play::<NightVote>("tie: random");
        table.operator("open", json!({ "question": "Who?", "options": ["A", "B", "C"] }));
        press_each(&mut table, "abba");
        table.pass(secs(2));
        table.crash();
        let result = table.result().clone();
        assert!(result.why.en.contains(&format!("the draw (seed {seed})")), "{}", result.why.en);
        result.outcome.unwrap()
    };

    let draws: Vec<_> = (0..20).map(drawn).collect();

    assert!(draws.contains(&"A".to_owned()) && draws.contains(&"B".to_owned()), "{draws:?}");
}

#[test]
fn rule_10_the_chair_breaks_a_tie_among_its_own() {
    let table = tied("tie: { chair: slot-02 }");

    table.expect_result(|result| result.outcome.as_deref() == Some("B"));
    assert!(table.result().why.en.contains("slot-02 in the chair chose \"B\""));
}

#[test]
fn rule_10_a_chair_who_chose_none_of_the_tied_breaks_nothing() {
    let mut table = night(5, "tie: { chair: slot-05 }");

    press_each(&mut table, "abbac");
    table.pass(secs(2));

    table.expect_result(|result| result.carried.is_empty());
}

#[test]
fn rule_10_the_operator_can_decide() {
    let mut table = tied("tie: operator");

    table.expect_no_result();
    assert_eq!(table.offered(), ["decide", "no-decision", "void", "abort"]);
    table.operator("decide", json!({ "choice": "C" }));
    table.expect_refusal("\"C\" is not tied; here: A and B");
    table.operator_because("decide", json!({ "choice": "B" }), "drawn from a hat");

    table.expect_result(|result| result.outcome.as_deref() == Some("B"));
}

#[test]
fn rule_10_zero_votes_are_no_choice_and_no_tie() {
    let mut table = night(3, "tie: all");

    for slot in ["slot-01", "slot-02", "slot-03"] {
        table.press(slot, "abstain");
    }
    table.pass(secs(2));

    table.expect_result(|result| result.carried.is_empty() && result.votes == 3);
    assert_eq!(table.result().why.en, "nobody chose anything: no decision");
}

#[test]
fn rule_10_the_operator_is_told_of_a_tie_once_until_it_is_another() {
    let mut table = night(6, "tie: operator");
    table.pass(secs(1));
    press_each(&mut table, "abab");
    table.operator("close", ());
    table.pass(secs(1));

    table.press_late("slot-05", "abstain", secs(2));

    assert_eq!(table.notes(), ["a tie between A and B: the operator decides"]);
    assert_eq!(table.public().phase, "deciding");
}

#[test]
fn a_second_vote_tells_everybody_that_there_was_a_tie() {
    let first = format!("{:?}", night(4, "{}").public());

    let second = format!("{:?}", tied("{}").public());

    assert!(
        !first.contains("vote again") && second.contains("a tie: vote again (vote 2)"),
        "{second}"
    );
}

#[test]
fn a_tie_that_the_operator_decides_is_told_without_naming_who_is_tied() {
    let public = format!("{:?}", tied("tie: operator").public());

    assert!(public.contains("a tie: the operator decides"), "{public}");
    assert!(!public.contains("a tie between"), "{public}");
}
