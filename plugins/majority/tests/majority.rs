//! The rules of a vote with a quorum, each by its name.

use eg_game::conformance::Conformance;
use eg_game::testkit::{Table, json, secs};
use eg_game::{Finish, Widget};
use majority::Majority;
use proptest::prelude::*;

const YES_NO: &str = "question: Shall we?\noptions: [Yes, No]\ngrace: 0s\n";

fn vote(players: usize, more: &str) -> Table {
    Table::seat(players).play::<Majority>(&format!("{YES_NO}{more}"))
}

/// Each player in turn: `y`, `n`, or `-` for a blank ballot; `.` says nothing.
fn press_each(table: &mut Table, votes: &str) {
    for (place, vote) in votes.chars().enumerate() {
        let slot = format!("slot-{:02}", place + 1);
        match vote {
            'y' => table.press(&slot, "yes"),
            'n' => table.press(&slot, "no"),
            '-' => table.press(&slot, "abstain"),
            _ => &[],
        };
    }
}

/// Outcome of these votes, closed by hand when some are missing.
fn outcome(more: &str, votes: &str) -> Option<String> {
    let mut table = vote(votes.len(), more);
    press_each(&mut table, votes);
    if table.results().is_empty() {
        table.operator("close", ());
    }
    table.result().outcome.clone()
}

#[test]
fn keeps_every_promise() {
    let config = format!("{YES_NO}quorum: 50%\ntimeout: 30s");
    Conformance::of::<Majority>(&config).inputs(["yes", "no", "abstain"]).any_order().check();
    let config = "{ question: Who?, options: [A, B, C, D, E], keys: [a, b, c], blank: f }";
    Conformance::of::<Majority>(config).inputs(["a", "b", "c", "f"]).check();
}

#[test]
fn a_quorum_of_n_needs_n_votes() {
    assert_eq!(outcome("quorum: 3", "yy..."), None);
    assert_eq!(outcome("quorum: 3", "yyn..").as_deref(), Some("Yes"));
}

#[test]
fn a_quorum_in_percent_is_rounded_up() {
    assert_eq!(outcome("quorum: 50%", "yyy...."), None);
    assert_eq!(outcome("quorum: 50%", "yyyn...").as_deref(), Some("Yes"));
}

#[test]
fn a_blank_ballot_counts_for_the_quorum() {
    assert_eq!(outcome("quorum: 3", "y--..").as_deref(), Some("Yes"));
}

#[test]
fn simple_is_more_than_half_of_the_votes() {
    assert_eq!(outcome("threshold: simple", "yynn"), None);
    assert_eq!(outcome("threshold: simple", "yyn..").as_deref(), Some("Yes"));
}

#[test]
fn absolute_is_more_than_half_of_those_asked() {
    assert_eq!(outcome("threshold: absolute", "yyn.."), None);
    assert_eq!(outcome("threshold: absolute", "yyy..").as_deref(), Some("Yes"));
}

#[test]
fn two_thirds_of_seven_is_five() {
    assert_eq!(outcome("threshold: 2/3", "yyyynnn"), None);
    assert_eq!(outcome("threshold: 2/3", "yyyyynn").as_deref(), Some("Yes"));
}

#[test]
fn all_is_all_votes_and_silence_does_not_stand_against_it() {
    assert_eq!(outcome("threshold: all", "yyn"), None);
    assert_eq!(outcome("threshold: all", "yy.").as_deref(), Some("Yes"));
}

#[test]
fn blank_ballots_count_among_the_votes_only_when_asked_to() {
    assert_eq!(outcome("", "yyn--").as_deref(), Some("Yes"));
    assert_eq!(outcome("count_blank: true", "yyn--"), None);
    assert_eq!(outcome("", "---"), None);
}

#[test]
fn a_quorum_is_lost_by_a_withdrawal() {
    let mut table = vote(4, "quorum: 3");
    press_each(&mut table, "yyy.");

    table.operator("excuse", json!({ "slot": "slot-01" }));
    table.operator("close", ());

    table.expect_result(|result| result.outcome.is_none() && result.votes == 2);
    assert!(table.result().why.en.contains("the quorum of 3 was not reached with 2 votes"));
}

#[test]
fn a_part_of_those_asked_falls_with_them() {
    let mut table = vote(4, "quorum: 75%");
    press_each(&mut table, "yy..");

    table.operator("kill", json!({ "slot": "slot-04" }));
    table.operator("kill", json!({ "slot": "slot-03" }));
    assert!(table.explain().en.contains("close it?"), "{:?}", table.explain());
    table.operator("close", ());

    table.expect_result(|result| result.outcome.as_deref() == Some("Yes"));
}

#[test]
fn a_single_voter_decides() {
    for threshold in ["simple", "absolute", "2/3", "all"] {
        let more = format!("threshold: {threshold}\nquorum: 100%");

        assert_eq!(outcome(&more, "n").as_deref(), Some("No"), "{threshold}");
    }
}

#[test]
fn more_options_than_keys_are_picked_in_two_steps() {
    let config = "{ question: Who?, options: [A, B, C, D, E], keys: [r, g, b], grace: 0s }";
    let mut table = Table::seat(1).play::<Majority>(config);

    table.press("slot-01", "g");
    let seen = format!("{:?}", table.player_sees("slot-01"));
    assert!(seen.contains("r: C") && seen.contains("g: D"), "{seen}");
    table.press("slot-01", "b");
    table.expect_refusal("no choice");
    table.press("slot-01", "g");

    table.expect_result(|result| result.outcome.as_deref() == Some("D"));
}

#[test]
fn a_half_made_pick_is_no_vote() {
    let config = "{ question: Who?, options: [A, B, C, D, E], keys: [r, g, b], timeout: 10s }";
    let mut table = Table::seat(2).play::<Majority>(config);

    table.press("slot-01", "g");
    table.pass(secs(10));

    table.expect_result(|result| result.votes == 0);
}

#[test]
fn what_cannot_work_names_the_field() {
    let mistake =
        |config: &str| Table::seat(2).try_play::<Majority>(config).err().unwrap().to_string();

    assert!(mistake("{ question: Q?, options: [A] }").starts_with("options: "));
    let many = mistake("{ question: Q?, options: [A, B, C, D, E], keys: [a, b] }");
    assert_eq!(many, "keys: 2 inputs pick among 4 at most, not 5");
    let both = mistake("{ question: '', options: [A], timeout: 0s }");
    for field in ["question: ", "options: ", "timeout: "] {
        assert!(both.contains(field), "{field} in {both}");
    }
    assert!(mistake("{ question: Q?, options: [A, B], quorum: 0 }").contains("1% to 100%"));
    assert!(mistake("{ question: Q?, options: [A, B], quorum: 101% }").contains("found 101%"));
}

#[test]
fn the_tally_is_secret_until_it_is_out_and_can_be_reopened() {
    let mut table = vote(2, "");
    table.press("slot-01", "yes");
    let tallies = |table: &Table| {
        let parts = table.public().parts;
        parts.iter().filter(|part| matches!(part, Widget::Tally { .. })).count()
    };
    assert_eq!(tallies(&table), 0);

    table.operator("close", ());
    assert_eq!(tallies(&table), 1);
    table.operator_because("reopen", (), "too soon");
    table.press("slot-02", "yes");

    assert_eq!(table.results().len(), 2);
    table.operator("finish", ());
    assert_eq!(table.finished(), Some(&Finish::Done));
}

proptest! {
    #[test]
    fn what_carries_has_what_was_needed(votes in "[yn.-]{1,9}", threshold in 0..4_usize) {
        let word = ["simple", "absolute", "2/3", "all"][threshold];
        let count = |vote: char| votes.chars().filter(|it| *it == vote).count();
        let (yes, no, asked) = (count('y'), count('n'), votes.len());
        let carries = |mine: usize| mine > 0 && match threshold {
            0 => 2 * mine > yes + no,
            1 => 2 * mine > asked,
            2 => 3 * mine >= 2 * (yes + no),
            _ => mine == yes + no,
        };

        let outcome = outcome(&format!("threshold: {word}"), &votes);

        let wanted = if carries(yes) { Some("Yes") } else if carries(no) { Some("No") } else { None };
        prop_assert_eq!(outcome.as_deref(), wanted);
    }
}

const WHO: &str = "question: Who?\noptions: [slot-01, slot-02, slot-03]\ngrace: 0s\n";

#[test]
fn a_vote_for_somebody_who_is_out_since_is_withdrawn_and_given_anew() {
    let mut table = Table::seat(4).play::<Majority>(WHO);
    table.choose("slot-01", 1, "slot-03");
    table.choose("slot-02", 1, "slot-03");
    table.operator("proxy", json!({ "slot": "slot-04", "choice": "slot-01" }));

    table.operator("kill", json!({ "slot": "slot-03" }));

    assert_eq!(table.explain().en, "1 of 3 votes are in");
    let told =
        |table: &Table, slot: &str| format!("{:?}", table.player_sees(slot)).contains("again");
    assert!(told(&table, "slot-01") && !told(&table, "slot-04"));
    table.choose("slot-01", 1, "slot-03");
    table.expect_refusal("out of the game");
    table.choose("slot-01", 1, "slot-01");
    assert!(!told(&table, "slot-01"));
    table.choose("slot-02", 1, "slot-02");

    table.expect_result(|result| result.outcome.as_deref() == Some("slot-01"));
    table.expect_result(|result| !result.tally.contains_key("slot-03"));
}

#[test]
fn the_dead_are_no_candidates_until_they_are_revived() {
    let mut table = Table::seat(4).dead("slot-03").play::<Majority>(WHO);
    let options = |table: &Table| table.question().unwrap().options.clone();
    assert_eq!(options(&table), ["slot-01", "slot-02"]);

    table.operator_because("revive", json!({ "slot": "slot-03" }), "a mistake");
    table.choose("slot-01", 1, "slot-03");

    assert_eq!(table.refusal(), None);
}

#[test]
fn in_a_recorded_session_of_the_first_revision_the_dead_keep_their_votes() {
    let mut table = Table::seat(3).rules(1).play::<Majority>(WHO);
    table.choose("slot-01", 1, "slot-03");
    table.choose("slot-02", 1, "slot-03");

    table.operator("kill", json!({ "slot": "slot-03" }));
    table.operator("close", ());

    table.expect_result(|result| result.outcome.as_deref() == Some("slot-03"));
}

#[test]
fn options_that_no_button_is_called_are_chosen_in_their_order() {
    let seats = Table::seat(1).buttons(&["a", "b", "abstain"]);
    let mut table = seats.play::<Majority>("{ question: Who?, options: [Anna, Ben], grace: 0s }");

    table.press("slot-01", "b");

    assert_eq!(table.result().outcome.as_deref(), Some("Ben"));
    assert_eq!(table.question().unwrap().keys[0].label(1, "Ben"), "[b] Ben");
}

#[test]
fn options_without_a_button_are_told_when_the_vote_opens() {
    let seats = Table::seat(2).buttons(&["a", "b"]);
    let config = "{ question: Who?, options: [Anna, Ben, Cleo], grace: 0s }";
    let table = seats.clone().play::<Majority>(config);
    let picked =
        seats.play::<Majority>("{ question: Who?, options: [Anna, Ben, Cleo], keys: [a, b] }");

    let lacking = "no input for Cleo at slot-01, slot-02 (2 buttons)";
    assert_eq!(table.notes(), [lacking]);
    assert!(format!("{:?}", table.operator_sees(false)).contains(lacking));
    assert!(picked.notes().is_empty(), "two keys pick among four");
    assert_eq!(picked.question().unwrap().keys[0].label(2, "Cleo"), "[b] Cleo");
}
