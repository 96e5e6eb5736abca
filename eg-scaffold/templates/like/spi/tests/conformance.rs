//! The promises of every driver, kept by this one.

#[test]
fn conforms() {
    eg_hal::conformance::check::<{{ident}}::{{Type}}>("select: spi0.0");
}
