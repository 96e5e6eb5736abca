//! Promises of a character display.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking, its helpers too")]

use eg_hal::SafeLevels;
use eg_hal::backend::Backend;
use eg_hal::prelude::*;
use eg_hal::sim::{Fault, TestDevice};
use embedded_hal::i2c::Operation;
use lcd1602::Lcd1602;

const TWO: &str = "bus: i2c-1";
const FOUR: &str = "{ bus: i2c-1, columns: 20, lines: 4 }";

fn text(text: &str) -> Set {
    Set::Text(text.to_owned())
}

fn shown_as(display: &mut TestDevice<Lcd1602>, told: &str) -> Set {
    display.write(0, text(told)).unwrap();
    display.shown(0).unwrap()
}

#[test]
fn a_text_is_broken_between_words_and_loses_its_accents() {
    let bench = Bench::virtual_time();
    let mut display = bench.open::<Lcd1602>(TWO).unwrap();

    assert_eq!(shown_as(&mut display, "La clé est sous le lit"), text("La cle est sous\nle lit"));
    assert_eq!(shown_as(&mut display, "À 20 °C\nl’œuf…"), text("A 20 °C\nl'oeuf..."));
    assert_eq!(shown_as(&mut display, "12:34"), text("12:34"), "nothing stays of the text before");
}

#[test]
fn four_lines_stand_in_their_order() {
    let bench = Bench::virtual_time();
    let mut display = bench.open::<Lcd1602>(FOUR).unwrap();

    let told = "first\nsecond\nthird\nfourth and the last";

    assert_eq!(shown_as(&mut display, told), text(told));
}

#[test]
fn a_text_that_needs_more_lines_is_refused_and_what_stood_there_stays() {
    let bench = Bench::virtual_time();
    let mut display = bench.open::<Lcd1602>(TWO).unwrap();
    display.write(0, text("stays")).unwrap();

    let long = display.write(0, text("one\ntwo\nthree")).unwrap_err().to_string();
    let dimmed = display.write(0, Set::Level(0.5)).unwrap_err().to_string();

    assert!(long.contains("more lines than the display has"), "{long}");
    assert!(dimmed.contains("its light is on or off"), "{dimmed}");
    assert_eq!(display.shown(0), Some(text("stays")));
}

#[test]
fn it_is_dark_at_the_start_and_on_lights_all_of_it() {
    let bench = Bench::virtual_time();
    let mut display = bench.open::<Lcd1602>(TWO).unwrap();

    let start = display.shown(0);
    display.write(0, Set::On).unwrap();
    let test = display.shown(0);
    display.write(0, Set::Off).unwrap();

    assert_eq!([start, test, display.shown(0)], [Set::Off, Set::On, Set::Off].map(Some));
    let lit = SafeLevels::from([(0, true)]);
    let lit = bench.open_as::<Lcd1602>("lit", &lit, "{ bus: i2c-2 }").unwrap();
    assert_eq!(lit.shown(0), Some(Set::On));
}

#[test]
fn a_display_that_lost_its_supply_is_an_error_and_comes_up_again() {
    let bench = Bench::virtual_time();
    let mut display = bench.open::<Lcd1602>(TWO).unwrap();
    display.write(0, text("12:34")).unwrap();
    display.read().unwrap();

    bench.inflict(&Fault::BrownOut("i2c-1".into(), 0x27)).unwrap();
    let seen = display.read().unwrap_err().to_string();
    let told = display.write(0, text("12:33")).unwrap_err().to_string();
    drop(display);
    let mut display = bench.open::<Lcd1602>(TWO).unwrap();

    assert!(seen.contains("it lost its supply"), "{seen}");
    assert!(told.contains("it lost its supply"), "{told}");
    assert_eq!(shown_as(&mut display, "12:33"), text("12:33"));
}

#[test]
fn a_glitch_that_garbles_it_is_put_right_within_ten_looks() {
    let bench = Bench::virtual_time();
    let mut display = bench.open::<Lcd1602>(TWO).unwrap();
    display.write(0, text("12:34")).unwrap();
    // Half a byte too many, as from a spike on E: from now on every other half is taken for the first.
    let mut intruder = Backend::i2c(&bench, &"i2c-1".into()).unwrap();
    intruder.transaction(0x27, &mut [Operation::Write(&[0x00, 0x04, 0x00])]).unwrap();

    let garbled = display.write(0, text("12:33")).map(|()| display.shown(0));
    for _ in 0..10 {
        display.read().unwrap();
    }

    assert_ne!(garbled.unwrap(), Some(text("12:33")));
    assert_eq!(display.shown(0), Some(text("12:33")));
}

#[test]
fn a_display_that_is_gone_is_an_error() {
    let bench = Bench::virtual_time();
    let mut display = bench.open::<Lcd1602>(TWO).unwrap();

    bench.detach_i2c(&"i2c-1".into(), 0x27);

    let gone = display.read().unwrap_err().to_string();
    assert!(gone.starts_with("i2c-1 address 0x27: "), "{gone}");
}

#[test]
fn a_config_that_no_display_has_is_refused() {
    let refused = |config| Bench::virtual_time().open::<Lcd1602>(config).err().unwrap().to_string();

    assert!(refused("{ bus: i2c-1, address: 0x10 }").starts_with("address: 0x20 to 0x27"));
    assert_eq!(refused("{ bus: i2c-1, columns: 40 }"), "columns: 8 to 20, not 40");
    assert_eq!(refused("{ bus: i2c-1, lines: 1 }"), "lines: 2 or 4, not 1");
}
