//! Promises of a chain of 74HC165.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking, its helpers too")]

use eg_hal::prelude::*;
use eg_hal::sim::TestDevice;
use hc165::Hc165;
use std::time::Duration;

const CHAIN: &str = "{ select: spi0.0, latch: GPIO25, chips: 3 }";

fn chain(bench: &Bench) -> TestDevice<Hc165> {
    let mut chain = bench.open::<Hc165>(CHAIN).unwrap();
    chain.read().unwrap();
    chain
}

fn level(channel: Channel, high: bool) -> (Channel, Reading) {
    (channel, Reading::Level(high))
}

#[test]
fn every_input_of_every_chip_has_its_channel() {
    let bench = Bench::virtual_time();
    let mut chain = chain(&bench);

    for input in 0..24 {
        for high in [false, true] {
            chain.poke(input, Poke::Level(high)).unwrap();

            assert_eq!(chain.read().unwrap(), [level(input, high)]);
        }
    }
}

#[test]
fn a_button_held_at_the_start_is_a_level() {
    let bench = Bench::virtual_time();
    let mut chain = bench.open::<Hc165>(CHAIN).unwrap();

    chain.poke(9, Poke::Level(false)).unwrap();
    let first = chain.read().unwrap();

    let expected: Vec<_> = (0..24).map(|input| level(input, input != 9)).collect();
    assert_eq!(first, expected);
}

#[test]
fn the_inputs_are_held_while_they_are_shifted_out() {
    let bench = Bench::virtual_time();
    let mut chain = chain(&bench);
    let latch = bench.wire(&"GPIO25".into());
    let before = latch.history().len();

    chain.read().unwrap();

    let pulse: Vec<_> = latch.history()[before..].iter().map(|(_, high)| *high).collect();
    assert_eq!(pulse, [false, true]);
}

#[test]
fn a_chip_that_follows_its_select_needs_no_latch() {
    let bench = Bench::virtual_time();
    let mut chip = bench.open::<Hc165>("select: spi0.1").unwrap();
    chip.read().unwrap();

    chip.poke(7, Poke::Level(false)).unwrap();

    assert_eq!(chip.read().unwrap(), [level(7, false)]);
    assert_eq!(chip.device().wake(), Wake::Every(Duration::from_millis(5)));
}

#[test]
fn a_chain_without_chips_is_refused() {
    let refused =
        Bench::virtual_time().open::<Hc165>("{ select: spi0.0, chips: 0 }").err().unwrap();

    assert_eq!(refused.to_string(), "chips: 1 to 32, not 0");
}
