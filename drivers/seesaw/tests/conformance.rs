//! The promises of every driver.

use seesaw::Seesaw;

#[test]
fn a_neokey_that_is_asked_conforms() {
    eg_hal::conformance::check::<Seesaw>("{ console: neokey, bus: i2c-1 }");
}

#[test]
fn an_arcade_console_that_calls_conforms() {
    eg_hal::conformance::check::<Seesaw>("{ console: arcade, bus: i2c-1, int: GPIO4 }");
}

#[test]
fn a_neotrellis_that_is_asked_conforms() {
    eg_hal::conformance::of::<Seesaw>("{ console: neotrellis, bus: i2c-1 }").queue_of(127).check();
}

#[test]
fn a_neotrellis_that_calls_conforms() {
    eg_hal::conformance::of::<Seesaw>("{ console: neotrellis, bus: i2c-1, int: GPIO4 }")
        .queue_of(127)
        .check();
}
