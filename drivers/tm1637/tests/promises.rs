//! Promises of a display with a TM1637.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking, its helpers too")]

use eg_hal::SafeLevels;
use eg_hal::prelude::*;
use eg_hal::sim::TestDevice;
use tm1637::Tm1637;

const FOUR: &str = "{ clk: GPIO23, dio: GPIO24 }";
const SIX: &str = "{ clk: GPIO23, dio: GPIO24, places: 6 }";

fn text(text: &str) -> Set {
    Set::Text(text.to_owned())
}

fn shown_as(display: &mut TestDevice<Tm1637>, told: &str) -> Set {
    display.write(0, text(told)).unwrap();
    display.shown(0).unwrap()
}

#[test]
fn a_countdown_is_shown_with_its_colon() {
    let bench = Bench::virtual_time();
    let mut display = bench.open::<Tm1637>(FOUR).unwrap();

    for told in ["12:34", "00:59", "9:07", "-42", "Err"] {
        assert_eq!(shown_as(&mut display, told), text(told));
    }
}

#[test]
fn six_places_stand_in_their_order_with_their_points() {
    let bench = Bench::virtual_time();
    let mut display = bench.open::<Tm1637>(SIX).unwrap();

    assert_eq!(shown_as(&mut display, "123456"), text("123456"));
    assert_eq!(shown_as(&mut display, "12:34.56"), text("12.34.56"), "a colon is a point there");
    assert_eq!(shown_as(&mut display, "7"), text("7"));
}

#[test]
fn what_does_not_fit_is_refused_and_what_stood_there_stays() {
    let bench = Bench::virtual_time();
    let mut display = bench.open::<Tm1637>(FOUR).unwrap();
    display.write(0, text("42")).unwrap();

    let long = display.write(0, text("12345")).unwrap_err().to_string();
    let odd = display.write(0, text("week")).unwrap_err().to_string();

    assert!(long.contains("at most as many characters"), "{long}");
    assert!(odd.contains("cannot form one of the characters"), "{odd}");
    assert_eq!(display.shown(0), Some(text("42")));
}

#[test]
fn it_is_dark_at_the_start_and_on_lights_all_of_it() {
    let bench = Bench::virtual_time();
    let mut display = bench.open::<Tm1637>(FOUR).unwrap();

    let start = display.shown(0);
    display.write(0, Set::On).unwrap();
    let test = display.shown(0);
    display.write(0, Set::Level(0.25)).unwrap();
    let dimmed = display.shown(0);
    display.write(0, Set::Off).unwrap();

    let shown = [start, test, dimmed, display.shown(0)];
    assert_eq!(shown, [Set::Off, Set::On, Set::On, Set::Off].map(Some));
}

#[test]
fn a_safe_state_of_on_is_lit_from_the_first_moment() {
    let bench = Bench::virtual_time();

    let display = bench.open_as::<Tm1637>("lit", &SafeLevels::from([(0, true)]), FOUR).unwrap();

    assert_eq!(display.shown(0), Some(Set::On));
}

#[test]
fn a_disturbed_frame_is_put_right_by_the_next_refresh() {
    let bench = Bench::virtual_time();
    let mut display = bench.open::<Tm1637>(FOUR).unwrap();
    display.write(0, text("12:34")).unwrap();

    bench.wire(&"GPIO24".into()).stick(true);
    display.read().unwrap();
    bench.wire(&"GPIO24".into()).unstick();
    display.read().unwrap();

    assert_eq!(display.shown(0), Some(text("12:34")));
}

#[test]
fn the_lines_rest_high_between_frames() {
    let bench = Bench::virtual_time();
    let mut display = bench.open::<Tm1637>(FOUR).unwrap();

    display.write(0, text("8")).unwrap();

    let rest = ["GPIO23", "GPIO24"].map(|line| bench.wire(&line.into()).level());
    assert_eq!(rest, [true, true]);
}

#[test]
fn a_config_that_no_display_has_is_refused() {
    let refused = |config| Bench::virtual_time().open::<Tm1637>(config).err().unwrap().to_string();

    assert_eq!(refused("{ clk: GPIO23, dio: GPIO24, places: 5 }"), "places: 4 or 6, not 5");
    assert!(
        refused("{ clk: GPIO23, dio: GPIO24, brightness: 2 }").starts_with("brightness: above")
    );
    assert!(refused("{ clk: GPIO23, dio: GPIO23 }").contains("already held"));
}
