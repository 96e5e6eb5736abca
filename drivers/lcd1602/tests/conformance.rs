//! The promises of every driver.

use lcd1602::Lcd1602;

#[test]
fn two_lines_conform() {
    eg_hal::conformance::check::<Lcd1602>("{ bus: i2c-1 }");
}

#[test]
fn four_lines_conform() {
    eg_hal::conformance::check::<Lcd1602>("{ bus: i2c-1, address: 0x3f, columns: 20, lines: 4 }");
}
