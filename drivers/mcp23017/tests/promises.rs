//! Promises of the expanders, on either bus.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking, its helpers too")]

use eg_hal::backend::Backend;
use eg_hal::prelude::*;
use eg_hal::sim::{Fault, TestDevice};
use eg_hal::{EntryError, SafeLevels};
use embedded_hal::i2c::Operation;
use mcp23017::{Mcp23s17, Mcp23017};
use std::time::Duration;

const ON_I2C: &str =
    "{ bus: i2c-1, address: 0x21, inputs: [A0, A7, B3], outputs: [B0, A6], pull: up }";
const CALLING: &str = "{ bus: i2c-1, inputs: [A0, A7, B3], pull: up, int: GPIO4 }";
const ON_SPI: &str =
    "{ select: spi0.0, address: 5, inputs: [A0, A7, B3], outputs: [B0], pull: up, int: GPIO4 }";

fn expander(bench: &Bench) -> TestDevice<Mcp23017> {
    bench.open::<Mcp23017>(ON_I2C).unwrap()
}

fn level(channel: Channel, high: bool) -> (Channel, Reading) {
    (channel, Reading::Level(high))
}

/// A register's value, read past the driver.
fn register(bench: &Bench, address: u8, register: u8) -> u8 {
    let mut value = [0];
    let operations = &mut [Operation::Write(&[register]), Operation::Read(&mut value)];
    bench.i2c(&"i2c-1".into()).unwrap().transaction(address, operations).unwrap();
    value[0]
}

fn refusal(config: &str) -> String {
    Bench::virtual_time().open::<Mcp23017>(config).err().unwrap().to_string()
}

fn sees_a_press_and_its_release_between_two_reads<D: Driver>(config: &str) {
    let bench = Bench::virtual_time();
    let mut expander = bench.open::<D>(config).unwrap();
    expander.read().unwrap();

    expander.poke(2, Poke::Level(false)).unwrap();
    expander.poke(2, Poke::Level(true)).unwrap();

    assert_eq!(expander.read().unwrap(), [level(2, false), level(2, true)]);
    assert_eq!(expander.read().unwrap(), []);
}

#[test]
fn a_press_and_its_release_between_two_reads_are_seen() {
    sees_a_press_and_its_release_between_two_reads::<Mcp23017>(ON_I2C);
    sees_a_press_and_its_release_between_two_reads::<Mcp23017>(CALLING);
    sees_a_press_and_its_release_between_two_reads::<Mcp23s17>(ON_SPI);
}

#[test]
fn a_press_that_calls_is_stamped_when_it_called() {
    let bench = Bench::virtual_time();
    let mut expander = bench.open::<Mcp23017>(CALLING).unwrap();
    expander.read().unwrap();

    bench.advance(Duration::from_millis(3));
    let pressed = bench.now();
    expander.poke(1, Poke::Level(false)).unwrap();
    bench.advance(Duration::from_millis(2));
    expander.poke(1, Poke::Level(true)).unwrap();
    bench.advance(Duration::from_millis(9));
    let (woken, looked) = (expander.woken(), bench.now());
    let samples = expander.samples().unwrap();

    assert!(woken);
    let seen: Vec<_> = samples.iter().map(|s| (s.channel, s.reading.clone(), s.at)).collect();
    let low = (1, Reading::Level(false), pressed);
    assert_eq!(seen, [low, (1, Reading::Level(true), looked)]);
}

#[test]
fn is_quiet_after_a_call_was_answered() {
    let bench = Bench::virtual_time();
    let mut expander = bench.open::<Mcp23017>(CALLING).unwrap();
    expander.read().unwrap();
    assert!(!expander.woken());

    expander.poke(0, Poke::Level(false)).unwrap();
    expander.read().unwrap();

    assert!(!expander.woken());
    assert!(bench.wire(&"GPIO4".into()).level());
}

#[test]
fn calls_for_both_ports_on_one_line() {
    let bench = Bench::virtual_time();
    let mut expander = bench.open::<Mcp23s17>(ON_SPI).unwrap();
    expander.read().unwrap();

    for channel in [0, 2] {
        expander.poke(channel, Poke::Level(false)).unwrap();

        assert!(expander.woken());
        assert_eq!(expander.read().unwrap(), [level(channel, false)]);
    }
}

#[test]
fn a_lost_call_is_made_up_for_by_the_next_look() {
    let bench = Bench::virtual_time();
    let mut expander = bench.open::<Mcp23017>(CALLING).unwrap();
    expander.read().unwrap();

    bench.wire(&"GPIO4".into()).stick(true);
    expander.poke(0, Poke::Level(false)).unwrap();

    assert!(!expander.woken());
    assert_eq!(expander.device().wake(), Wake::EdgeOrEvery(Duration::from_millis(500)));
    assert_eq!(expander.read().unwrap(), [level(0, false)]);
}

#[test]
fn invents_no_reading_beyond_the_first_levels() {
    let bench = Bench::virtual_time();
    let mut expander = expander(&bench);

    assert_eq!(expander.read().unwrap(), [level(0, true), level(1, true), level(2, true)]);
    assert_eq!(expander.read().unwrap(), []);
    assert_eq!(expander.device().wake(), Wake::Every(Duration::from_millis(5)));
}

#[test]
fn a_button_held_at_the_start_is_a_level() {
    let bench = Bench::virtual_time();
    let mut expander = expander(&bench);

    expander.poke(1, Poke::Level(false)).unwrap();
    let first = expander.read().unwrap();

    assert_eq!(first, [level(0, true), level(1, false), level(2, true)]);
}

#[test]
fn an_output_is_safe_before_it_drives_and_follows_on_and_off() {
    let bench = Bench::virtual_time();
    let safe = SafeLevels::from([(1, true)]);
    let mut expander = bench.open_as::<Mcp23017>("slot-01/box", &safe, ON_I2C).unwrap();
    let directions = [0x00, 0x01].map(|at| register(&bench, 0x21, at));
    assert_eq!(directions, [0b1011_1111, 0b1111_1110]);
    let ports = || [0x12, 0x13].map(|at| register(&bench, 0x21, at) & 0b0100_0001);
    assert_eq!(ports(), [0b0100_0001, 0], "A0 is pulled up, A6 safe high");

    expander.write(0, Set::On).unwrap();
    expander.write(1, Set::Off).unwrap();

    assert_eq!(ports(), [0b0000_0001, 0b0000_0001]);
}

#[test]
fn a_write_that_it_cannot_do_is_refused() {
    let bench = Bench::virtual_time();
    let mut expander = expander(&bench);

    let dimmed = expander.write(0, Set::Level(0.5)).unwrap_err();
    let beyond = expander.write(2, Set::On).unwrap_err();

    assert!(dimmed.to_string().ends_with("a pin is on or off"), "{dimmed}");
    assert!(beyond.to_string().ends_with("there is no such output"), "{beyond}");
    assert_eq!(register(&bench, 0x21, 0x14), 0);
}

#[test]
fn a_chip_that_is_gone_is_an_error_and_one_that_returns_is_read_again() {
    let bench = Bench::virtual_time();
    let mut expander = expander(&bench);
    expander.read().unwrap();

    bench.detach_i2c(&"i2c-1".into(), 0x21);
    let gone = expander.read().unwrap_err().to_string();
    drop(expander);
    let mut expander = self::expander(&bench);
    expander.read().unwrap();
    expander.poke(0, Poke::Level(false)).unwrap();

    assert!(gone.starts_with("i2c-1 address 0x21: "), "{gone}");
    assert_eq!(expander.read().unwrap(), [level(0, false)]);
}

#[test]
fn a_chip_that_is_gone_is_an_error_on_spi_too() {
    let bench = Bench::virtual_time();
    let mut expander = bench.open::<Mcp23s17>(ON_SPI).unwrap();
    expander.read().unwrap();

    bench.detach_spi(&"spi0.0".into());

    let gone = expander.read().unwrap_err().to_string();
    assert_eq!(
        gone,
        "expected the settings it was given, the device answered IOCON 0xff: it lost its supply, or is not there"
    );
}

#[test]
fn a_chip_that_lost_its_supply_is_an_error_and_not_a_silence() {
    let bench = Bench::virtual_time();
    let mut expander = expander(&bench);
    expander.read().unwrap();

    bench.inflict(&Fault::BrownOut("i2c-1".into(), 0x21)).unwrap();

    let reset = expander.read().unwrap_err().to_string();
    assert!(reset.contains("IOCON 0x00: it lost its supply"), "{reset}");
}

#[test]
fn eight_of_one_address_work_behind_a_bus_switch() {
    let bench = Bench::virtual_time();
    let config = |channel: u8| format!("{{ bus: i2c-1/0x70/{channel}, inputs: [A0], pull: up }}");
    let mut expanders: Vec<_> =
        (0..8).map(|n| bench.open::<Mcp23017>(&config(n)).unwrap()).collect();
    expanders.iter_mut().for_each(|expander| drop(expander.read().unwrap()));

    expanders[3].poke(0, Poke::Level(false)).unwrap();
    let told: Vec<_> = expanders.iter_mut().map(|expander| expander.read().unwrap()).collect();

    assert_eq!(told[3], [level(0, false)]);
    assert_eq!(told.iter().filter(|readings| readings.is_empty()).count(), 7);
}

#[test]
fn what_the_chip_cannot_do_is_refused() {
    assert_eq!(
        refusal("{ bus: i2c-1, address: 0x30, inputs: [A0] }"),
        "address: 0x20 to 0x27 by the pins A0 to A2, not 0x30"
    );
    assert_eq!(
        refusal("{ bus: i2c-1, inputs: [A0], pull: down }"),
        "pull: the chip can pull up only: up or none"
    );
    assert_eq!(
        refusal("{ bus: i2c-1, inputs: [A0], outputs: [B1, A0] }"),
        "outputs[1]: A0 is named twice"
    );
    assert_eq!(refusal("bus: i2c-1"), "inputs: name at least one pin, here or in outputs");
}

#[test]
fn an_unknown_pin_is_located() {
    let refused = Bench::virtual_time().open::<Mcp23017>("bus: i2c-1\ninputs: [A0, C1]\n").err();

    let Some(EntryError::Config(problems)) = refused else { panic!("{refused:?}") };
    assert!(problems.to_string().contains("2:14: inputs[1]"), "{problems}");
}
