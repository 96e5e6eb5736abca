//! The promises of every driver. Keypads without a rectangle of keys: the kit leaves keys down, and on others they would
//! hide their fourth, as they shall.

use matrix_keypad::MatrixKeypad;

const SCANNED: &str = "an edge of a column tells that a key of it moved, and a scan which one";

#[test]
fn a_keypad_of_one_column_conforms() {
    eg_hal::conformance::check::<MatrixKeypad>(
        "{ rows: [GPIO5, GPIO6, GPIO22], columns: [GPIO12] }",
    );
}

#[test]
fn a_keypad_of_one_row_conforms() {
    eg_hal::conformance::of::<MatrixKeypad>("{ rows: [GPIO5], columns: [GPIO12, GPIO13, GPIO16] }")
        .except(12, SCANNED)
        .except(13, SCANNED)
        .check();
}

#[test]
fn a_keypad_with_a_diode_at_each_key_conforms() {
    eg_hal::conformance::check::<MatrixKeypad>(
        "{ rows: [GPIO5, GPIO6, GPIO22], columns: [GPIO12, GPIO13, GPIO16], diodes: true }",
    );
}
