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
    let no_record = "its line tells that a pin changed, and the chip keeps no record of which";
    eg_hal::conformance::of::<Pcf8574>(
        "{ bus: i2c-1, address: 0x39, inputs: [P0, P7], outputs: [P1], int: GPIO4 }",
    )
    .except(12, no_record)
    .except(13, no_record)
    .check();
}

#[test]
fn one_with_outputs_alone_conforms() {
    eg_hal::conformance::check::<Pcf8574>("{ bus: i2c-1, outputs: [P0, P1] }");
}
