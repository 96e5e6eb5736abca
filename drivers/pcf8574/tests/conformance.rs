//! The promises of every driver.

use pcf8574::Pcf8574;

#[test]
fn a_pcf8574_conforms() {
    eg_hal::conformance::check::<Pcf8574>(
        "{ bus: i2c-1, address: 0x27, inputs: [P0, P7], outputs: [P1, P2] }",
    );
}

#[test]
fn a_pcf8574a_that_calls_conforms() {
    eg_hal::conformance::check::<Pcf8574>(
        "{ bus: i2c-1, address: 0x39, inputs: [P0, P7], outputs: [P1], int: GPIO4 }",
    );
}

#[test]
fn one_with_outputs_alone_conforms() {
    eg_hal::conformance::check::<Pcf8574>("{ bus: i2c-1, outputs: [P0, P1] }");
}
