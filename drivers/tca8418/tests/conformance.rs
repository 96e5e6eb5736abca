//! The promises of every driver. Keypads without a rectangle of keys, or with diodes: the kit leaves keys down, and on
//! others they would hide their fourth, as they shall.

use tca8418::Tca8418;

#[test]
fn a_keypad_that_is_asked_conforms() {
    eg_hal::conformance::of::<Tca8418>("{ bus: i2c-1, rows: 3, columns: 2, diodes: true }")
        .queue_of(10)
        .check();
}

#[test]
fn a_keypad_that_calls_conforms() {
    eg_hal::conformance::of::<Tca8418>("{ bus: i2c-1, rows: 1, columns: 6, int: GPIO4 }")
        .queue_of(10)
        .check();
}
