//! Promises of this driver beyond those of every driver.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking, its helpers too")]

use eg_hal::prelude::*;
use {{ident}}::{{Type}};

#[test]
fn a_press_wakes_the_host_and_arrives_on_its_channel() {
    let bench = Bench::virtual_time();
    let mut board = bench.open::<{{Type}}>("inputs: [GPIO5, GPIO6]").unwrap();
    board.read().unwrap();

    board.poke(1, Poke::Level(false)).unwrap();

    assert!(board.woken());
    assert_eq!(board.read().unwrap(), [(1, Reading::Level(false))]);
}

#[test]
fn a_lamp_lights_and_goes_out() {
    let bench = Bench::virtual_time();
    let mut board = bench.open::<{{Type}}>("outputs: [GPIO18]").unwrap();
    let wire = bench.wire(&"GPIO18".into());

    board.write(0, Set::On).unwrap();
    let lit = wire.level();
    board.write(0, Set::Off).unwrap();

    assert!(lit && !wire.level());
}
