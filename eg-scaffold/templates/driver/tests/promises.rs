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
