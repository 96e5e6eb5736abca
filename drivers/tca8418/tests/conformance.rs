//! The promises of every driver.

use tca8418::Tca8418;

#[test]
fn a_keypad_that_is_asked_conforms() {
    eg_hal::conformance::of::<Tca8418>("{ bus: i2c-1, rows: 3, columns: 2 }").queue_of(10).check();
}

#[test]
fn a_keypad_that_calls_conforms() {
    eg_hal::conformance::of::<Tca8418>("{ bus: i2c-1, rows: 2, columns: 3, int: GPIO4 }")
        .queue_of(10)
        .check();
}
