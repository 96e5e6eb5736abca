//! The rules of the buzzer, each by its name.

mod ties;

use buzzer::Buzzer;
use eg_game::conformance::Conformance;
use eg_game::testkit::{Table, json, millis, secs};
use eg_game::{Cue, Effect, EventKind, Finish, Input};

/// Table of this many players, armed, after a second.
fn armed(players: usize, config: &str) -> Table {
    let mut table = Table::seat(players).play::<Buzzer>(&format!("roll_call: false\n{config}"));
    table.pass(secs(1));
    table.operator("arm", ());
    table.pass(secs(1));
    table
}

/// A press that a player made so many microseconds ago, ± so many.
fn buzz(table: &mut Table, slot: &str, ago_us: u64, unc_us: u64) {
    let press = table.a_press(slot, "red");
    let at = table.now() - std::time::Duration::from_micros(ago_us);
    table.deliver(Input { at, unc_us, ..press });
}

fn phase(table: &Table) -> String {
    table.public().phase
}

#[test]
fn keeps_every_promise() {
    let arm: fn(&mut Table) = |table| {
        table.operator("arm", ());
    };
    for tie in ["both", "{ random: 7 }", "fewest_wins", "judge"] {
        let config = format!("{{ roll_call: false, tie: {tie} }}");
        let kit = Conformance::of::<Buzzer>(&config).inputs(["red"]).begin(arm).any_order();
        let draws = tie.contains("random");
        if draws { kit.draws_by_name().check() } else { kit.check() }
    }
    Conformance::of::<Buzzer>("{ early: out, key: red }").inputs(["red", "blue"]).check();
}

#[test]
fn the_first_press_in_time_is_locked_whichever_arrives_first() {
    let mut table = armed(3, "");

    buzz(&mut table, "slot-02", 1_000, 100);
    buzz(&mut table, "slot-01", 13_300, 100);
    table.pass(millis(100));

    assert_eq!(table.public().headline.en, "slot-01");
    assert_eq!(table.explain().en, "slot-01 before slot-02 by 12.3 ms ± 0.2 ms");
}

#[test]
fn a_right_answer_scores_and_ends_the_question() {
    let mut table = armed(2, "");
    table.press("slot-02", "red");
    table.pass(millis(100));

    table.operator("right", ());

    table.expect_result(|it| it.outcome.as_deref() == Some("slot-02") && it.tally["slot-02"] == 1);
    assert_eq!(phase(&table), "dead");
    assert!(table.explain().en.contains("slot-02 answered right; slot-02 alone"));
}

#[test]
fn whoever_was_first_reads_that_it_is_their_turn() {
    let mut table = armed(2, "");
    table.press("slot-02", "red");
    table.pass(millis(100));

    let headline =
        |slot: &str| table.view(&eg_game::Audience::Slot(slot.parse().unwrap())).headline.en;

    assert_eq!(headline("slot-02"), "Your turn to answer");
    assert_eq!(headline("slot-01"), "slot-02");
}

#[test]
fn a_wrong_answer_re_arms_without_those_who_tried() {
    let mut table = armed(3, "");
    table.press("slot-01", "red");
    table.pass(millis(100));

    table.operator("wrong", ());
    assert_eq!(phase(&table), "armed");
    table.press("slot-01", "red");
    table.expect_refusal("may not try");
    table.press("slot-02", "red");
    table.pass(millis(100));

    assert_eq!(table.public().headline.en, "slot-02");
}

#[test]
fn a_re_armed_question_needs_a_new_press() {
    let mut table = armed(3, "");
    table.press("slot-01", "red");
    table.pass(millis(10));
    table.press("slot-02", "red");
    table.pass(millis(300));
    table.press("slot-03", "red");

    table.operator("wrong", ());
    table.pass(secs(5));

    assert_eq!(phase(&table), "armed");
}

#[test]
fn a_question_that_everybody_failed_is_dead() {
    let mut table = armed(2, "");
    for slot in ["slot-01", "slot-02"] {
        table.press(slot, "red");
        table.pass(millis(100));
        table.operator(if slot == "slot-01" { "wrong" } else { "withdrawn" }, ());
    }

    assert_eq!(phase(&table), "dead");
    table.expect_result(|result| result.outcome.is_none());
    assert_eq!(table.explain().en, "nobody is left to answer");
}

#[test]
fn an_early_press_locks_out_for_a_moment() {
    let mut table = Table::seat(2).play::<Buzzer>("roll_call: false");
    table.pass(secs(1));
    table.press("slot-01", "red");
    table.expect_refusal("too early");
    table.pass(millis(100));
    table.operator("arm", ());

    table.pass(millis(149));
    table.press("slot-01", "red");
    table.expect_refusal("just after pressing too early");
    table.pass(millis(1));
    table.press("slot-01", "red");

    assert_eq!(table.cue(), Some(Cue::Accepted));
}

#[test]
fn an_early_press_can_put_out_for_the_question() {
    let mut table = Table::seat(2).play::<Buzzer>("{ roll_call: false, early: out }");
    table.press("slot-01", "red");
    table.operator("arm", ());
    table.pass(secs(10));

    table.press("slot-01", "red");
    table.expect_refusal("may not try");
    table.operator("dead", ());
    table.operator("next", ());
    table.operator("arm", ());
    table.press("slot-01", "red");

    assert_eq!(table.refusal(), None);
}

#[test]
fn a_buzzer_held_at_the_arming_is_ignored_until_it_is_released() {
    let mut table = Table::seat(2).play::<Buzzer>("roll_call: false");
    table.press("slot-01", "red");
    table.pass(secs(1));
    table.operator("arm", ());

    table.tell("slot-01", "red", EventKind::Hold { ms: 1_500 });
    assert_eq!(phase(&table), "armed");
    table.press("slot-01", "red");

    assert_eq!(phase(&table), "window");
}

#[test]
fn a_roll_call_names_dead_buzzers_and_refuses_to_arm() {
    let mut table = Table::seat(3).play::<Buzzer>("{}");
    table.press("slot-01", "red");
    table.press("slot-03", "red");

    table.operator("arm", ());
    table.expect_refusal("nothing was heard of slot-02");
    table.operator("arm", json!({ "confirm": true }));

    assert_eq!(phase(&table), "armed");
    assert_eq!(table.notes(), ["armed without having heard of slot-02"]);
}

#[test]
fn it_is_never_locked_with_nobody_in_it() {
    for act in ["kill", "excuse"] {
        let mut table = armed(3, "");
        table.press("slot-01", "red");
        table.pass(millis(100));

        table.operator(act, json!({ "slot": "slot-01" }));

        assert_eq!(phase(&table), "armed", "{act}");
        table.press("slot-02", "red");
        table.operator(act, json!({ "slot": "slot-02" }));
        assert_eq!(phase(&table), "armed", "{act}");
        table.operator(act, json!({ "slot": "slot-03" }));
        assert_eq!(phase(&table), "dead", "{act}");
    }
}

#[test]
fn a_player_who_changes_seats_keeps_points_and_tries() {
    let mut table = armed(2, "");
    table.press("slot-01", "red");
    table.pass(millis(100));
    table.operator("wrong", ());

    table.operator("reseat", json!({ "from": "slot-01", "to": "slot-05" }));
    table.press("slot-05", "red");

    table.expect_refusal("may not try");
}

#[test]
fn a_round_ends_when_the_operator_says_so() {
    let mut table = armed(2, "");
    table.operator("finish", ());
    table.expect_refusal("cannot be done now");

    table.operator("dead", ());
    table.operator("finish", ());

    assert_eq!(table.finished(), Some(&Finish::Done));
}

#[test]
fn a_press_after_the_decision_says_by_how_much_the_first_was_first() {
    let mut table = armed(3, "");
    buzz(&mut table, "slot-01", 0, 100);
    table.pass(millis(12));
    assert_eq!(table.explain().en, "slot-01 alone");

    buzz(&mut table, "slot-02", 0, 300);
    table.expect_refusal("somebody else was faster");
    table.pass(millis(5));
    buzz(&mut table, "slot-03", 0, 300);

    assert_eq!(table.explain().en, "slot-01 before slot-02 by 12.0 ms ± 0.4 ms");
    assert!(format!("{:?}", table.public()).contains("+17.0 ms ± 0.3 ms"));
    assert_eq!(table.public().headline.en, "slot-01");
}

#[test]
fn a_window_awaits_more_than_the_core_does() {
    let mut table = armed(2, "window: 100ms");
    table.press("slot-02", "red");
    table.pass(millis(99));

    buzz(&mut table, "slot-01", 150_000, 100);
    table.pass(millis(1));

    assert_eq!(table.public().headline.en, "slot-01");
}

#[test]
fn the_numbers_of_a_decision_are_written_down() {
    let mut table = armed(2, "tie: { random: 7 }");
    buzz(&mut table, "slot-01", 1_000, 500);
    buzz(&mut table, "slot-02", 900, 500);
    table.pass(millis(1));

    let effects = table.journal().iter().flat_map(|entry| &entry.effects);
    let mut noted = effects.filter_map(|it| {
        if let Effect::Note { ruling, .. } = it { ruling.as_deref() } else { None }
    });
    let ruling = noted.next_back().unwrap();
    assert_eq!((ruling.gap_us, ruling.gap_unc_us), (Some(100), 1_000));
    assert_eq!((ruling.rule.as_deref(), ruling.seed), (Some("random"), Some(7)));
    assert_eq!((ruling.tied.len(), ruling.first.len(), ruling.order.len()), (2, 1, 2));
}
