//! Promises of this driver beyond those of every driver.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking, its helpers too")]

use eg_hal::prelude::*;
use {{ident}}::{{Type}};

fn value(v: f64) -> (Channel, Reading) {
    (0, Reading::Value { v, min: 0.0, max: 4095.0, unit: "" })
}

#[test]
fn a_measurement_is_told_and_noise_around_it_is_not() {
    let bench = Bench::virtual_time();
    let mut board = bench.open::<{{Type}}>("bus: i2c-1").unwrap();
    let start = board.read().unwrap();

    board.poke(0, Poke::Value(1.0)).unwrap();
    let full = board.read().unwrap();
    board.poke(0, Poke::Value(0.9995)).unwrap();
    let noise = board.read().unwrap();

    assert_eq!(start, [value(0.0)]);
    assert_eq!(full, [value(4095.0)]);
    assert_eq!(noise, []);
}

#[test]
fn a_period_that_no_hand_can_feel_is_refused() {
    let refused = Bench::virtual_time().open::<{{Type}}>("{ bus: i2c-1, period: 1ms }");

    assert_eq!(refused.err().unwrap().to_string(), "period: 10ms to 1s");
}
