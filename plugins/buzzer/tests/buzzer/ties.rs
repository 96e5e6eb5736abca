//! Ties: presses that the clocks cannot tell apart.

use crate::{armed, buzz};
use buzzer::Buzzer;
use eg_game::testkit::{Table, json, millis, secs};
use proptest::prelude::*;

#[test]
fn within_the_uncertainty_both_are_shown() {
    let mut table = armed(3, "");
    buzz(&mut table, "slot-01", 2_000, 400);
    buzz(&mut table, "slot-02", 1_500, 300);
    buzz(&mut table, "slot-03", 500, 300);
    table.pass(millis(100));

    assert_eq!(table.public().headline.en, "slot-01 and slot-02");
    assert_eq!(table.explain().en, "slot-01 and slot-02 together: 0.5 ms apart, ± 0.7 ms");
    table.operator("right", ());
    table.expect_refusal("who? here: slot-01, slot-02");
    table.operator("wrong", json!({ "slot": "slot-01" }));
    assert_eq!(table.public().headline.en, "slot-02");
    table.operator("right", ());

    table.expect_result(|result| result.outcome.as_deref() == Some("slot-02"));
}

#[test]
fn within_the_uncertainty_a_draw_decides_the_same_every_time() {
    let winner = |seed: u64, order: [&str; 2]| {
        let mut table = armed(2, &format!("tie: {{ random: {seed} }}"));
        order.iter().for_each(|slot| buzz(&mut table, slot, 1_000, 500));
        table.pass(millis(100));
        table.public().headline.en
    };

    let drawn: Vec<_> = (0..20).map(|seed| winner(seed, ["slot-01", "slot-02"])).collect();

    let other: Vec<_> = (0..20).map(|seed| winner(seed, ["slot-02", "slot-01"])).collect();
    assert_eq!(drawn, other);
    assert!(drawn.contains(&"slot-01".into()) && drawn.contains(&"slot-02".into()));
}

#[test]
fn within_the_uncertainty_a_draw_without_a_seed_is_another_in_every_session() {
    let winner = |seed: u64| {
        let config = "{ roll_call: false, tie: random }";
        let mut table = Table::seat(2).seed(seed).play::<Buzzer>(config);
        table.operator("arm", ());
        table.pass(secs(1));
        ["slot-01", "slot-02"].iter().for_each(|slot| buzz(&mut table, slot, 1_000, 500));
        table.pass(millis(100));
        table.crash();
        assert!(table.explain().en.contains(&format!("the draw {seed} gives")));
        table.public().headline.en
    };

    let drawn: Vec<_> = (0..20).map(winner).collect();

    assert!(drawn.contains(&"slot-01".into()) && drawn.contains(&"slot-02".into()), "{drawn:?}");
}

#[test]
fn within_the_uncertainty_the_fewest_points_answer() {
    let mut table = armed(2, "tie: fewest_wins");
    table.press("slot-01", "red");
    table.pass(millis(100));
    table.operator("right", ());
    table.operator("next", ());
    table.operator("arm", ());
    table.pass(secs(1));

    buzz(&mut table, "slot-01", 1_000, 500);
    buzz(&mut table, "slot-02", 900, 500);
    table.pass(millis(100));

    assert_eq!(table.public().headline.en, "slot-02");
}

#[test]
fn within_the_uncertainty_the_judge_picks() {
    let mut table = armed(2, "tie: judge");
    buzz(&mut table, "slot-01", 1_000, 500);
    buzz(&mut table, "slot-02", 900, 500);
    table.pass(millis(100));

    table.operator("right", ());
    table.expect_refusal("pick who answers first");
    table.operator("pick", json!({ "slot": "slot-02" }));
    table.operator("right", ());

    table.expect_result(|result| result.outcome.as_deref() == Some("slot-02"));
}

#[test]
fn an_earlier_press_after_the_window_is_shown_and_may_be_given_the_answer() {
    let mut table = armed(2, "");
    table.press("slot-02", "red");
    table.pass(millis(200));

    buzz(&mut table, "slot-01", 212_000, 100);

    table.expect_refusal("slot-01 was 12.0 ms earlier (± 0.1 ms), too late by rule");
    assert_eq!(table.public().headline.en, "slot-02");
    assert!(format!("{:?}", table.public()).contains("12.0 ms earlier, too late by rule"));
    table.operator_because("overturn", (), "the network was slow");
    assert_eq!(table.public().headline.en, "slot-01");
    table.operator("right", ());
    table.expect_result(|result| result.outcome.as_deref() == Some("slot-01"));
}

proptest! {
    #[test]
    fn no_press_that_was_surely_later_is_locked(
        presses in prop::collection::vec((0..50_000_u64, 0..5_000_u64), 1..6),
    ) {
        let mut table = armed(presses.len(), "");
        for (place, (ago, unc)) in presses.iter().enumerate() {
            buzz(&mut table, &format!("slot-{:02}", place + 1), *ago, *unc);
        }
        table.pass(millis(100));

        let headline = table.public().headline.en;
        let locked: Vec<&str> = headline.split(" and ").collect();
        for (place, (ago, unc)) in presses.iter().enumerate() {
            let name = format!("slot-{:02}", place + 1);
            let surely_later = presses.iter().any(|(other, its)| {
                other.saturating_sub(*its) > ago + unc
            });
            prop_assert_eq!(locked.contains(&&*name), !surely_later, "{}", name);
        }
    }
}
