//! The promises of every driver.

use ws2812::Ws2812;

#[test]
fn a_strip_conforms() {
    eg_hal::conformance::check::<Ws2812>("{ select: spi0.0, groups: [1, 8, 3] }");
}

#[test]
fn a_strip_with_white_lights_conforms() {
    eg_hal::conformance::check::<Ws2812>(
        "{ select: spi0.0, groups: [2, 2], order: grbw, brightness: 1 }",
    );
}
