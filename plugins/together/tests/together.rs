//! The rules of pressing together, each by its name.

use eg_game::conformance::Conformance;
use eg_game::testkit::{Table, json, millis, secs};
use eg_game::{Input, Presence};
use proptest::prelude::*;
use together::Together;

fn task(players: usize, config: &str) -> Table {
    Table::seat(players).play::<Together>(config)
}

fn solved(table: &Table) -> bool {
    table.finished().is_some()
}

fn press_at(table: &mut Table, slot: &str, ago_ms: u64, unc_us: u64) {
    let press = table.a_press(slot, "red");
    table.deliver(Input { at: table.now() - millis(ago_ms), unc_us, ..press });
}

#[test]
fn keeps_every_promise() {
    Conformance::of::<Together>("{}").inputs(["red", "blue"]).any_order().check();
    Conformance::of::<Together>("{ hold: 3s, release: 500ms }").inputs(["red"]).check();
    Conformance::of::<Together>("{ hold: 1s, distinct: false, needed: 2 }").check();
}

#[test]
fn all_within_the_window_is_together() {
    let mut table = task(3, "window: 500ms");
    table.press("slot-01", "red");
    table.pass(millis(250));
    table.press("slot-02", "red");
    table.pass(millis(250));

    table.press("slot-03", "red");

    assert!(solved(&table));
    assert_eq!(table.result().why.en, "3 together within 500.0 ms ± 0.0");
}

#[test]
fn one_that_comes_after_the_window_is_not() {
    let mut table = task(3, "window: 500ms");
    table.press("slot-01", "red");
    table.press("slot-02", "red");
    table.pass(millis(501));

    table.press("slot-03", "red");
    assert!(!solved(&table));
    table.press("slot-01", "red");
    table.press("slot-02", "red");

    assert!(solved(&table));
}

#[test]
fn what_counts_is_when_it_was_pressed_and_not_when_it_arrived() {
    let mut table = task(2, "window: 100ms");
    table.pass(secs(1));

    press_at(&mut table, "slot-01", 0, 0);
    press_at(&mut table, "slot-02", 101, 0);
    assert!(!solved(&table));
    press_at(&mut table, "slot-02", 99, 0);

    assert!(solved(&table));
}

#[test]
fn k_of_n_are_enough() {
    let mut table = task(5, "needed: 3");

    for slot in ["slot-05", "slot-02", "slot-04"] {
        table.press(slot, "red");
    }

    assert!(solved(&table));
}

#[test]
fn one_player_with_two_hands_is_one_player() {
    let mut table = task(2, "needed: 2");
    table.press("slot-01", "red");
    table.press_too("slot-01", "blue");
    assert!(!solved(&table));

    let mut table = task(2, "{ needed: 2, distinct: false }");
    table.press("slot-01", "red");
    table.press_too("slot-01", "blue");

    assert!(solved(&table));
}

#[test]
fn only_the_named_buttons_count() {
    let places = "places: [{ slot: slot-01, input: left }, { slot: slot-02, input: right }]";
    let mut table = task(3, places);
    table.press("slot-01", "left");
    table.press("slot-02", "left");
    table.press("slot-03", "right");
    assert!(!solved(&table));

    table.press("slot-02", "right");

    assert!(solved(&table));
}

#[test]
fn it_must_be_held() {
    let mut table = task(2, "hold: 3s");
    table.press("slot-01", "red");
    table.press("slot-02", "red");
    table.pass(millis(2_999));
    assert!(!solved(&table));

    table.pass(millis(1));

    assert!(solved(&table));
}

#[test]
fn a_short_slip_does_not_break_the_hold() {
    let mut table = task(2, "{ hold: 3s, release: 200ms }");
    table.press("slot-01", "red");
    table.press("slot-02", "red");
    table.pass(secs(1));

    table.release("slot-01");
    table.pass(millis(199));
    table.press("slot-01", "red");
    table.pass(secs(2));

    assert!(solved(&table));
}

#[test]
fn letting_go_breaks_the_hold() {
    let mut table = task(2, "{ hold: 3s, release: 200ms }");
    table.press("slot-01", "red");
    table.press("slot-02", "red");
    table.pass(secs(1));

    table.release("slot-01");
    table.pass(secs(5));

    assert!(!solved(&table));
    assert_eq!(table.notes(), ["let go too early"]);
    table.press("slot-01", "red");
    table.press("slot-02", "red");
    table.pass(secs(3));
    assert!(solved(&table));
}

#[test]
fn a_tap_that_is_over_does_not_begin_a_hold() {
    let mut table = task(2, "{ hold: 1s, window: 1s }");
    table.press("slot-01", "red");
    table.release("slot-01");

    table.press("slot-02", "red");
    table.pass(secs(5));

    assert!(!solved(&table));
}

#[test]
fn a_slot_that_is_lost_during_the_hold_breaks_it() {
    let mut table = task(2, "hold: 3s");
    table.press("slot-01", "red");
    table.press("slot-02", "red");

    table.slot_is("slot-02", Presence::Offline);
    table.pass(secs(5));

    assert!(!solved(&table));
    assert_eq!(table.notes(), ["slot-02 is lost"]);
    assert!(format!("{:?}", table.public()).contains("Lost: slot-02"));
}

#[test]
fn a_window_below_the_live_uncertainty_is_refused() {
    let mut table = task(1, "window: 20ms");
    table.pass(secs(1));

    press_at(&mut table, "slot-01", 0, 10_001);

    table.expect_refusal("too vague for a window of 20000 µs");
    assert!(format!("{:?}", table.operator_sees(false)).contains("too vague"));
    table.pass(millis(1));
    press_at(&mut table, "slot-01", 0, 10_000);
    assert!(solved(&table));
}

#[test]
fn a_window_below_what_clocks_can_do_is_refused_as_configuration() {
    let mistake = |config: &str| Table::seat(2).try_play::<Together>(config).err().unwrap();

    assert!(mistake("window: 9ms").to_string().starts_with("window: below 10ms"));
    assert!(mistake("needed: 3").to_string().starts_with("needed: 3 are needed, and at most 2"));
    let places = "places: [{ slot: slot-07, input: a }]";
    assert!(mistake(places).to_string().starts_with("places: slot-07 is not in this room"));
}

#[test]
fn the_operator_may_accept_it_as_solved() {
    let mut table = task(2, "{}");

    table.operator_because("accept", (), "they did it, a button is dead");

    table.expect_result(|result| result.why.en == "operator accepted it as solved");
}

#[test]
fn a_player_who_is_excused_is_no_longer_needed() {
    let mut table = task(3, "{}");
    table.operator("excuse", json!({ "slot": "slot-03" }));
    table.press("slot-01", "red");

    table.press("slot-02", "red");

    assert!(solved(&table));
}

proptest! {
    #[test]
    fn together_is_exactly_within_the_window(ago in prop::collection::vec(0..300_u64, 2..5)) {
        let mut table = task(ago.len(), "window: 150ms");
        table.pass(secs(1));

        for (place, ago) in ago.iter().enumerate() {
            press_at(&mut table, &format!("slot-{:02}", place + 1), *ago, 0);
        }

        let spread = ago.iter().max().unwrap() - ago.iter().min().unwrap();
        prop_assert_eq!(solved(&table), spread <= 150);
    }
}
