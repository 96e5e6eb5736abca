//! Rules 2 and 3: one ballot a player.

use crate::{night, press_each, slot, votes};
use eg_game::Cue;
use eg_game::testkit::{millis, secs};

#[test]
fn rule_02_one_player_pressing_nine_times_does_not_close_the_night() {
    let mut table = night(9, "{}");

    for key in ["a", "b", "c", "a", "b", "c", "a", "b", "c"] {
        table.press("slot-01", key);
    }
    table.pass(secs(600));

    table.expect_no_result();
}

#[test]
fn rule_02_counts_a_changed_mind_once() {
    let mut table = night(3, "{}");
    press_each(&mut table, "aab");

    table.press("slot-01", "b");
    table.pass(secs(2));

    table.expect_result(|result| votes(result, "A") == 1 && votes(result, "B") == 2);
    table.expect_result(|result| result.votes == 3);
}

#[test]
fn rule_02_the_last_choice_in_time_counts_whatever_arrives_last() {
    let mut table = night(2, "{}");
    table.pass(secs(10));
    table.choose("slot-01", 1, "B");

    table.press_late("slot-01", "a", secs(5));
    table.expect_refusal("later choice");
    table.press("slot-02", "b");
    table.pass(secs(2));

    table.expect_result(|result| votes(result, "B") == 2);
}

#[test]
fn rule_02_the_first_choice_can_be_made_to_count() {
    let mut table = night(2, "change: first");
    table.press("slot-01", "a");

    table.press("slot-01", "b");
    table.expect_refusal("first choice counts");
    table.press("slot-02", "a");
    table.pass(secs(2));

    table.expect_result(|result| votes(result, "A") == 2);
}

#[test]
fn rule_02_a_choice_can_be_made_to_count_once_confirmed() {
    let mut table = night(1, "change: confirm");

    table.press("slot-01", "a");
    table.pass(secs(10));
    table.expect_no_result();
    table.press("slot-01", "a");
    table.pass(secs(2));

    table.expect_result(|result| result.outcome.as_deref() == Some("A"));
}

#[test]
fn rule_03_the_same_choice_again_changes_nothing() {
    let mut table = night(3, "secrecy: live");
    table.press("slot-01", "a");

    table.repeat();
    table.press("slot-01", "a");

    assert_eq!(table.last_effects().len(), 1);
    assert_eq!(table.cue(), Some(Cue::Accepted));
}

#[test]
fn rule_03_the_same_choice_again_does_not_hold_up_the_close() {
    let mut table = night(3, "{}");
    press_each(&mut table, "aab");

    for number in 1..=3 {
        table.pass(millis(600));
        table.press(&slot(number), if number == 3 { "b" } else { "a" });
    }
    table.pass(millis(200));

    table.expect_result(|result| result.votes == 3);
}

#[test]
fn a_key_that_means_nothing_is_refused_and_a_release_is_no_vote() {
    let mut table = night(3, "{}");

    table.press("slot-01", "bell");
    table.expect_refusal("\"bell\" is no choice");
    assert_eq!(table.cue(), Some(Cue::Refused));

    let press = table.a_press("slot-01", "a");
    let eg_game::InputData::Event { device, input, .. } = press.what else { panic!("a press") };
    let kind = eg_game::EventKind::Release;
    let release = table.an_input("slot-01", eg_game::InputData::Event { device, input, kind });
    assert_eq!(table.deliver(release), []);
}

#[test]
fn keys_mean_what_the_room_says() {
    let config = "keys: { red: A, green: B }\nabstain: grey";
    let mut table = night(3, config);

    table.press("slot-01", "red");
    table.press("slot-02", "green");
    table.press("slot-02", "red");
    table.press("slot-03", "grey");
    table.pass(secs(2));

    table.expect_result(|result| votes(result, "A") == 2 && result.votes == 3);
}
