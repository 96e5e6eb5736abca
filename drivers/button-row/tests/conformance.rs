//! The promises of every driver, kept by this one.

#[test]
fn conforms() {
    eg_hal::conformance::check::<button_row::ButtonRow>(
        "{ inputs: [GPIO5, GPIO6], outputs: [GPIO18, GPIO19], pull: up }",
    );
}
