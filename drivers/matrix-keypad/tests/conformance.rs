//! The promises of every driver. Keypads without a rectangle of keys: the kit leaves keys down, and on others they would
//! hide their fourth, as they shall.

use matrix_keypad::MatrixKeypad;

const SCANNED: &str = "an edge of a column tells that a key of it moved, and a scan which one";

fn conforms(config: &str) {
    eg_hal::conformance::of::<MatrixKeypad>(config).except(12, SCANNED).except(13, SCANNED).check();
}

#[test]
fn a_keypad_of_one_column_conforms() {
    conforms("{ rows: [GPIO5, GPIO6, GPIO22], columns: [GPIO12] }");
}

#[test]
fn a_keypad_of_one_row_conforms() {
    conforms("{ rows: [GPIO5], columns: [GPIO12, GPIO13, GPIO16] }");
}
