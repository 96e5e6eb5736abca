//! The promises of every driver.

use rotary::Rotary;

#[test]
fn a_dial_that_can_be_pushed_conforms() {
    eg_hal::conformance::check::<Rotary>("{ a: GPIO17, b: GPIO27, push: GPIO22 }");
}

#[test]
fn a_dial_with_two_detents_a_cycle_conforms() {
    eg_hal::conformance::check::<Rotary>("{ a: GPIO17, b: GPIO27, edges: 2 }");
}
