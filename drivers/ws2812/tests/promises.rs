//! Promises of a strip of lights.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking, its helpers too")]

use eg_hal::SafeLevels;
use eg_hal::prelude::*;
use eg_hal::sim::{Fault, TestDevice};
use ws2812::Ws2812;

const STRIP: &str = "{ select: spi0.0, groups: [1, 8, 3], brightness: 1 }";

fn shown(strip: &TestDevice<Ws2812>) -> Vec<Set> {
    (0..3).map(|group| strip.shown(group).unwrap()).collect()
}

fn refusal(config: &str) -> String {
    Bench::virtual_time().open::<Ws2812>(config).err().unwrap().to_string()
}

#[test]
fn each_group_has_its_colour_and_the_others_keep_theirs() {
    let bench = Bench::virtual_time();
    let mut strip = bench.open::<Ws2812>(STRIP).unwrap();

    strip.write(0, Set::Rgb([255, 0, 1])).unwrap();
    strip.write(2, Set::Rgb([1, 2, 3])).unwrap();
    strip.write(1, Set::On).unwrap();

    assert_eq!(shown(&strip), [Set::Rgb([255, 0, 1]), Set::On, Set::Rgb([1, 2, 3])]);
}

#[test]
fn every_order_shows_the_same_colour() {
    for order in ["grb", "rgb", "grbw"] {
        let bench = Bench::virtual_time();
        let config = format!("{{ select: spi0.0, groups: [2], order: {order}, brightness: 1 }}");
        let mut strip = bench.open::<Ws2812>(&config).unwrap();

        strip.write(0, Set::Rgb([250, 100, 50])).unwrap();

        assert_eq!(strip.shown(0), Some(Set::Rgb([250, 100, 50])), "{order}");
    }
}

#[test]
fn brightness_bounds_every_colour_and_leaves_none_dark() {
    let bench = Bench::virtual_time();
    let config = "{ select: spi0.0, groups: [1], brightness: 0.25 }";
    let mut strip = bench.open::<Ws2812>(config).unwrap();

    strip.write(0, Set::Rgb([255, 100, 1])).unwrap();

    assert_eq!(strip.shown(0), Some(Set::Rgb([64, 25, 1])));
}

#[test]
fn it_is_dark_at_the_start_and_safe_groups_are_lit() {
    let bench = Bench::virtual_time();
    let safe = SafeLevels::from([(1, true)]);

    let strip = bench.open_as::<Ws2812>("slot-01/strip", &safe, STRIP).unwrap();

    assert_eq!(shown(&strip), [Set::Off, Set::On, Set::Off]);
}

#[test]
fn a_strip_that_lost_its_supply_shines_again_at_the_next_refresh() {
    let bench = Bench::virtual_time();
    let mut strip = bench.open::<Ws2812>(STRIP).unwrap();
    strip.write(1, Set::Rgb([9, 8, 7])).unwrap();

    bench.inflict(&Fault::SpiBrownOut("spi0.0".into())).unwrap();
    let dark = strip.shown(1);
    strip.read().unwrap();

    assert_eq!((dark, strip.shown(1)), (None, Some(Set::Rgb([9, 8, 7]))));
}

#[test]
fn what_it_cannot_do_is_refused_and_changes_nothing() {
    let bench = Bench::virtual_time();
    let mut strip = bench.open::<Ws2812>(STRIP).unwrap();

    let text = strip.write(0, Set::Text("hi".to_owned())).unwrap_err().to_string();
    let beyond = strip.write(3, Set::On).unwrap_err().to_string();

    assert!(text.ends_with("a group takes a colour, on, off or a level up to 1"), "{text}");
    assert!(beyond.ends_with("there is no such group"), "{beyond}");
    assert_eq!(shown(&strip), [Set::Off, Set::Off, Set::Off]);
}

#[test]
fn a_strip_that_one_transfer_cannot_hold_is_refused() {
    let long = refusal("{ select: spi0.0, groups: [300, 21] }");
    assert_eq!(long, "groups: at most 320 lights on one bus, not 321");
    let white = refusal("{ select: spi0.0, groups: [241], order: grbw }");
    assert_eq!(white, "groups: at most 240 lights on one bus, not 241");
    assert!(refusal("{ select: spi0.0, groups: [] }").starts_with("groups: name at least one"));
    let empty = refusal("{ select: spi0.0, groups: [2, 0] }");
    assert_eq!(empty, "groups[1]: a group has at least one light");
}
