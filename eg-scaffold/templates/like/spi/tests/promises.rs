//! Promises of this driver beyond those of every driver.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking, its helpers too")]

use eg_hal::prelude::*;
use {{ident}}::{{Type}};

#[test]
fn each_input_has_its_own_bit() {
    let bench = Bench::virtual_time();
    let mut board = bench.open::<{{Type}}>("select: spi0.0").unwrap();
    board.read().unwrap();

    for channel in 0..8 {
        board.poke(channel, Poke::Level(true)).unwrap();

        assert_eq!(board.read().unwrap(), [(channel, Reading::Level(true))]);
    }
}

#[test]
fn an_output_is_lit_and_its_neighbour_is_not() {
    let bench = Bench::virtual_time();
    let mut board = bench.open::<{{Type}}>("select: spi0.0").unwrap();

    board.write(3, Set::On).unwrap();

    assert_eq!((board.shown(3), board.shown(4)), (Some(Set::On), Some(Set::Off)));
}
