//! Promises of a display with an HT16K33.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking, its helpers too")]

use eg_hal::SafeLevels;
use eg_hal::prelude::*;
use eg_hal::sim::{Fault, I2cChip, Nack, TestDevice};
use ht16k33::Ht16k33;
use std::sync::{Arc, Mutex};

const DIGITS: &str = "bus: i2c-1";
const LETTERS: &str = "{ bus: i2c-1, segments: 14 }";

fn text(text: &str) -> Set {
    Set::Text(text.to_owned())
}

fn shown_as(display: &mut TestDevice<Ht16k33>, told: &str) -> Set {
    display.write(0, text(told)).unwrap();
    display.shown(0).unwrap()
}

fn refusal(config: &str) -> String {
    Bench::virtual_time().open::<Ht16k33>(config).err().unwrap().to_string()
}

#[test]
fn a_countdown_is_shown_with_its_colon() {
    let bench = Bench::virtual_time();
    let mut display = bench.open::<Ht16k33>(DIGITS).unwrap();

    for told in ["12:34", "00:59", "9:07", "-1.5", "Err"] {
        assert_eq!(shown_as(&mut display, told), text(told));
    }
}

#[test]
fn letters_are_shown_as_capitals_without_accents() {
    let bench = Bench::virtual_time();
    let mut display = bench.open::<Ht16k33>(LETTERS).unwrap();

    assert_eq!(shown_as(&mut display, "Été!"), text("ETE!"));
    for told in ["ABCD", "EFGH", "IJKL", "MNOP", "QRTU", "VWXY", "Z012", "3467", "89-+"] {
        assert_eq!(shown_as(&mut display, told), text(told));
    }
    assert_eq!(shown_as(&mut display, "1:05"), text("1.05"), "there is no colon, but a point");
}

#[test]
fn what_does_not_fit_is_refused_and_what_stood_there_stays() {
    let bench = Bench::virtual_time();
    let mut display = bench.open::<Ht16k33>(DIGITS).unwrap();
    display.write(0, text("42")).unwrap();

    let long = display.write(0, text("12345")).unwrap_err().to_string();
    let odd = display.write(0, text("Kiwi")).unwrap_err().to_string();
    let colour = display.write(0, Set::Rgb([255, 0, 0])).unwrap_err().to_string();

    assert!(long.contains("at most as many characters"), "{long}");
    assert!(odd.contains("cannot form one of the characters"), "{odd}");
    assert!(colour.contains("a text, on, off or a level"), "{colour}");
    assert_eq!(display.shown(0), Some(text("42")));
}

#[test]
fn it_is_dark_at_the_start_and_on_lights_all_of_it() {
    let bench = Bench::virtual_time();
    let mut display = bench.open::<Ht16k33>(DIGITS).unwrap();

    let start = display.shown(0);
    display.write(0, Set::On).unwrap();
    let test = display.shown(0);
    display.write(0, Set::Off).unwrap();

    assert_eq!([start, test, display.shown(0)], [Set::Off, Set::On, Set::Off].map(Some));
    let lit = SafeLevels::from([(0, true)]);
    let lit = bench.open_as::<Ht16k33>("lit", &lit, "{ bus: i2c-2 }").unwrap();
    assert_eq!(lit.shown(0), Some(Set::On));
}

#[test]
fn a_display_that_lost_its_supply_shows_its_text_again_at_the_next_refresh() {
    let bench = Bench::virtual_time();
    let mut display = bench.open::<Ht16k33>(DIGITS).unwrap();
    display.write(0, text("12:34")).unwrap();

    bench.inflict(&Fault::BrownOut("i2c-1".into(), 0x70)).unwrap();
    let dark = display.shown(0);
    display.read().unwrap();

    assert_eq!((dark, display.shown(0)), (None, Some(text("12:34"))));
}

#[test]
fn a_display_that_is_gone_is_an_error_of_the_refresh() {
    let bench = Bench::virtual_time();
    let mut display = bench.open::<Ht16k33>(DIGITS).unwrap();

    bench.detach_i2c(&"i2c-1".into(), 0x70);

    let gone = display.read().unwrap_err().to_string();
    assert!(gone.starts_with("i2c-1 address 0x70: "), "{gone}");
}

/// In place of the chip: what is written to it.
#[derive(Clone, Default)]
struct Wiretap(Arc<Mutex<Vec<Vec<u8>>>>);

impl I2cChip for Wiretap {
    fn write(&mut self, bytes: &[u8]) -> Result<(), Nack> {
        self.0.lock().unwrap().push(bytes.to_vec());
        Ok(())
    }

    fn read(&mut self, _: &mut [u8]) -> Result<(), Nack> {
        Err(Nack)
    }
}

#[test]
fn a_level_dims_in_sixteenths_and_the_text_stays() {
    let bench = Bench::virtual_time();
    let mut display = bench.open::<Ht16k33>(DIGITS).unwrap();
    display.write(0, text("8")).unwrap();
    let tap = Wiretap::default();
    bench.attach_i2c(&"i2c-1".into(), 0x70, tap.clone());

    display.write(0, Set::Level(0.5)).unwrap();

    let mut eight = [0; 17];
    eight[9] = 0x7f;
    let frames: [&[u8]; 4] = [&[0x21], &eight, &[0xe7], &[0x81]];
    assert_eq!(*tap.0.lock().unwrap(), frames);
}

#[test]
fn a_config_that_no_backpack_has_is_refused() {
    assert!(refusal("{ bus: i2c-1, address: 0x20 }").starts_with("address: 0x70 to 0x77"));
    assert!(refusal("{ bus: i2c-1, segments: 9 }").contains("7 or 14 segments, not 9"));
    assert!(refusal("{ bus: i2c-1, brightness: 0 }").contains("above 0 and up to 1"));
}
