//! Promises of an ADS1115.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking, its helpers too")]

use ads1115::Ads1115;
use eg_hal::prelude::*;
use eg_hal::sim::{BusFault, Fault, TestDevice};
use std::time::Duration;

const KNOB: &str = "{ bus: i2c-1, knobs: [{ pin: A0, min: 0.3, max: 3.0, dead_band: 0.05 }] }";
const KEYS: &str = "{ bus: i2c-1, ladders: [{ pin: A1, keys: [0, 0.8, 1.6, 2.4] }] }";

/// Reads as often as the host does in this time.
fn within(bench: &Bench, adc: &mut TestDevice<Ads1115>, span: Duration) -> Vec<(Channel, Reading)> {
    let end = bench.now() + span;
    let mut told = Vec::new();
    while bench.now() < end {
        let Wake::Every(period) = adc.device().wake() else { panic!("it is polled") };
        bench.advance(period);
        told.extend(adc.read().unwrap());
    }
    told
}

fn started(bench: &Bench, config: &str) -> TestDevice<Ads1115> {
    let mut adc = bench.open::<Ads1115>(config).unwrap();
    within(bench, &mut adc, Duration::from_millis(100));
    adc
}

fn level(channel: Channel, down: bool) -> (Channel, Reading) {
    (channel, Reading::Level(down))
}

/// The last value that was told, in volts.
fn volts(told: &[(Channel, Reading)]) -> f64 {
    let Some((0, Reading::Value { v, min, max, unit: "V" })) = told.last() else {
        panic!("{told:?}")
    };
    assert!(min <= v && v <= max, "{told:?}");
    *v
}

fn refusal(config: &str) -> String {
    Bench::virtual_time().open::<Ads1115>(config).err().unwrap().to_string()
}

#[test]
fn a_knob_is_told_in_volts_with_its_ends() {
    let bench = Bench::virtual_time();
    let mut adc = started(&bench, KNOB);

    for (part, expected) in [(0.5, 1.65), (0.0, 0.3), (1.0, 3.0), (0.25, 0.975)] {
        adc.poke(0, Poke::Value(part)).unwrap();
        let told = within(&bench, &mut adc, Duration::from_millis(20));

        assert!((volts(&told) - expected).abs() < 0.001, "{told:?}");
        assert!(matches!(told[..], [(0, Reading::Value { min: 0.3, max: 3.0, .. })]), "{told:?}");
    }
}

#[test]
fn what_moves_within_the_dead_band_is_not_told() {
    let bench = Bench::virtual_time();
    let mut adc = started(&bench, KNOB);
    adc.poke(0, Poke::Value(0.5)).unwrap();
    within(&bench, &mut adc, Duration::from_millis(20));

    for noise in [0.01, -0.01, 0.015, -0.018] {
        adc.poke(0, Poke::Value(0.5 + noise)).unwrap();
        assert_eq!(within(&bench, &mut adc, Duration::from_millis(20)), []);
    }
    adc.poke(0, Poke::Value(0.52)).unwrap();

    assert_eq!(within(&bench, &mut adc, Duration::from_millis(20)).len(), 1);
}

#[test]
fn each_key_of_a_ladder_is_pressed_and_released_alone() {
    let bench = Bench::virtual_time();
    let mut adc = started(&bench, KEYS);

    for key in 0..4 {
        adc.poke(key, Poke::Level(true)).unwrap();
        assert_eq!(within(&bench, &mut adc, Duration::from_millis(20)), [level(key, true)]);
        adc.poke(key, Poke::Level(false)).unwrap();
        assert_eq!(within(&bench, &mut adc, Duration::from_millis(20)), [level(key, false)]);
    }
}

#[test]
fn a_second_key_of_a_ladder_takes_the_place_of_the_first() {
    let bench = Bench::virtual_time();
    let mut adc = started(&bench, KEYS);
    adc.poke(2, Poke::Level(true)).unwrap();
    within(&bench, &mut adc, Duration::from_millis(20));

    adc.poke(1, Poke::Level(true)).unwrap();
    let both = within(&bench, &mut adc, Duration::from_millis(20));
    adc.poke(1, Poke::Level(false)).unwrap();
    let one = within(&bench, &mut adc, Duration::from_millis(20));

    assert_eq!(both, [level(2, false), level(1, true)]);
    assert_eq!(one, [level(1, false), level(2, true)]);
}

#[test]
fn a_look_while_the_voltage_moves_past_other_keys_presses_none_of_them() {
    let bench = Bench::virtual_time();
    let mut adc = started(&bench, KEYS);
    let Wake::Every(period) = adc.device().wake() else { panic!("it is polled") };

    for key in [3, 1] {
        adc.poke(key, Poke::Level(true)).unwrap();
        bench.advance(period);
        assert_eq!(adc.read().unwrap(), []);
        adc.poke(key, Poke::Level(false)).unwrap();
    }
    adc.poke(0, Poke::Level(true)).unwrap();

    assert_eq!(within(&bench, &mut adc, Duration::from_millis(20)), [level(0, true)]);
}

#[test]
fn a_key_that_is_held_at_the_start_is_a_level() {
    let bench = Bench::virtual_time();
    let mut adc = bench.open::<Ads1115>(KEYS).unwrap();

    adc.poke(2, Poke::Level(true)).unwrap();
    let told = within(&bench, &mut adc, Duration::from_millis(20));

    assert_eq!(told, [level(0, false), level(1, false), level(2, true), level(3, false)]);
}

#[test]
fn pins_take_turns_and_do_not_mix() {
    let bench = Bench::virtual_time();
    let knobs = "[{ pin: A0 }, { pin: A1 }, { pin: A2 }, { pin: A3 }]";
    let mut adc = started(&bench, &format!("{{ bus: i2c-1, knobs: {knobs} }}"));

    for knob in 0..4 {
        adc.poke(knob, Poke::Value(0.5)).unwrap();
        let told = within(&bench, &mut adc, Duration::from_millis(50));

        assert!(matches!(told[..], [(n, Reading::Value { .. })] if n == knob), "{told:?}");
    }
}

#[test]
fn a_look_waits_as_long_as_the_conversion_takes() {
    let bench = Bench::virtual_time();
    for (rate, millis) in [("8Hz", 137.525), ("128Hz", 8.618_75), ("860Hz", 5.0)] {
        let config = format!("{{ bus: i2c-1, rate: {rate}, knobs: [{{ pin: A0 }}] }}");
        let mut adc = bench.open::<Ads1115>(&config).unwrap();
        let Wake::Every(period) = adc.device().wake() else { panic!("it is polled") };

        assert!((period.as_secs_f64() * 1e3 - millis).abs() < 0.001, "{rate}: {period:?}");
        assert_eq!(within(&bench, &mut adc, period).len(), 1, "{rate}");
    }
}

#[test]
fn a_chip_that_lost_its_supply_is_an_error_and_not_zero_volts() {
    let bench = Bench::virtual_time();
    let mut adc = started(&bench, KNOB);

    bench.inflict(&Fault::BrownOut("i2c-1".into(), 0x48)).unwrap();

    let lost = adc.read().unwrap_err().to_string();
    assert!(lost.contains("config 0x8583: it lost its supply"), "{lost}");
}

#[test]
fn a_chip_that_never_ends_its_conversion_is_an_error() {
    let bench = Bench::virtual_time();
    let mut adc = started(&bench, KNOB);

    let told: Vec<_> = (0..4).map(|_| adc.read()).collect();

    assert!(told[..3].iter().all(|told| told.as_ref().is_ok_and(Vec::is_empty)), "{told:?}");
    let never = told[3].as_ref().unwrap_err().to_string();
    assert!(never.starts_with("expected a conversion in time"), "{never}");
}

#[test]
fn a_chip_that_is_gone_is_an_error_and_one_that_returns_is_read_again() {
    let bench = Bench::virtual_time();
    let mut adc = started(&bench, KNOB);
    let vanishes = Fault::Chip("i2c-1".into(), 0x48, BusFault::Vanishes);

    bench.inflict(&vanishes).unwrap();
    let gone = adc.read().unwrap_err().to_string();
    drop(adc);
    bench.lift(&vanishes).unwrap();
    let mut adc = started(&bench, KNOB);
    adc.poke(0, Poke::Value(1.0)).unwrap();

    assert!(gone.starts_with("i2c-1 address 0x48: "), "{gone}");
    assert!(volts(&within(&bench, &mut adc, Duration::from_millis(20))) > 2.999);
}

#[test]
fn what_cannot_be_measured_is_refused() {
    assert_eq!(
        refusal("{ bus: i2c-1, address: 0x40, knobs: [{ pin: A0 }] }"),
        "address: 0x48 to 0x4b by the pin ADDR, not 0x40"
    );
    assert_eq!(refusal("bus: i2c-1"), "knobs: name at least one, here or in ladders");
    assert_eq!(
        refusal("{ bus: i2c-1, range: 2.048V, knobs: [{ pin: A0 }] }"),
        "knobs[0]: min 0 and max 3.3: min below max, both within ±2.048 V"
    );
    assert_eq!(
        refusal("{ bus: i2c-1, knobs: [{ pin: A0, dead_band: 4 }] }"),
        "knobs[0].dead_band: 0 to less than max - min, not 4"
    );
    assert_eq!(
        refusal("{ bus: i2c-1, ladders: [{ pin: A0, keys: [0, 0.1] }] }"),
        "ladders[0].keys: 0 V and 0.1 V: at least 0.15 V between two"
    );
    assert_eq!(
        refusal("{ bus: i2c-1, knobs: [{ pin: A0 }], ladders: [{ pin: A0, keys: [0] }] }"),
        "ladders[0].pin: A0 is named twice"
    );
}
