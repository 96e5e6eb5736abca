//! The rules of a code lock, each by its name.

use code_lock::CodeLock;
use eg_game::conformance::Conformance;
use eg_game::testkit::{Table, millis, secs};
use eg_game::{Cue, Effect, EventKind, Finish, Set};
use proptest::prelude::*;

fn lock(config: &str) -> Table {
    Table::seat(2).play::<CodeLock>(config)
}

fn type_in(table: &mut Table, symbols: &str) {
    for symbol in symbols.chars() {
        table.tell("slot-01", "pad", EventKind::Key { symbol: symbol.to_string() });
        table.pass(millis(200));
    }
}

fn opened(config: &str, symbols: &str) -> bool {
    let mut table = lock(config);
    type_in(&mut table, symbols);
    table.finished().is_some()
}

#[test]
fn keeps_every_promise() {
    let config = "{ code: CAFE, end: '#', clear: '*', attempts: { allowed: 3, lockout: 10s } }";
    let keys = ["C", "A", "F", "E", "#", "*"];
    Conformance::of::<CodeLock>(config).inputs(keys).secret("CAFE").check();
    let config = "{ code: red red blue, matching: sliding, between: 2s }";
    Conformance::of::<CodeLock>(config).inputs(["red", "blue"]).secret("red red").check();
}

#[test]
fn the_right_code_opens() {
    assert!(opened("code: 1234", "1234"));
    assert!(!opened("code: 1234", "1243"));
}

#[test]
fn a_wrong_code_starts_over() {
    assert!(opened("code: 123", "124123"));
    assert!(!opened("code: 123", "1123"));
    assert!(!opened("code: 123", "112312"));
}

#[test]
fn a_sliding_window_finds_the_pattern_in_what_came_before() {
    assert!(opened("{ code: 123, matching: sliding }", "1123"));
    assert!(opened("{ code: 11211, matching: sliding }", "1121121111211"));
}

#[test]
fn with_an_end_key_nothing_is_judged_before() {
    let config = "{ code: 123, end: '#' }";

    assert!(!opened(config, "123"));
    assert!(opened(config, "123#"));
    assert!(opened(config, "12#123#"));
}

#[test]
fn with_a_start_key_nothing_counts_before() {
    let config = "{ code: 123, start: '*' }";

    assert!(!opened(config, "123"));
    assert!(opened(config, "12*123"));
}

#[test]
fn back_takes_one_symbol_back_and_clear_all() {
    assert!(opened("{ code: 123, back: '<' }", "12<23"));
    assert!(opened("{ code: 123, clear: C }", "12C123"));
}

#[test]
fn fewer_symbols_than_min_are_no_attempt() {
    let config = "{ code: 1234, end: '#', min: 4, attempts: { allowed: 1, lockout: 60s } }";

    assert!(opened(config, "12#1234#"));
    assert!(!opened(config, "1111#1234#"));
}

#[test]
fn more_symbols_than_max_are_not_taken() {
    let mut table = lock("{ code: 123, end: '#', max: 4 }");
    type_in(&mut table, "1234");

    type_in(&mut table, "5");

    assert!(format!("{:?}", table.public()).contains("••••\""));
    assert!(table.journal().iter().rev().take(2).any(|entry| {
        entry.effects.iter().any(|effect| matches!(effect, Effect::Refuse { .. }))
    }));
}

#[test]
fn what_was_typed_is_forgotten_after_a_while() {
    let mut table = lock("{ code: 123, between: 2s }");
    type_in(&mut table, "12");
    table.pass(secs(2));

    type_in(&mut table, "3");

    assert!(table.finished().is_none());
    assert_eq!(table.notes(), ["slot-01: too slow, the entry is cleared"]);
    type_in(&mut table, "12123");
}

#[test]
fn too_many_wrong_codes_lock_everybody_out_for_a_while() {
    let mut table = lock("{ code: 12, attempts: { allowed: 2, lockout: 30s } }");
    type_in(&mut table, "1322");

    assert_eq!(table.public().phase, "locked-out");
    type_in(&mut table, "12");
    assert_eq!(table.cue(), Some(Cue::Refused));
    table.pass(secs(30));
    type_in(&mut table, "12");

    assert!(table.finished().is_some());
}

#[test]
fn the_operator_may_reset_the_attempts_or_accept_it_as_solved() {
    let mut table = lock("{ code: 12, attempts: { allowed: 1, lockout: 30s } }");
    type_in(&mut table, "11");

    table.operator("reset", ());
    assert_eq!((table.public().phase.as_str(), table.timers().len()), ("closed", 0));
    table.operator_because("accept", (), "they had it, the pad is broken");

    assert_eq!(table.finished(), Some(&Finish::Done));
    table.expect_result(|it| it.why.en == "operator accepted it as solved");
}

#[test]
fn slots_do_not_type_into_each_others_code() {
    let mut table = lock("code: 12");
    table.press("slot-01", "1");

    table.press("slot-02", "2");
    assert!(table.finished().is_none());
    table.press("slot-01", "2");

    assert!(table.finished().is_some());
}

#[test]
fn only_the_named_slot_counts() {
    let mut table = lock("{ code: 12, slot: slot-02 }");
    type_in(&mut table, "12");
    assert!(table.finished().is_none());

    table.press("slot-02", "1");
    table.press("slot-02", "2");

    assert!(table.finished().is_some());
}

#[test]
fn buttons_mean_the_symbols_that_the_room_says() {
    let mut table = lock("{ code: red red blue, keys: { a: red, b: blue } }");

    for key in ["a", "a", "b"] {
        table.press("slot-01", key);
    }

    assert!(table.finished().is_some());
}

#[test]
fn it_drives_what_it_opens() {
    let opens = "opens: { slot: slot-02, output: maglock, pulse: 3s }";
    let mut table = lock(&format!("{{ code: 1, {opens} }}"));

    table.press("slot-01", "1");

    let driven = table.effects().find_map(|it| {
        let Effect::Set { slot, output, set } = it else { return None };
        Some((slot.to_string(), output.to_string(), set))
    });
    assert_eq!(driven, Some(("slot-02".into(), "maglock".into(), &Set::Pulse(3_000))));
}

#[test]
fn a_key_that_an_outage_held_back_opens_nothing() {
    let mut table = lock("code: 1");
    table.pass(secs(60));

    table.press_late("slot-01", "1", secs(50));

    table.expect_refusal("held back by an outage");
}

#[test]
fn no_mistake_in_the_settings_repeats_the_code() {
    for config in [
        "{ code: 4711, end: '1' }",
        "{ code: 4711, max: 3 }",
        "{ code: 4711, min: 5 }",
        "{ code: 4711, slot: slot-09 }",
        "{ code: 4711, between: 0s }",
        "{ code: 4711, start: '*', end: '*' }",
    ] {
        let error = Table::seat(1).try_play::<CodeLock>(config).err().unwrap().to_string();

        assert!(!error.contains("4711"), "{error}");
    }
}

proptest! {
    #[test]
    fn a_sliding_lock_opens_exactly_when_the_pattern_was_typed(typed in "[12]{0,12}") {
        prop_assert_eq!(opened("{ code: 121, matching: sliding }", &typed), typed.contains("121"));
    }

    #[test]
    fn a_code_of_whole_attempts_opens_at_a_multiple_of_its_length(typed in "[12]{0,12}") {
        let symbols: Vec<char> = typed.chars().collect();
        let wanted = symbols.chunks(3).any(|attempt| attempt == ['1', '2', '1']);

        prop_assert_eq!(opened("code: 121", &typed), wanted);
    }
}
