//! The promises of every driver, kept by this one.

#[test]
fn conforms() {
    eg_hal::conformance::check::<{{ident}}::{{Type}}>("bus: i2c-1");
}
