//! Rule 8: two choices at once, keys that were down before, and keys that are stuck.

use crate::{night, press_each, turnout};
use eg_game::testkit::{millis, secs};
use eg_game::{Cue, EventKind, Fault};

#[test]
fn rule_08_two_choices_at_once_are_both_refused_and_asked_again() {
    let mut table = night(2, "{}");
    table.press("slot-01", "a");
    table.pass(millis(40));

    table.press_too("slot-01", "b");

    table.expect_refusal("two choices at once");
    assert_eq!(table.cue(), Some(Cue::Refused));
    assert_eq!(turnout(&table.public().parts), Some((0, 2, 0)));
    table.press("slot-01", "b");
    table.press("slot-02", "b");
    table.pass(secs(2));
    table.expect_result(|result| result.outcome.as_deref() == Some("B"));
}

#[test]
fn rule_08_two_choices_at_once_leave_the_vote_that_stood_before() {
    let mut table = night(2, "secrecy: live");
    table.press("slot-01", "c");
    table.pass(secs(1));

    table.press("slot-01", "a");
    table.press_too("slot-01", "b");

    assert!(format!("{:?}", table.player_sees("slot-01")).contains("Your vote: C"));
}

#[test]
fn rule_08_three_keys_at_once_are_none_either() {
    let mut table = night(2, "{}");

    for key in ["a", "b", "c"] {
        table.press_too("slot-01", key);
    }

    table.expect_refusal("two choices at once");
    assert_eq!(turnout(&table.public().parts), Some((0, 2, 0)));
}

#[test]
fn rule_08_two_choices_at_once_stop_the_grace() {
    let mut table = night(2, "{}");
    press_each(&mut table, "aa");
    table.pass(secs(1));

    let mut table = night(2, "{}");
    table.press("slot-01", "a");
    table.press("slot-02", "a");
    table.press_too("slot-02", "b");
    table.pass(secs(60));

    table.expect_no_result();
}

#[test]
fn rule_08_one_key_after_the_other_is_a_changed_mind() {
    let mut table = night(2, "{}");
    table.press("slot-01", "a");
    table.pass(millis(40));
    table.press("slot-01", "b");
    assert_eq!(table.refusal(), None);

    table.pass(millis(200));
    table.press_too("slot-01", "c");

    assert_eq!(table.refusal(), None);
}

#[test]
fn rule_08_a_key_that_is_down_at_the_open_is_no_vote_until_it_was_released() {
    let mut table = eg_game::testkit::Table::seat(1).play::<night_vote::NightVote>("grace: 0s");
    table.press("slot-01", "a");
    table.pass(secs(1));
    crate::ask(&mut table);

    table.tell("slot-01", "a", EventKind::Hold { ms: 2_000 });
    table.tell(
        "slot-01",
        "panel",
        EventKind::Snapshot { levels: vec![true, false, false], states: [].into() },
    );
    table.expect_no_result();
    table.press("slot-01", "a");

    table.expect_result(|result| result.outcome.as_deref() == Some("A"));
}

#[test]
fn rule_08_a_stuck_key_does_not_count_and_the_operator_sees_it() {
    let mut table = night(2, "{}");
    table.press("slot-01", "a");
    table.pass(secs(10));
    table.tell("slot-01", "a", EventKind::Fault { what: Fault::Stuck, count: 1 });

    table.press_too("slot-01", "a");

    table.expect_refusal("the key a is stuck");
    assert!(table.notes().iter().any(|note| note.contains("the key a is stuck")));
    assert!(format!("{:?}", table.operator_sees(false)).contains("key a is stuck"));
    assert!(!format!("{:?}", table.public()).contains("stuck"));
    table.press_too("slot-01", "b");
    assert_eq!(table.refusal(), None);
    table.tell("slot-01", "a", EventKind::Release);
    table.press("slot-01", "a");
    assert_eq!(table.refusal(), None);
}
