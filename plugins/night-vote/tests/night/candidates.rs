//! Options that are players: votes for one who is out are withdrawn, and the dead are no candidates.

use crate::{bars, turnout};
use eg_game::testkit::{Table, json, millis, secs};
use eg_game::{Cue, Effect, FieldKind, Question, Seat, StepStatus};
use night_vote::NightVote;
use proptest::prelude::*;

const CONFIG: &str = "
keys: { a: slot-01, b: slot-02, c: slot-03, d: slot-04 }
steps:
  - { question: Who?, options: [slot-01, slot-02, slot-03, slot-04] }
  - { question: And who now?, options: [slot-01, slot-02, slot-03, slot-04] }
";

fn village(more: &str) -> Table {
    let mut table = Table::seat(4).play::<NightVote>(&format!("{CONFIG}{more}"));
    table.operator("next", ());
    table
}

fn kill(table: &mut Table, slot: &str) {
    table.operator("kill", json!({ "slot": slot }));
}

fn options(table: &Table) -> Vec<&str> {
    table.question().unwrap().options.iter().map(String::as_str).collect()
}

fn told_to_choose_again(table: &Table, slot: &str) -> bool {
    format!("{:?}", table.player_sees(slot)).contains("choose again")
}

#[test]
fn a_vote_for_somebody_who_dies_is_withdrawn_and_given_anew() {
    let mut table = village("secrecy: who_voted");
    table.press("slot-01", "c");
    table.press("slot-02", "c");
    table.press("slot-04", "a");

    kill(&mut table, "slot-03");

    let cued = table.last_effects().iter().filter_map(|effect| {
        if let Effect::Cue { slot, cue: Cue::Refused } = effect {
            Some(slot.as_str())
        } else {
            None
        }
    });
    assert_eq!(cued.collect::<Vec<_>>(), ["slot-01", "slot-02"]);
    assert!(told_to_choose_again(&table, "slot-01") && !told_to_choose_again(&table, "slot-04"));
    assert_eq!(turnout(&table.public().parts), Some((1, 3, 2)));
    table.press("slot-01", "c");
    table.expect_refusal("slot-03 is out of the game");
    table.press("slot-01", "a");
    table.press("slot-02", "a");
    assert!(!told_to_choose_again(&table, "slot-01"));
    table.crash();
    table.pass(secs(2));

    table.expect_result(|result| result.outcome.as_deref() == Some("slot-01"));
    table.expect_result(|result| result.status == StepStatus::Success && result.votes == 3);
    table.expect_result(|result| !result.tally.contains_key("slot-03"));
}

#[test]
fn the_dead_who_led_win_nothing_when_it_is_closed_at_once() {
    let mut table = village("");
    table.press("slot-01", "c");
    table.press("slot-02", "c");

    kill(&mut table, "slot-03");
    table.operator("close", ());

    table.expect_result(|result| result.outcome.is_none() && result.votes == 0);
}

#[test]
fn in_a_hidden_vote_nobody_notices_whose_vote_was_withdrawn() {
    let mut table = village("");
    table.press("slot-01", "c");

    kill(&mut table, "slot-03");

    let cues = table.last_effects().iter().filter(|it| matches!(it, Effect::Cue { .. })).count();
    assert_eq!(cues, 4);
    assert!(told_to_choose_again(&table, "slot-01") && !told_to_choose_again(&table, "slot-02"));
    let notes = table.notes().join("\n");
    assert!(notes.contains("1 vote is withdrawn") && !notes.contains("slot-01"), "{notes}");
}

#[test]
fn a_vote_that_dies_in_the_grace_stops_it() {
    let mut table = village("");
    for (slot, key) in [("slot-01", "c"), ("slot-02", "c"), ("slot-03", "a"), ("slot-04", "a")] {
        table.press(slot, key);
    }

    kill(&mut table, "slot-03");
    table.pass(secs(60));

    table.expect_no_result();
    assert_eq!(turnout(&table.public().parts), Some((1, 3, 0)));
    assert!(!format!("{:?}", table.operator_sees(false)).contains("close it?"));
}

#[test]
fn the_dead_are_no_candidates_in_a_revote() {
    let mut table = village("");
    table.press("slot-01", "b");
    table.press("slot-02", "c");
    table.press("slot-03", "d");
    table.press("slot-04", "c");
    kill(&mut table, "slot-03");
    table.press("slot-02", "d");
    table.press("slot-04", "b");
    table.press("slot-01", "abstain");

    table.pass(secs(2));

    assert_eq!(options(&table), ["slot-02", "slot-04"]);
    kill(&mut table, "slot-02");
    table.press("slot-01", "b");
    table.expect_refusal("slot-02 is out of the game");
}

#[test]
fn the_dead_are_no_candidates_of_a_later_question_and_come_back_with_a_revive() {
    let mut table = village("secrecy: live");
    kill(&mut table, "slot-03");
    table.operator("void", ());
    table.operator("next", ());

    assert_eq!(options(&table), ["slot-01", "slot-02", "slot-04"]);
    assert!(!bars(&table.public().parts).iter().any(|(option, _)| option == "slot-03"));
    let proxy = table.offers().into_iter().find(|offer| offer.name == "proxy").unwrap();
    let FieldKind::OneOf(choices) = &proxy.fields[1].kind else { panic!() };
    assert_eq!(choices, &["slot-01", "slot-02", "slot-04", "abstain"]);
    table.operator("proxy", json!({ "slot": "slot-01", "choice": "slot-03" }));
    table.expect_refusal("slot-03 is out of the game");

    table.operator_because("revive", json!({ "slot": "slot-03" }), "a mistake");
    table.press("slot-01", "c");

    assert_eq!(table.refusal(), None);
    assert!(bars(&table.public().parts).contains(&("slot-03".to_owned(), 1)));
}

#[test]
fn choices_by_name_and_by_proxy_are_withdrawn_alike() {
    let mut table = village("secrecy: live");
    table.choose("slot-01", 1, "Slot-03");
    table.operator("proxy", json!({ "slot": "slot-02", "choice": "slot-03" }));

    kill(&mut table, "slot-03");
    table.choose("slot-01", 1, "slot-03");

    table.expect_refusal("slot-03 is out of the game");
    assert_eq!(turnout(&table.public().parts), Some((0, 3, 3)));
}

#[test]
fn a_vote_that_waits_to_be_accepted_or_confirmed_is_gone_too() {
    let mut table = village("{}".trim_matches(['{', '}']));
    table.operator("void", ());
    let mut late = village("late: ask");
    late.pass(secs(5));
    late.press_late("slot-01", "c", secs(2));
    kill(&mut late, "slot-03");
    assert!(!late.offered().contains(&"accept-late"));

    let mut twice = village("change: confirm");
    twice.press("slot-01", "c");
    twice.pass(secs(1));
    kill(&mut twice, "slot-03");
    twice.operator("revive", json!({ "slot": "slot-03" }));
    twice.press("slot-01", "c");

    assert_eq!(turnout(&twice.public().parts).unwrap().0, 0, "it must be confirmed anew");
}

#[test]
fn a_paper_that_is_laid_back_brings_no_vote_for_the_dead_back() {
    let mut table = village("secrecy: live");
    table.press("slot-01", "c");
    table.release("slot-01");
    table.press_too("slot-01", "a");
    kill(&mut table, "slot-03");
    table.press_too("slot-01", "b");

    table.expect_refusal("two choices at once");
    assert!(bars(&table.public().parts).iter().all(|(option, _)| option != "slot-03"));
}

#[test]
fn a_tie_that_waits_for_the_operator_does_not_name_the_dead() {
    let mut table = village("tie: operator");
    for (slot, key) in [("slot-01", "c"), ("slot-02", "c"), ("slot-03", "a"), ("slot-04", "a")] {
        table.press(slot, key);
    }
    table.pass(secs(2));

    kill(&mut table, "slot-03");

    assert!(!table.offered().contains(&"decide"), "{:?}", table.offered());
    table.operator("close", ());
    table.expect_result(|result| result.outcome.as_deref() == Some("slot-01"));
}

#[test]
fn reopening_a_step_withdraws_votes_for_those_who_died_since() {
    let mut table = village("");
    for slot in ["slot-01", "slot-02", "slot-03", "slot-04"] {
        table.press(slot, "c");
    }
    table.pass(secs(2));
    kill(&mut table, "slot-03");
    table.expect_result(|result| result.outcome.as_deref() == Some("slot-03"));

    table.operator_because("reopen", (), "somebody else was meant");

    assert_eq!(turnout(&table.public().parts).unwrap().0, 0);
    assert_eq!(options(&table), ["slot-01", "slot-02", "slot-04"]);
}

#[test]
fn a_candidate_who_changes_seats_is_followed() {
    let mut table = village("secrecy: live");
    table.press("slot-01", "c");
    table.operator_because("reseat", json!({ "from": "slot-03", "to": "slot-09" }), "dead board");

    kill(&mut table, "slot-09");

    assert_eq!(turnout(&table.public().parts), Some((0, 3, 3)));
}

#[test]
fn a_question_of_the_dead_alone_is_not_asked() {
    let mut table = Table::seat(4).dead("slot-03").dead("slot-04").play::<NightVote>("{}");
    let question = json!({ "question": "Who?", "options": ["slot-03", "slot-04"] });

    table.operator("open", question);

    table.expect_refusal("everybody who could be chosen is out of the game");
}

#[test]
fn where_the_dead_may_be_chosen_they_stay_what_they_are() {
    let mut table = village("illegal: [self]");
    table.press("slot-01", "c");

    kill(&mut table, "slot-03");
    table.operator("close", ());

    table.expect_result(|result| result.outcome.as_deref() == Some("slot-03"));
}

#[test]
fn in_a_recorded_session_of_the_first_revision_the_dead_keep_their_votes() {
    let mut table = Table::seat(4).rules(1).play::<NightVote>(CONFIG);
    table.operator("next", ());
    table.press("slot-01", "c");
    table.press("slot-02", "c");

    kill(&mut table, "slot-03");
    table.operator("close", ());

    table.expect_result(|result| result.outcome.as_deref() == Some("slot-03"));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// Whatever is pressed and whoever dies and comes back: the dead never win, and never stand in a question that
    /// opens.
    #[test]
    fn nobody_who_is_out_ever_wins(deeds in prop::collection::vec((0..4_usize, 0..9_usize), 1..60)) {
        let mut table = village("timeout: 20s\nmissing: abstain");
        for (place, deed) in deeds {
            let slot = format!("slot-{:02}", place + 1);
            let (results, opened) = (table.results().len(), table.question().cloned());
            let dead: Vec<_> = table.roster().seats.iter().filter(|seat| !seat.alive).map(name).collect();
            match deed {
                0..=3 => { table.press(&slot, ["a", "b", "c", "d"][deed]); }
                4 => { table.operator("kill", json!({ "slot": slot })); }
                5 => { table.operator("revive", json!({ "slot": slot })); }
                6 => { table.operator("close", ()); }
                7 => { table.operator("next", ()); }
                _ => table.pass(millis(7_000)),
            }
            table.pass(millis(200));
            if let Some(result) = table.results().get(results) {
                prop_assert!(!result.carried.iter().any(|it| dead.contains(it)), "{result:?} {dead:?}");
            }
            if let Some(Question { options, .. }) = table.question().filter(|it| Some(*it) != opened.as_ref()) {
                prop_assert!(!options.iter().any(|it| dead.contains(it)), "{options:?} {dead:?}");
            }
        }
    }
}

fn name(seat: &Seat) -> String {
    seat.slot.to_string()
}
