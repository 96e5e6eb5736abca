//! Promises of this driver beyond those of every driver.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking, its helpers too")]

use eg_hal::prelude::*;
use std::time::Duration;
use {{ident}}::{{Type}};

#[test]
fn a_key_has_the_moment_at_which_the_chip_called() {
    let bench = Bench::virtual_time();
    let mut board = bench.open::<{{Type}}>("{ bus: i2c-1, int: GPIO17 }").unwrap();
    board.read().unwrap();

    board.poke(5, Poke::Level(true)).unwrap();
    let woken = board.woken();
    bench.advance(Duration::from_millis(7));
    let samples = board.samples().unwrap();

    assert!(woken);
    let seen: Vec<_> = samples.iter().map(|sample| (sample.channel, &sample.reading)).collect();
    assert_eq!(seen, [(5, &Reading::Level(true))]);
}

#[test]
fn without_its_line_the_keys_are_polled() {
    let bench = Bench::virtual_time();
    let mut board = bench.open::<{{Type}}>("bus: i2c-1").unwrap();
    board.read().unwrap();

    board.poke(0, Poke::Level(true)).unwrap();

    assert_eq!(board.device().wake(), Wake::Every(Duration::from_millis(10)));
    assert_eq!(board.read().unwrap(), [(0, Reading::Level(true))]);
}
