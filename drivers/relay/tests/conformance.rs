//! The promises of every driver.

use relay::Relay;

#[test]
fn relays_that_are_on_at_high_conform() {
    eg_hal::conformance::check::<Relay>("outputs: [GPIO18, GPIO19]");
}
