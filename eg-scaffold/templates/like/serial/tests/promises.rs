//! Promises of this driver beyond those of every driver.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking, its helpers too")]

use eg_hal::prelude::*;
use {{ident}}::{{Type}};

fn tag(digits: &str) -> (Channel, Reading) {
    (0, Reading::Tag(digits.to_owned()))
}

#[test]
fn a_tag_in_pieces_is_one_tag_in_upper_case() {
    let bench = Bench::virtual_time();
    let mut board = bench.open::<{{Type}}>("port: /dev/ttyUSB0").unwrap();
    let cable = bench.pipe(&"/dev/ttyUSB0".into());

    cable.send(b"04a3");
    let half = board.read().unwrap();
    cable.send(b"7c91\r\n");

    assert_eq!(half, []);
    assert_eq!(board.read().unwrap(), [tag("04A37C91")]);
}

#[test]
fn what_is_no_tag_is_counted_and_shown() {
    let bench = Bench::virtual_time();
    let mut board = bench.open::<{{Type}}>("port: /dev/ttyUSB0").unwrap();

    bench.pipe(&"/dev/ttyUSB0".into()).send(b"hello\r\n04A37C91\r\n");

    assert_eq!(board.read().unwrap(), [tag("04A37C91")]);
    assert!(board.noise().unwrap().last.starts_with("no hexadecimal digits"));
}
