//! Promises of a TCA8418.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking, its helpers too")]

use eg_hal::prelude::*;
use eg_hal::sim::{Fault, TestDevice};
use std::time::Duration;
use tca8418::Tca8418;

const CALLING: &str = "{ bus: i2c-1, rows: 4, columns: 3, int: GPIO4 }";
const FULL: &str = "{ bus: i2c-1, rows: 8, columns: 10 }";

fn keypad(bench: &Bench, config: &str) -> TestDevice<Tca8418> {
    let mut keypad = bench.open::<Tca8418>(config).unwrap();
    keypad.read().unwrap();
    keypad
}

fn level(channel: Channel, down: bool) -> (Channel, Reading) {
    (channel, Reading::Level(down))
}

fn press(keypad: &mut TestDevice<Tca8418>, key: Channel) {
    keypad.poke(key, Poke::Level(true)).unwrap();
    keypad.poke(key, Poke::Level(false)).unwrap();
}

fn refusal(config: &str) -> String {
    Bench::virtual_time().open::<Tca8418>(config).err().unwrap().to_string()
}

#[test]
fn presses_and_releases_between_two_reads_are_seen_in_their_order() {
    let bench = Bench::virtual_time();
    let mut keypad = keypad(&bench, CALLING);

    for key in [11, 0, 11] {
        press(&mut keypad, key);
    }

    assert!(keypad.woken());
    let presses = [11, 0, 11].map(|key| [level(key, true), level(key, false)]);
    assert_eq!(keypad.read().unwrap(), presses.concat());
    assert!(!keypad.woken());
}

#[test]
fn every_key_of_the_largest_keypad_has_its_channel() {
    let bench = Bench::virtual_time();
    let mut keypad = keypad(&bench, FULL);

    for key in 0..80 {
        press(&mut keypad, key);

        assert_eq!(keypad.read().unwrap(), [level(key, true), level(key, false)]);
    }
}

#[test]
fn a_press_is_stamped_when_the_chip_called() {
    let bench = Bench::virtual_time();
    let mut keypad = keypad(&bench, CALLING);

    let pressed = bench.now();
    press(&mut keypad, 5);
    bench.advance(Duration::from_millis(3));
    let looked = bench.now();
    let samples = keypad.samples().unwrap();

    let moments: Vec<_> = samples.iter().map(|sample| sample.at).collect();
    assert_eq!(moments, [pressed, looked]);
}

#[test]
fn an_overflow_is_told_and_no_key_stays_down() {
    let bench = Bench::virtual_time();
    let mut keypad = keypad(&bench, CALLING);
    keypad.poke(0, Poke::Level(true)).unwrap();
    keypad.read().unwrap();

    keypad.poke(0, Poke::Level(false)).unwrap();
    (0..5).for_each(|_| press(&mut keypad, 7));
    let told = keypad.read().unwrap();

    assert!((0..12).all(|key| told.contains(&(key, Reading::Lost(1)))), "{told:?}");
    assert!(told.contains(&level(0, false)), "its release was the event that did not fit");
    assert_eq!(told.iter().filter(|reading| **reading == level(7, true)).count(), 5);
    assert_eq!(keypad.read().unwrap(), []);
}

#[test]
fn a_key_held_at_the_start_is_a_level() {
    let bench = Bench::virtual_time();
    let mut keypad = bench.open::<Tca8418>(CALLING).unwrap();

    keypad.poke(3, Poke::Level(true)).unwrap();
    let first = keypad.read().unwrap();

    assert_eq!(first.len(), 12);
    assert!(first.contains(&level(3, true)));
    assert!(first.contains(&level(4, false)));
}

#[test]
fn a_chip_that_is_gone_is_an_error_and_one_that_returns_is_read_again() {
    let bench = Bench::virtual_time();
    let mut keypad = keypad(&bench, CALLING);

    bench.detach_i2c(&"i2c-1".into(), 0x34);
    let gone = keypad.read().unwrap_err().to_string();
    drop(keypad);
    let mut keypad = self::keypad(&bench, CALLING);
    press(&mut keypad, 2);

    assert!(gone.starts_with("i2c-1 address 0x34: "), "{gone}");
    assert_eq!(keypad.read().unwrap(), [level(2, true), level(2, false)]);
}

#[test]
fn a_chip_that_lost_its_supply_is_an_error_and_not_a_silence() {
    let bench = Bench::virtual_time();
    let mut keypad = keypad(&bench, CALLING);

    bench.inflict(&Fault::BrownOut("i2c-1".into(), 0x34)).unwrap();

    let lost = keypad.read().unwrap_err().to_string();
    assert!(lost.ends_with("CFG 0x00: it lost its supply"), "{lost}");
}

#[test]
fn a_keypad_that_the_chip_cannot_scan_is_refused() {
    assert_eq!(refusal("{ bus: i2c-1, rows: 9, columns: 3 }"), "rows: 1 to 8, not 9");
    assert_eq!(refusal("{ bus: i2c-1, rows: 4, columns: 0 }"), "columns: 1 to 10, not 0");
}

fn hold(keypad: &mut TestDevice<Tca8418>, keys: &[Channel], down: bool) -> Vec<(Channel, Reading)> {
    keys.iter().for_each(|key| keypad.poke(*key, Poke::Level(down)).unwrap());
    keypad.read().unwrap()
}

#[test]
fn a_key_that_the_chip_takes_for_down_is_no_press_and_told_as_a_ghost() {
    let bench = Bench::virtual_time();
    let mut keypad = keypad(&bench, CALLING);
    let ghost = |channel, ghost| (channel, Reading::Ghost(ghost));

    assert_eq!(hold(&mut keypad, &[0, 1], true), [level(0, true), level(1, true)]);
    let third = hold(&mut keypad, &[3], true);
    let fewer = hold(&mut keypad, &[1], false);

    assert_eq!(third, [ghost(3, true), ghost(4, true)], "3 or 4: nobody can tell");
    assert_eq!(fewer, [ghost(3, false), ghost(4, false), level(1, false), level(3, true)]);
}

#[test]
fn a_keypad_that_makes_no_ghost_has_diodes_and_its_third_key_is_a_key() {
    let bench = Bench::virtual_time();
    // The board has diodes, and the slot's file does not know.
    let board = CALLING.replace(" }", ", diodes: true }");
    let mut keypad = bench.open_on::<Tca8418>(&board, CALLING).unwrap();
    keypad.read().unwrap();

    hold(&mut keypad, &[0, 1], true);
    let third = hold(&mut keypad, &[3], true);
    let mut later = Vec::new();
    while keypad.device().wake() == Wake::EdgeOrEvery(Duration::from_millis(10)) {
        bench.advance(Duration::from_millis(10));
        later.extend(keypad.read().unwrap());
    }

    assert_eq!(third, []);
    assert_eq!(later, [level(3, true)]);
    assert_eq!(hold(&mut keypad, &[4], true), [level(4, true)]);
}

#[test]
fn with_a_diode_at_each_key_four_of_a_rectangle_are_four() {
    let bench = Bench::virtual_time();
    let config = "{ bus: i2c-1, rows: 2, columns: 2, diodes: true }";
    let mut keypad = keypad(&bench, config);

    let all = hold(&mut keypad, &[0, 1, 2, 3], true);

    assert_eq!(all, [level(0, true), level(1, true), level(2, true), level(3, true)]);
}

#[test]
fn what_the_chip_has_debounced_is_not_debounced_again() {
    assert_eq!(Bench::traits::<Tca8418>(FULL, 0).unwrap(), eg_hal::InputTraits::CLEAN);
}
