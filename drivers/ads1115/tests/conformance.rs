//! The promises of every driver.

use ads1115::Ads1115;

#[test]
fn a_knob_and_a_ladder_conform() {
    // Held together, the key that is nearest to ground counts: the last one here, so that each can be seen.
    let ladder = "{ pin: A3, keys: [2.4, 1.6, 0.8, 0] }";
    let config = format!("{{ bus: i2c-1, knobs: [{{ pin: A0 }}], ladders: [{ladder}] }}");
    eg_hal::conformance::of::<Ads1115>(&config).passes(6).check();
}

#[test]
fn one_pin_against_another_conforms() {
    let knob = "{ pin: A0-A1, min: -1, max: 1 }";
    let config =
        format!("{{ bus: i2c-1, address: 0x4b, range: 1.024V, rate: 860Hz, knobs: [{knob}] }}");
    eg_hal::conformance::of::<Ads1115>(&config).passes(2).check();
}
