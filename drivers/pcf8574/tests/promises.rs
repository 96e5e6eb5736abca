//! Promises of a PCF8574.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking, its helpers too")]

use eg_hal::SafeLevels;
use eg_hal::backend::Backend;
use eg_hal::prelude::*;
use eg_hal::sim::{Fault, TestDevice};
use pcf8574::Pcf8574;
use std::time::Duration;

const ASKED: &str = "{ bus: i2c-1, address: 0x21, inputs: [P0, P5], outputs: [P1, P7] }";
const CALLING: &str = "{ bus: i2c-1, inputs: [P0, P5], outputs: [P1], int: GPIO4 }";

fn expander(bench: &Bench, config: &str) -> TestDevice<Pcf8574> {
    bench.open::<Pcf8574>(config).unwrap()
}

fn level(channel: Channel, high: bool) -> (Channel, Reading) {
    (channel, Reading::Level(high))
}

/// The port as anybody on the bus reads it.
fn port(bench: &Bench) -> u8 {
    let mut byte = [0];
    let operations = &mut [embedded_hal::i2c::Operation::Read(&mut byte)];
    bench.i2c(&"i2c-1".into()).unwrap().transaction(0x21, operations).unwrap();
    byte[0]
}

fn refusal(config: &str) -> String {
    Bench::virtual_time().open::<Pcf8574>(config).err().unwrap().to_string()
}

#[test]
fn a_press_that_calls_is_stamped_when_it_called() {
    let bench = Bench::virtual_time();
    let mut expander = expander(&bench, CALLING);
    expander.read().unwrap();

    let pressed = bench.now();
    expander.poke(1, Poke::Level(false)).unwrap();
    bench.advance(Duration::from_millis(4));
    let woken = expander.woken();
    let samples = expander.samples().unwrap();

    assert!(woken);
    let seen: Vec<_> = samples.iter().map(|s| (s.channel, s.reading.clone(), s.at)).collect();
    assert_eq!(seen, [(1, Reading::Level(false), pressed)]);
    assert!(!expander.woken());
}

#[test]
fn a_press_that_is_over_before_the_read_wakes_and_leaves_nothing() {
    let bench = Bench::virtual_time();
    let mut expander = expander(&bench, CALLING);
    expander.read().unwrap();

    expander.poke(0, Poke::Level(false)).unwrap();
    expander.poke(0, Poke::Level(true)).unwrap();

    assert!(expander.woken());
    assert_eq!(expander.read().unwrap(), [], "the chip keeps no record of it");
}

#[test]
fn a_button_held_at_the_start_is_a_level() {
    let bench = Bench::virtual_time();
    let mut expander = expander(&bench, ASKED);

    expander.poke(0, Poke::Level(false)).unwrap();

    assert_eq!(expander.read().unwrap(), [level(0, false), level(1, true)]);
    assert_eq!(expander.read().unwrap(), []);
}

#[test]
fn reading_leaves_the_outputs_as_they_are() {
    let bench = Bench::virtual_time();
    let safe = SafeLevels::from([(1, true)]);
    let mut expander = bench.open_as::<Pcf8574>("slot-01/box", &safe, ASKED).unwrap();
    assert_eq!(port(&bench), 0b1111_1101, "P1 low, P7 and the inputs high");

    expander.read().unwrap();
    expander.write(0, Set::On).unwrap();
    expander.write(1, Set::Off).unwrap();
    expander.read().unwrap();

    assert_eq!(port(&bench), 0b0111_1111);
}

#[test]
fn a_chip_that_lost_its_supply_has_its_outputs_back_with_the_next_read() {
    let bench = Bench::virtual_time();
    let mut expander = expander(&bench, ASKED);

    bench.inflict(&Fault::BrownOut("i2c-1".into(), 0x21)).unwrap();
    assert_eq!(port(&bench), 0b1111_1111);
    expander.read().unwrap();

    assert_eq!(port(&bench), 0b0111_1101);
}

#[test]
fn a_chip_that_is_gone_is_an_error_and_one_that_returns_is_read_again() {
    let bench = Bench::virtual_time();
    let mut expander = expander(&bench, ASKED);

    bench.detach_i2c(&"i2c-1".into(), 0x21);
    let gone = expander.read().unwrap_err().to_string();
    drop(expander);
    let mut expander = self::expander(&bench, ASKED);
    expander.read().unwrap();
    expander.poke(1, Poke::Level(false)).unwrap();

    assert!(gone.starts_with("i2c-1 address 0x21: "), "{gone}");
    assert_eq!(expander.read().unwrap(), [level(1, false)]);
}

#[test]
fn what_the_chip_cannot_do_is_refused() {
    assert_eq!(
        refusal("{ bus: i2c-1, address: 0x28, inputs: [P0] }"),
        "address: 0x20 to 0x27, or 0x38 to 0x3f for the A, not 0x28"
    );
    assert_eq!(refusal("{ bus: i2c-1, inputs: [P0, P1, P0] }"), "inputs[2]: P0 is named twice");
    assert_eq!(refusal("bus: i2c-1"), "inputs: name at least one pin, here or in outputs");
}
