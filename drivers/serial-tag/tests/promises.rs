//! What a serial tag reader promises.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking, its helpers too")]

use eg_hal::prelude::*;
use eg_hal::sim::{Pipe, Rig};
use serial_tag::SerialTag;
use std::time::Duration;

fn reader(bench: &Bench) -> Rig<SerialTag> {
    bench.open::<SerialTag>("port: /dev/ttyUSB0").unwrap()
}

fn cable(bench: &Bench) -> Pipe {
    bench.pipe(&"/dev/ttyUSB0".into())
}

fn present(reader: &mut Rig<SerialTag>, tag: &str) -> Vec<(Channel, Reading)> {
    reader.poke(0, Poke::Tag(tag.to_owned())).unwrap();
    reader.read().unwrap()
}

fn tag(uid: &str) -> (Channel, Reading) {
    (0, Reading::Tag(uid.to_owned()))
}

#[test]
fn a_presented_tag_arrives_in_upper_case() {
    let bench = Bench::virtual_time();
    let mut reader = reader(&bench);
    assert_eq!(reader.read().unwrap(), []);

    reader.poke(0, Poke::Tag("04a37c91".to_owned())).unwrap();

    assert!(reader.woken());
    assert_eq!(reader.read().unwrap(), [tag("04A37C91")]);
    assert!(!reader.woken());
}

#[test]
fn a_tag_in_pieces_is_one_tag() {
    let bench = Bench::virtual_time();
    let mut reader = reader(&bench);

    cable(&bench).send(b"04A3");
    assert_eq!(reader.read().unwrap(), []);
    cable(&bench).send(b"7C91\r");

    assert_eq!(reader.read().unwrap(), [tag("04A37C91")]);
}

#[test]
fn a_tag_that_rests_is_reported_once_and_again_after_it_was_away() {
    let bench = Bench::virtual_time();
    let mut reader = reader(&bench);
    assert_eq!(present(&mut reader, "04A37C91"), [tag("04A37C91")]);

    for _ in 0..20 {
        bench.advance(Duration::from_millis(300));
        assert_eq!(present(&mut reader, "04A37C91"), []);
    }
    bench.advance(Duration::from_secs(1));

    assert_eq!(present(&mut reader, "04A37C91"), [tag("04A37C91")]);
}

#[test]
fn another_tag_is_reported_at_once() {
    let bench = Bench::virtual_time();
    let mut reader = reader(&bench);
    present(&mut reader, "04A37C91");

    assert_eq!(present(&mut reader, "04A37C92"), [tag("04A37C92")]);
    assert_eq!(present(&mut reader, "04A37C91"), [tag("04A37C91")]);
}

#[test]
fn no_quiet_reports_what_the_reader_sends() {
    let bench = Bench::virtual_time();
    let config = "{ port: /dev/ttyUSB0, baud: 115200, quiet: 0s }";
    let mut reader = bench.open::<SerialTag>(config).unwrap();

    assert_eq!(present(&mut reader, "04A37C91"), [tag("04A37C91")]);
    assert_eq!(present(&mut reader, "04A37C91"), [tag("04A37C91")]);
}

#[test]
fn garbage_is_dropped_without_harm() {
    let bench = Bench::virtual_time();
    let mut reader = reader(&bench);

    cable(&bench).send(&[0xff; 3000]);
    reader.poke(0, Poke::Line("ready".to_owned())).unwrap();

    assert_eq!(present(&mut reader, "04A37C91"), [tag("04A37C91")]);
}

#[test]
fn a_pulled_plug_is_an_error_and_a_replugged_reader_reads_again() {
    let bench = Bench::virtual_time();
    let mut reader = reader(&bench);

    cable(&bench).unplug();
    assert!(reader.woken());
    assert_eq!(reader.read().unwrap_err().to_string(), "port /dev/ttyUSB0: hung up");
    drop(reader);
    let absent = bench.open::<SerialTag>("port: /dev/ttyUSB0").err().unwrap();
    assert_eq!(
        absent.to_string(),
        "cannot open port /dev/ttyUSB0: it does not exist; is it plugged in?"
    );
    cable(&bench).plug();
    let mut reader = self::reader(&bench);

    assert_eq!(present(&mut reader, "04A37C91"), [tag("04A37C91")]);
}

#[test]
fn a_port_in_use_is_refused_with_its_holder() {
    let bench = Bench::virtual_time();
    let _first = reader(&bench);

    let refused = bench.open::<SerialTag>("port: /dev/ttyUSB0").err().unwrap();

    assert_eq!(refused.to_string(), "port /dev/ttyUSB0 is already held by serial-tag");
}

#[test]
fn has_no_outputs() {
    let bench = Bench::virtual_time();
    let mut reader = reader(&bench);

    let refused = reader.write(0, Set::On).unwrap_err();

    assert!(refused.to_string().ends_with("this device has no outputs"), "{refused}");
}
