//! The promises of every driver.

use tm1637::Tm1637;

#[test]
fn four_places_conform() {
    eg_hal::conformance::check::<Tm1637>("{ clk: GPIO23, dio: GPIO24 }");
}

#[test]
fn six_places_conform() {
    eg_hal::conformance::check::<Tm1637>("{ clk: GPIO23, dio: GPIO24, places: 6 }");
}
