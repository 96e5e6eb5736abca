//! Promises of a display with an SSD1306.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking, its helpers too")]

use eg_hal::SafeLevels;
use eg_hal::prelude::*;
use eg_hal::sim::{BusFault, Fault, I2cChip, Nack, TestDevice};
use ssd1306::Ssd1306;
use std::sync::{Arc, Mutex};

const TALL: &str = "bus: i2c-1";
const LOW: &str = "{ bus: i2c-1, height: 32 }";

fn text(text: &str) -> Set {
    Set::Text(text.to_owned())
}

fn shown_as(display: &mut TestDevice<Ssd1306>, told: &str) -> Set {
    display.write(0, text(told)).unwrap();
    display.shown(0).unwrap()
}

#[test]
fn a_hint_is_broken_between_words_and_keeps_its_accents() {
    let bench = Bench::virtual_time();
    let mut display = bench.open::<Ssd1306>(TALL).unwrap();

    assert_eq!(
        shown_as(&mut display, "La clé est sous l’évier."),
        text("La clé est\nsous\nl'évier.")
    );
    assert_eq!(shown_as(&mut display, "Où ?\nÀ 20 €, cœur !"), text("Où ?\nÀ 20 €,\ncœur !"));
}

#[test]
fn a_longer_text_has_smaller_letters() {
    let bench = Bench::virtual_time();
    let mut display = bench.open::<Ssd1306>(TALL).unwrap();
    let hint = "Count the candles in the picture above the fireplace, then turn the clock on the wall to \
                that hour and listen.";

    let Set::Text(shown) = shown_as(&mut display, hint) else { panic!("no text") };

    let lines: Vec<&str> = shown.lines().collect();
    assert!((5..=8).contains(&lines.len()), "{lines:?}");
    assert!(lines.iter().all(|line| line.len() <= 25), "{lines:?}");
    assert_eq!(lines.join(" "), hint);
}

#[test]
fn no_word_is_torn_apart_where_smaller_letters_hold_it() {
    let bench = Bench::virtual_time();
    let mut display = bench.open::<Ssd1306>(TALL).unwrap();

    assert_eq!(shown_as(&mut display, "Kaleidoscopic!"), text("Kaleidoscopic!"));
    let long = "a".repeat(30);
    assert_eq!(shown_as(&mut display, &long), text(&format!("{}\n{}", &long[..25], &long[25..])));
}

#[test]
fn a_text_that_does_not_fit_is_refused_and_what_stood_there_stays() {
    let bench = Bench::virtual_time();
    let mut display = bench.open::<Ssd1306>(LOW).unwrap();
    display.write(0, text("03:15")).unwrap();

    let long = display.write(0, text(&"word ".repeat(21))).unwrap_err().to_string();

    assert!(long.contains("longer than its smallest letters allow"), "{long}");
    assert_eq!(display.shown(0), Some(text("03:15")));
}

#[test]
fn it_is_dark_at_the_start_and_on_lights_all_of_it() {
    let bench = Bench::virtual_time();
    let mut display = bench.open::<Ssd1306>(TALL).unwrap();

    let start = display.shown(0);
    display.write(0, Set::On).unwrap();
    let test = display.shown(0);
    display.write(0, Set::Off).unwrap();

    assert_eq!([start, test, display.shown(0)], [Set::Off, Set::On, Set::Off].map(Some));
    let lit = SafeLevels::from([(0, true)]);
    let lit = bench.open_as::<Ssd1306>("lit", &lit, "{ bus: i2c-2, height: 32 }").unwrap();
    assert_eq!(lit.shown(0), Some(Set::On));
}

#[test]
fn a_display_that_lost_its_supply_is_an_error_and_not_a_dark_glass() {
    let bench = Bench::virtual_time();
    let mut display = bench.open::<Ssd1306>(TALL).unwrap();
    display.write(0, text("12:34")).unwrap();
    display.read().unwrap();

    bench.inflict(&Fault::BrownOut("i2c-1".into(), 0x3c)).unwrap();
    let seen = display.read().unwrap_err().to_string();
    let told = display.write(0, text("12:33")).unwrap_err().to_string();
    drop(display);
    let mut display = bench.open::<Ssd1306>(TALL).unwrap();

    assert!(seen.ends_with("status 0x43: it lost its supply"), "{seen}");
    assert!(told.ends_with("it lost its supply"), "{told}");
    assert_eq!(shown_as(&mut display, "12:33"), text("12:33"));
}

#[test]
fn a_display_that_is_gone_is_an_error() {
    let bench = Bench::virtual_time();
    let mut display = bench.open::<Ssd1306>(TALL).unwrap();

    let vanished = Fault::Chip("i2c-1".into(), 0x3c, BusFault::Vanishes);
    bench.inflict(&vanished).unwrap();
    let gone = display.read().unwrap_err().to_string();
    bench.lift(&vanished).unwrap();

    assert!(gone.starts_with("i2c-1 address 0x3c: "), "{gone}");
    display.read().unwrap();
}

/// In place of the chip: what is written to it. It says that it is on.
#[derive(Clone, Default)]
struct Wiretap(Arc<Mutex<Vec<Vec<u8>>>>);

impl I2cChip for Wiretap {
    fn write(&mut self, bytes: &[u8]) -> Result<(), Nack> {
        self.0.lock().unwrap().push(bytes.to_vec());
        Ok(())
    }

    fn read(&mut self, bytes: &mut [u8]) -> Result<(), Nack> {
        bytes.fill(0x03);
        Ok(())
    }
}

#[test]
fn only_the_pages_that_change_are_sent() {
    let bench = Bench::virtual_time();
    let mut display = bench.open::<Ssd1306>(TALL).unwrap();
    let tap = Wiretap::default();
    bench.attach_i2c(&"i2c-1".into(), 0x3c, tap.clone());

    display.write(0, text("12:34")).unwrap();
    let first = std::mem::take(&mut *tap.0.lock().unwrap());
    display.write(0, text("12:34")).unwrap();
    let again = std::mem::take(&mut *tap.0.lock().unwrap());
    display.write(0, Set::Level(0.5)).unwrap();

    assert!((2..=8).contains(&first.len()), "three pages of eight hold a line: {}", first.len());
    assert_eq!(again, Vec::<Vec<u8>>::new());
    assert_eq!(*tap.0.lock().unwrap(), [[0x00, 0x81, 128]]);
}

#[test]
fn a_config_that_no_display_has_is_refused() {
    let refused = |config| Bench::virtual_time().open::<Ssd1306>(config).err().unwrap().to_string();

    assert_eq!(refused("{ bus: i2c-1, address: 0x20 }"), "address: 0x3c or 0x3d, not 0x20");
    assert_eq!(refused("{ bus: i2c-1, height: 48 }"), "height: 64 or 32, not 48");
}
