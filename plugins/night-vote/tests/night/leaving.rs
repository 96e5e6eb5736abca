//! Rules 6 and 7: slots that are lost, players who leave, and votes by proxy.

use crate::{night, press_each, turnout, votes};
use eg_game::testkit::{json, secs};
use eg_game::{Presence, StepStatus};

#[test]
fn rule_06_a_lost_slot_does_not_shrink_the_set() {
    let mut table = night(9, "{}");
    press_each(&mut table, "aaaaaaaa");

    table.slot_is("slot-09", Presence::Offline);
    table.pass(secs(600));

    table.expect_no_result();
    let seen = table.public();
    assert_eq!(turnout(&seen.parts), Some((8, 9, 0)));
    assert!(format!("{seen:?}").contains("Lost: slot-09"));
    assert!(format!("{:?}", table.operator_sees(false)).contains("Lost: slot-09"));
    table.slot_is("slot-09", Presence::Online);
    assert!(!format!("{:?}", table.public()).contains("Lost"));
}

#[test]
fn rule_06_a_vote_by_proxy_counts_for_the_player() {
    let mut table = night(3, "{}");
    press_each(&mut table, "ab");
    table.slot_is("slot-03", Presence::Offline);
    let vote = json!({ "slot": "slot-03", "choice": "B" });

    table.operator_because("proxy", vote, "the board is dead, she told me");
    table.pass(secs(2));

    table.expect_result(|result| votes(result, "B") == 2 && result.status == StepStatus::Success);
    assert!(table.notes().contains(&"operator chose for slot-03"));
}

#[test]
fn rule_06_a_proxy_can_abstain_and_needs_no_confirmation() {
    let mut table = night(1, "{ change: confirm, grace: 0s }");

    table.operator("proxy", json!({ "slot": "slot-01", "choice": "abstain" }));

    table.expect_result(|result| result.votes == 1 && result.outcome.is_none());
}

#[test]
fn rule_06_a_proxy_is_offered_only_while_votes_are_taken() {
    let mut table = night(2, "timeout: 60s");
    let offers_proxy =
        |table: &eg_game::testkit::Table| table.offers().iter().any(|offer| offer.name == "proxy");
    assert!(offers_proxy(&table));

    table.pass(secs(60));

    assert!(!offers_proxy(&table));
}

#[test]
fn rule_07_a_killed_players_vote_is_withdrawn() {
    let mut table = night(4, "secrecy: live");
    press_each(&mut table, "aab");

    table.operator("kill", json!({ "slot": "slot-01" }));

    assert_eq!(turnout(&table.public().parts), Some((2, 3, 1)));
    table.press("slot-01", "a");
    table.expect_refusal("not asked");
    table.press("slot-04", "b");
    table.pass(secs(2));
    table.expect_result(|result| votes(result, "A") == 1 && votes(result, "B") == 2);
    table.expect_result(|result| (result.votes, result.expected) == (3, 3));
}

#[test]
fn rule_07_a_ballot_that_is_complete_by_that_asks_before_it_closes() {
    for act in ["kill", "excuse"] {
        let mut table = night(3, "{}");
        press_each(&mut table, "ab");

        table.operator(act, json!({ "slot": "slot-03" }));
        table.pass(secs(60));
        table.press("slot-01", "b");
        table.pass(secs(60));

        table.expect_no_result();
        assert!(format!("{:?}", table.operator_sees(false)).contains("close it?"), "{act}");
        table.operator("close", ());
        table.expect_result(|result| votes(result, "B") == 2);
        table.expect_result(|result| result.status == StepStatus::Success);
    }
}

#[test]
fn rule_07_a_player_who_leaves_in_the_grace_stops_it() {
    let mut table = night(3, "{}");
    press_each(&mut table, "aab");

    table.operator("kill", json!({ "slot": "slot-03" }));
    table.pass(secs(60));

    table.expect_no_result();
}

#[test]
fn rule_07_a_player_who_is_taken_back_is_asked_again() {
    let mut table = night(3, "{}");
    press_each(&mut table, "ab");
    table.operator("excuse", json!({ "slot": "slot-03" }));

    table.operator("readmit", json!({ "slot": "slot-03" }));
    table.press("slot-03", "b");
    table.pass(secs(2));

    table.expect_result(|result| (result.votes, result.expected) == (3, 3));
}

#[test]
fn rule_07_a_fixed_number_falls_only_below_what_can_be_reached() {
    let mut table = night(5, "expected: 4");
    press_each(&mut table, "aa");
    table.operator("kill", json!({ "slot": "slot-05" }));
    assert_eq!(turnout(&table.public().parts), Some((2, 4, 0)));

    table.operator("kill", json!({ "slot": "slot-04" }));

    assert_eq!(turnout(&table.public().parts), Some((2, 3, 0)));
}

#[test]
fn rule_07_a_tie_that_a_leaver_breaks_is_left_to_the_operator() {
    let mut table = night(4, "tie: operator");
    press_each(&mut table, "aabb");
    table.pass(secs(2));

    table.operator("kill", json!({ "slot": "slot-01" }));

    table.expect_no_result();
    assert_eq!(table.offered(), ["close", "no-decision", "void", "abort"]);
    table.operator("close", ());
    table.expect_result(|result| result.outcome.as_deref() == Some("B"));
}

#[test]
fn a_player_who_changes_seats_takes_the_vote_along() {
    let mut table = night(3, "grace: 0s");
    press_each(&mut table, "ab");

    table.operator_because("reseat", json!({ "from": "slot-01", "to": "slot-07" }), "dead board");
    table.press("slot-01", "c");
    table.expect_refusal("not asked");
    table.press("slot-07", "b");
    table.press("slot-03", "c");

    table.expect_result(|result| votes(result, "B") == 2 && votes(result, "A") == 0);
}

#[test]
fn the_next_question_is_asked_of_those_who_are_left() {
    let mut table = night(3, "grace: 0s");
    table.operator("kill", json!({ "slot": "slot-02" }));
    table.press("slot-01", "a");
    table.press("slot-03", "a");
    table.operator("close", ());

    crate::ask(&mut table);

    assert_eq!(turnout(&table.public().parts), Some((0, 2, 0)));
}

#[test]
fn the_operator_alone_sees_who_sits_out_and_who_is_out() {
    let mut table = night(4, "{}");

    table.operator("excuse", json!({ "slot": "slot-03" }));
    table.operator("kill", json!({ "slot": "slot-04" }));

    let (operator, public) =
        (format!("{:?}", table.operator_sees(false)), format!("{:?}", table.public()));
    for told in ["Excused: slot-03", "Out of the game: slot-04"] {
        assert!(operator.contains(told) && !public.contains(told), "{told}: {operator}");
    }
}
