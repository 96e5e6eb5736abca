//! What this driver promises beyond what every driver does. Begin with what your datasheet says and others get wrong.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking, its helpers too")]

use eg_hal::prelude::*;
use {{ident}}::{{Type}};

#[test]
fn each_input_has_its_own_bit() {
    let bench = Bench::virtual_time();
    let mut board = bench.open::<{{Type}}>("bus: i2c-1").unwrap();
    board.read().unwrap();

    for channel in 0..8 {
        board.poke(channel, Poke::Level(true)).unwrap();

        assert_eq!(board.read().unwrap(), [(channel, Reading::Level(true))]);
    }
}

#[test]
fn a_chip_that_lost_its_supply_is_an_error_and_works_when_it_is_opened_again() {
    let bench = Bench::virtual_time();
    let mut board = bench.open::<{{Type}}>("bus: i2c-1").unwrap();
    board.read().unwrap();

    board.brown_out();
    let lost = board.read().unwrap_err();
    let mut board = board.reopen().unwrap();
    board.read().unwrap();
    board.poke(3, Poke::Level(true)).unwrap();

    assert!(lost.to_string().contains("it lost its supply"), "{lost}");
    assert_eq!(board.read().unwrap(), [(3, Reading::Level(true))]);
}
