//! The promises of every driver.

#[test]
fn eight_places_conform() {
    eg_hal::conformance::check::<max7219::Max7219>("{ select: spi0.0, places: 8 }");
}
