//! The promises of every driver, kept by this one.

#[test]
fn conforms() {
    eg_hal::conformance::check::<{{ident}}::{{Type}}>("{ inputs: [GPIO5, GPIO6], outputs: [GPIO18] }");
}
