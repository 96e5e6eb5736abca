//! The promises of every driver.

use mfrc522::Mfrc522;

#[test]
fn a_reader_conforms() {
    eg_hal::conformance::of::<Mfrc522>("select: spi0.0").passes(2).check();
}

#[test]
fn a_reader_with_a_reset_line_conforms() {
    eg_hal::conformance::of::<Mfrc522>("{ select: spi0.1, reset: GPIO25 }").passes(2).check();
}
