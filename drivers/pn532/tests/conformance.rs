//! The promises of every driver.

use pn532::Pn532;

#[test]
fn a_reader_conforms() {
    eg_hal::conformance::of::<Pn532>("bus: i2c-1").passes(4).check();
}

#[test]
fn a_reader_with_a_reset_line_conforms() {
    eg_hal::conformance::of::<Pn532>("{ bus: i2c-1/0x70/3, reset: GPIO25 }").passes(4).check();
}
