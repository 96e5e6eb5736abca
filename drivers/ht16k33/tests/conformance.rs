//! The promises of every driver.

use ht16k33::Ht16k33;

#[test]
fn digits_conform() {
    eg_hal::conformance::check::<Ht16k33>("{ bus: i2c-1 }");
}

#[test]
fn letters_conform() {
    eg_hal::conformance::check::<Ht16k33>("{ bus: i2c-1, address: 0x71, segments: 14 }");
}
