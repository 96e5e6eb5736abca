//! Promises of a display with a MAX7219.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking, its helpers too")]

use eg_hal::SafeLevels;
use eg_hal::prelude::*;
use eg_hal::sim::{Fault, SpiChip, TestDevice};
use max7219::Max7219;
use std::sync::{Arc, Mutex};

const EIGHT: &str = "select: spi0.0";
const FIVE: &str = "{ select: spi0.0, places: 5 }";

fn text(text: &str) -> Set {
    Set::Text(text.to_owned())
}

fn shown_as(display: &mut TestDevice<Max7219>, told: &str) -> Set {
    display.write(0, text(told)).unwrap();
    display.shown(0).unwrap()
}

#[test]
fn a_score_stands_at_the_right_of_its_places() {
    let bench = Bench::virtual_time();
    let mut display = bench.open::<Max7219>(EIGHT).unwrap();

    for told in ["12345678", "-3.75", "HELP", "7"] {
        assert_eq!(shown_as(&mut display, told), text(told));
    }
    assert_eq!(
        shown_as(&mut display, "01:23:45"),
        text("01.23.45"),
        "there is no colon, but points"
    );
}

#[test]
fn places_that_are_not_there_are_not_scanned() {
    let bench = Bench::virtual_time();
    let mut display = bench.open::<Max7219>(FIVE).unwrap();

    assert_eq!(shown_as(&mut display, "12345"), text("12345"));
    assert!(
        display.write(0, text("123456")).unwrap_err().to_string().contains("as many characters")
    );
    assert_eq!(display.shown(0), Some(text("12345")));
}

#[test]
fn it_is_dark_at_the_start_and_on_lights_all_of_it() {
    let bench = Bench::virtual_time();
    let mut display = bench.open::<Max7219>(FIVE).unwrap();

    let start = display.shown(0);
    display.write(0, Set::On).unwrap();
    let test = display.shown(0);
    display.write(0, Set::Off).unwrap();

    assert_eq!([start, test, display.shown(0)], [Set::Off, Set::On, Set::Off].map(Some));
    let lit = SafeLevels::from([(0, true)]);
    let lit = bench.open_as::<Max7219>("lit", &lit, "select: spi0.1").unwrap();
    assert_eq!(lit.shown(0), Some(Set::On));
}

#[test]
fn a_display_that_lost_its_supply_shows_its_text_again_at_the_next_refresh() {
    let bench = Bench::virtual_time();
    let mut display = bench.open::<Max7219>(EIGHT).unwrap();
    display.write(0, text("42")).unwrap();

    bench.inflict(&Fault::SpiBrownOut("spi0.0".into())).unwrap();
    let dark = display.shown(0);
    display.read().unwrap();

    assert_eq!((dark, display.shown(0)), (None, Some(text("42"))));
}

/// In place of the chip: the frames that it is sent, one for each select.
#[derive(Clone, Default)]
struct Wiretap(Arc<Mutex<Vec<Vec<u8>>>>);

impl SpiChip for Wiretap {
    fn select(&mut self) {
        self.0.lock().unwrap().push(Vec::new());
    }

    fn exchange(&mut self, byte: u8) -> u8 {
        self.0.lock().unwrap().last_mut().unwrap().push(byte);
        0
    }
}

#[test]
fn a_level_dims_in_sixteenths_and_the_text_stays() {
    let bench = Bench::virtual_time();
    let mut display = bench.open::<Max7219>(EIGHT).unwrap();
    display.write(0, text("7.")).unwrap();
    let tap = Wiretap::default();
    bench.attach_spi(&"spi0.0".into(), tap.clone());

    display.write(0, Set::Level(0.5)).unwrap();

    let frames = tap.0.lock().unwrap();
    assert!(frames.contains(&vec![0x0a, 7]), "{frames:?}");
    assert!(frames.contains(&vec![0x01, 0b1111_0000]), "{frames:?}");
    assert_eq!(frames.last(), Some(&vec![0x0c, 1]));
}

#[test]
fn a_config_that_no_display_has_is_refused() {
    let refused = |config| Bench::virtual_time().open::<Max7219>(config).err().unwrap().to_string();

    assert_eq!(refused("{ select: spi0.0, places: 3 }"), "places: 4 to 8, not 3");
    assert!(refused("{ select: spi0.0, brightness: -1 }").starts_with("brightness: above"));
}
