//! Promises of relays.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking, its helpers too")]

use eg_hal::SafeLevels;
use eg_hal::prelude::*;
use relay::Relay;

const DOORS: &str =
    "{ outputs: [GPIO18, GPIO19, GPIO20], active: low, interlock: [[0, 1], [1, 2]] }";

fn levels(bench: &Bench) -> [bool; 3] {
    ["GPIO18", "GPIO19", "GPIO20"].map(|line| bench.wire(&line.into()).level())
}

fn refusal(safe: &SafeLevels, config: &str) -> String {
    Bench::virtual_time().open_as::<Relay>("relay", safe, config).err().unwrap().to_string()
}

#[test]
fn relays_that_are_on_at_low_are_off_from_the_first_moment() {
    let bench = Bench::virtual_time();

    let mut doors = bench.open::<Relay>(DOORS).unwrap();
    assert_eq!(levels(&bench), [true; 3]);
    doors.write(0, Set::On).unwrap();

    assert_eq!(levels(&bench), [false, true, true]);
    let lock = bench.wire(&"GPIO19".into()).history();
    assert_eq!(lock.iter().map(|(_, high)| *high).collect::<Vec<_>>(), [true], "never a click");
}

#[test]
fn a_safe_state_of_on_is_on_from_the_first_moment() {
    let bench = Bench::virtual_time();
    let safe = SafeLevels::from([(2, true)]);
    let config = "{ outputs: [GPIO18, GPIO19, GPIO20], active: low }";

    let _doors = bench.open_as::<Relay>("slot-01/doors", &safe, config).unwrap();

    assert_eq!(levels(&bench), [true, true, false]);
}

#[test]
fn two_of_an_interlock_are_never_on_at_once() {
    let bench = Bench::virtual_time();
    let mut doors = bench.open::<Relay>(DOORS).unwrap();
    doors.write(0, Set::On).unwrap();
    doors.write(2, Set::On).unwrap();

    let refused = doors.write(1, Set::On).unwrap_err().to_string();
    doors.write(0, Set::Off).unwrap();
    let still = doors.write(1, Set::On);
    doors.write(2, Set::Off).unwrap();
    doors.write(1, Set::On).unwrap();

    assert!(refused.contains("another output of its interlock is on"), "{refused}");
    assert!(still.is_err());
    assert_eq!(levels(&bench), [true, false, true]);
}

#[test]
fn what_is_on_may_be_told_so_again_and_off_is_never_refused() {
    let bench = Bench::virtual_time();
    let mut doors = bench.open::<Relay>(DOORS).unwrap();

    for set in [Set::On, Set::On, Set::Off, Set::Off] {
        doors.write(0, set).unwrap();
    }

    assert_eq!(levels(&bench), [true; 3]);
}

#[test]
fn a_write_that_it_cannot_do_is_refused_and_changes_nothing() {
    let bench = Bench::virtual_time();
    let mut doors = bench.open::<Relay>(DOORS).unwrap();

    let dimmed = doors.write(0, Set::Level(0.5)).unwrap_err().to_string();
    let beyond = doors.write(3, Set::On).unwrap_err().to_string();

    assert!(dimmed.ends_with("a relay is on or off"), "{dimmed}");
    assert!(beyond.ends_with("there is no such output"), "{beyond}");
    assert_eq!(levels(&bench), [true; 3]);
}

#[test]
fn an_interlock_that_locks_nothing_is_refused() {
    let none = SafeLevels::new();

    assert_eq!(
        refusal(&none, "{ outputs: [GPIO18, GPIO19], interlock: [[0, 2]] }"),
        "interlock[0][1]: there is no output 2; it has 0 to 1"
    );
    assert_eq!(
        refusal(&none, "{ outputs: [GPIO18, GPIO19], interlock: [[0, 0]] }"),
        "interlock[0]: this is no group; name two different outputs or more"
    );
}

#[test]
fn an_interlocked_output_that_is_safe_on_is_refused() {
    let safe = SafeLevels::from([(1, true)]);

    let refused = refusal(&safe, "{ outputs: [GPIO18, GPIO19], interlock: [[0, 1]] }");

    assert!(refused.starts_with("interlock: output 1 is on in its safe state"), "{refused}");
    assert!(refused.ends_with("say active: low in config: and not at the output"), "{refused}");
}
