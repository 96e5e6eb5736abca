//! The promises of every driver, kept by this one.

#[test]
fn conforms() {
    eg_hal::conformance::check::<serial_tag::SerialTag>("port: /dev/ttyUSB0");
}
