//! Promises of a keypad of rows and columns.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking, its helpers too")]

use eg_hal::prelude::*;
use eg_hal::sim::TestDevice;
use matrix_keypad::MatrixKeypad;
use std::time::Duration;

const PHONE: &str = "{ rows: [GPIO5, GPIO6, GPIO22, GPIO27], columns: [GPIO12, GPIO13, GPIO16] }";

fn keypad(bench: &Bench) -> TestDevice<MatrixKeypad> {
    let mut keypad = bench.open::<MatrixKeypad>(PHONE).unwrap();
    keypad.read().unwrap();
    keypad
}

fn level(channel: Channel, down: bool) -> (Channel, Reading) {
    (channel, Reading::Level(down))
}

fn hold(keypad: &mut TestDevice<MatrixKeypad>, keys: &[Channel], down: bool) {
    keys.iter().for_each(|key| keypad.poke(*key, Poke::Level(down)).unwrap());
}

#[test]
fn every_key_is_told_by_its_own_channel() {
    let bench = Bench::virtual_time();
    let mut keypad = keypad(&bench);

    for key in 0..12 {
        hold(&mut keypad, &[key], true);
        assert!(keypad.woken(), "key {key}");
        assert_eq!(keypad.read().unwrap(), [level(key, true)]);

        hold(&mut keypad, &[key], false);
        assert_eq!(keypad.read().unwrap(), [level(key, false)]);
    }
}

#[test]
fn a_press_carries_the_time_at_which_its_column_fell() {
    let bench = Bench::virtual_time();
    let mut keypad = keypad(&bench);

    let pressed = bench.now();
    hold(&mut keypad, &[7], true);
    bench.advance(Duration::from_millis(3));
    let samples = keypad.samples().unwrap();

    assert_eq!((samples[0].channel, samples[0].at), (7, pressed));
}

#[test]
fn rests_until_a_key_goes_down_and_asks_while_one_is() {
    let bench = Bench::virtual_time();
    let mut keypad = keypad(&bench);
    assert_eq!(keypad.device().wake(), Wake::OnEdge);

    hold(&mut keypad, &[4], true);
    keypad.read().unwrap();

    assert_eq!(keypad.device().wake(), Wake::EdgeOrEvery(Duration::from_millis(5)));
    assert!(!keypad.woken(), "the edges of its own scan are gone");
    hold(&mut keypad, &[4], false);
    keypad.read().unwrap();
    assert_eq!(keypad.device().wake(), Wake::OnEdge);
}

#[test]
fn a_second_key_in_the_same_column_is_seen_although_it_makes_no_edge() {
    let bench = Bench::virtual_time();
    let mut keypad = keypad(&bench);
    hold(&mut keypad, &[1], true);
    keypad.read().unwrap();

    hold(&mut keypad, &[7], true);

    assert!(!keypad.woken());
    assert_eq!(keypad.read().unwrap(), [level(7, true)]);
    hold(&mut keypad, &[1], false);
    assert_eq!(keypad.read().unwrap(), [level(1, false)]);
}

#[test]
fn three_keys_of_a_rectangle_bring_up_no_fourth() {
    let bench = Bench::virtual_time();
    let mut keypad = keypad(&bench);
    hold(&mut keypad, &[0, 1], true);
    keypad.read().unwrap();

    hold(&mut keypad, &[3], true);
    let ambiguous = keypad.read().unwrap();
    hold(&mut keypad, &[1], false);
    let clear = keypad.read().unwrap();

    let ghost = |channel, ghost| (channel, Reading::Ghost(ghost));
    assert_eq!(ambiguous, [ghost(3, true), ghost(4, true)], "3 or 4: nobody can tell");
    assert_eq!(clear, [ghost(3, false), ghost(4, false), level(1, false), level(3, true)]);
}

#[test]
fn with_a_diode_at_each_key_all_of_a_rectangle_are_down() {
    let bench = Bench::virtual_time();
    let config = PHONE.replace(" }", ", diodes: true }");
    let mut keypad = bench.open::<MatrixKeypad>(&config).unwrap();
    keypad.read().unwrap();

    hold(&mut keypad, &[0, 1, 3], true);
    let three = keypad.read().unwrap();
    hold(&mut keypad, &[4], true);
    let four = keypad.read().unwrap();

    assert_eq!(three, [level(0, true), level(1, true), level(3, true)]);
    assert_eq!(four, [level(4, true)]);
}

#[test]
fn a_key_held_at_the_start_is_a_level() {
    let bench = Bench::virtual_time();
    let mut keypad = bench.open::<MatrixKeypad>(PHONE).unwrap();

    hold(&mut keypad, &[11], true);
    let first = keypad.read().unwrap();

    assert_eq!(first.len(), 12);
    assert_eq!(first.iter().filter(|(_, reading)| *reading == Reading::Level(true)).count(), 1);
    assert!(first.contains(&level(11, true)));
}

#[test]
fn leaves_every_row_low() {
    let bench = Bench::virtual_time();
    let mut keypad = keypad(&bench);

    hold(&mut keypad, &[0, 5], true);
    keypad.read().unwrap();

    for row in ["GPIO5", "GPIO6", "GPIO22", "GPIO27"] {
        assert!(!bench.wire(&row.into()).level(), "{row}");
    }
}

#[test]
fn a_keypad_without_rows_or_with_one_line_twice_is_refused() {
    let refusal = |config: &str| {
        Bench::virtual_time().open::<MatrixKeypad>(config).err().unwrap().to_string()
    };

    let (none, twice) =
        (refusal("{ rows: [], columns: [GPIO5] }"), refusal("{ rows: [GPIO5], columns: [GPIO5] }"));

    assert_eq!(none, "rows: name 1 to 16 lines, not 0");
    assert_eq!(twice, "line GPIO5 is already held by matrix-keypad");
}
