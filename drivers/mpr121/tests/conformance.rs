//! The promises of every driver.

use mpr121::Mpr121;

/// NXP data sheet, section 5.11: the first measurement is the baseline.
const BASELINE: &str = "a finger that lies on a pad while the chip starts is part of its rest";

#[test]
fn pads_that_are_asked_conform() {
    eg_hal::conformance::of::<Mpr121>("bus: i2c-1")
        .except(9, BASELINE)
        .except(10, BASELINE)
        .check();
}

#[test]
fn pads_that_call_conform() {
    eg_hal::conformance::of::<Mpr121>("{ bus: i2c-1, address: 0x5c, electrodes: 5, irq: GPIO4 }")
        .except(9, BASELINE)
        .except(10, BASELINE)
        .check();
}
