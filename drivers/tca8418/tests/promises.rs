//! What a TCA8418 promises.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking, its helpers too")]

use eg_hal::prelude::*;
use eg_hal::sim::{Fault, Rig};
use std::time::Duration;
use tca8418::Tca8418;

const CALLING: &str = "{ bus: i2c-1, rows: 4, columns: 3, int: GPIO4 }";
const FULL: &str = "{ bus: i2c-1, rows: 8, columns: 10 }";

fn keypad(bench: &Bench, config: &str) -> Rig<Tca8418> {
    let mut keypad = bench.open::<Tca8418>(config).unwrap();
    keypad.read().unwrap();
    keypad
}

fn level(channel: Channel, down: bool) -> (Channel, Reading) {
    (channel, Reading::Level(down))
}

fn press(keypad: &mut Rig<Tca8418>, key: Channel) {
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
