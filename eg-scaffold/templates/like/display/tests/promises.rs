//! Promises of this driver beyond those of every driver.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking, its helpers too")]

use eg_hal::prelude::*;
use {{ident}}::{{Type}};

fn text(text: &str) -> Set {
    Set::Text(text.to_owned())
}

#[test]
fn a_text_is_shown_and_one_that_does_not_fit_changes_nothing() {
    let bench = Bench::virtual_time();
    let mut display = bench.open::<{{Type}}>("bus: i2c-1").unwrap();

    display.write(0, text("12.34")).unwrap();
    let refused = display.write(0, text("12345")).unwrap_err();

    assert!(refused.to_string().contains("at most"), "{refused}");
    assert_eq!(display.shown(0), Some(text("12.34")));
}

#[test]
fn a_display_that_lost_its_supply_shows_its_text_again_at_the_next_refresh() {
    let bench = Bench::virtual_time();
    let mut display = bench.open::<{{Type}}>("bus: i2c-1").unwrap();
    display.write(0, text("42")).unwrap();

    display.brown_out();
    let dark = display.shown(0);
    display.read().unwrap();

    assert_eq!((dark, display.shown(0)), (None, Some(text("42"))));
}
