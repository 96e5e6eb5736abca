//! Rule 11: when a choice carries.

use crate::{bars, night, press_each, votes};
use eg_game::testkit::{Table, secs};
use night_vote::NightVote;

fn outcome(players: usize, config: &str, keys: &str) -> Option<String> {
    let mut table = night(players, config);
    press_each(&mut table, keys);
    table.pass(secs(2));
    table.result().outcome.clone()
}

#[test]
fn rule_11_plurality_needs_the_most() {
    assert_eq!(outcome(5, "{}", "aabbb").as_deref(), Some("B"));
    assert_eq!(outcome(4, "{}", "aabc").as_deref(), Some("A"));
}

#[test]
fn rule_11_majority_needs_strictly_more_than_half_of_the_eligible() {
    assert_eq!(outcome(4, "rule: majority", "aabc"), None);
    assert_eq!(outcome(4, "rule: majority", "aaab").as_deref(), Some("A"));
    assert_eq!(outcome(5, "{ rule: majority, expected: 3 }", "aab"), None);
}

#[test]
fn rule_11_unanimous_needs_all() {
    assert_eq!(outcome(3, "rule: unanimous", "aab"), None);
    assert_eq!(outcome(3, "rule: unanimous", "aaa").as_deref(), Some("A"));
}

#[test]
fn rule_11_weights_decide_and_players_are_shown_apart() {
    let mut table = Table::seat(3).weight("slot-01", 3).play::<NightVote>("{}");
    crate::ask(&mut table);

    press_each(&mut table, "abb");
    table.pass(secs(2));

    table.expect_result(|result| result.outcome.as_deref() == Some("A") && result.votes == 3);
    table.expect_result(|result| votes(result, "A") == 3 && votes(result, "B") == 2);
    let view = table.public();
    assert_eq!(bars(&view.parts)[..2], [("A".to_owned(), 3), ("B".to_owned(), 2)]);
    assert!(format!("{view:?}").contains("B: 2 players"));
}
