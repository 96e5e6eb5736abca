//! The promises of every driver.

use hc165::Hc165;

#[test]
fn a_chain_with_a_latch_conforms() {
    eg_hal::conformance::check::<Hc165>("{ select: spi0.0, latch: GPIO25, chips: 2 }");
}

#[test]
fn a_chip_that_follows_its_select_conforms() {
    eg_hal::conformance::check::<Hc165>("select: spi0.1");
}
