//! The promises of every driver.

use ssd1306::Ssd1306;

#[test]
fn sixty_four_lines_conform() {
    eg_hal::conformance::check::<Ssd1306>("{ bus: i2c-1 }");
}

#[test]
fn thirty_two_lines_conform() {
    eg_hal::conformance::check::<Ssd1306>(
        "{ bus: i2c-1, address: 0x3d, height: 32, flipped: true }",
    );
}
