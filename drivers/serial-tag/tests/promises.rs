//! Promises of a serial tag reader.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking, its helpers too")]

use eg_hal::prelude::*;
use eg_hal::sim::{Pipe, TestDevice};
use serial_tag::SerialTag;
use std::time::Duration;

fn reader(bench: &Bench) -> TestDevice<SerialTag> {
    bench.open::<SerialTag>("port: /dev/ttyUSB0").unwrap()
}

fn cable(bench: &Bench) -> Pipe {
    bench.pipe(&"/dev/ttyUSB0".into())
}

fn present(reader: &mut TestDevice<SerialTag>, tag: &str) -> Vec<(Channel, Reading)> {
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

/// Feeds bytes to a reader; gives the readings, and what was dropped.
fn heard(config: &str, bytes: &[u8]) -> (Vec<Reading>, Option<String>) {
    let bench = Bench::virtual_time();
    let mut reader = bench.open::<SerialTag>(config).unwrap();
    cable(&bench).send(bytes);
    let mut told = reader.read().unwrap();
    // As the host does while a code is under way.
    while let Wake::EdgeOrEvery(pause) = reader.device().wake() {
        bench.advance(pause);
        told.extend(reader.read().unwrap());
    }
    let noise = reader.noise().map(|noise| noise.last);
    (told.into_iter().map(|(_, reading)| reading).collect(), noise)
}

#[test]
fn what_scanners_send_is_told_by_the_setting_that_fits() {
    let tags = "port: /dev/ttyUSB0";
    let line = "{ port: /dev/ttyUSB0, code: { gives: line } }";
    let coded = "{ port: /dev/ttyUSB0, code: { gives: line, prefix: ']E0' } }";
    let em18 = "{ port: /dev/ttyUSB0, code: { length: 12, checksum: check } }";
    let quiet = "{ port: /dev/ttyUSB0, code: { timeout: 50ms, checksum: strip } }";
    let told = |config, sent: &str| match heard(config, sent.as_bytes()) {
        (told, None) => told,
        (_, Some(noise)) => panic!("{sent:?}: {noise}"),
    };
    let text = |text: &str| Reading::Line(text.to_owned());
    let uid = |uid: &str| Reading::Tag(uid.to_owned());

    assert_eq!(told(line, "4006381333931\t"), [text("4006381333931")]);
    assert_eq!(told(line, "ROOM-7\r"), [text("ROOM-7")]);
    assert_eq!(told(line, "https://x.example/door?k=7\r"), [text("https://x.example/door?k=7")]);
    assert_eq!(told(line, "123,45678\r\n"), [text("123,45678")]);
    assert_eq!(told(line, "]E04006381333931\r"), [text("]E04006381333931")]);
    assert_eq!(told(coded, "]E04006381333931\r"), [text("4006381333931")]);
    assert_eq!(told(tags, "04 A3 7C 91\r\n"), [uid("04A37C91")]);
    assert_eq!(told(tags, "04:A3:7C:91\r\n"), [uid("04A37C91")]);
    assert_eq!(told(tags, "4006381333931\t04A37C91\r"), [uid("4006381333931"), uid("04A37C91")]);
    assert_eq!(told(em18, "010063E9AE25010063E9AE25"), [uid("010063E9AE25"), uid("010063E9AE25")]);
    assert_eq!(told(quiet, "010063E9AE25"), [uid("010063E9AE")]);
}

#[test]
fn what_is_dropped_is_counted_and_shown_with_its_bytes() {
    let dropped = |sent: &[u8]| heard("port: /dev/ttyUSB0", sent).1.unwrap();

    assert_eq!(
        dropped(b"ROOM-7\r"),
        "no hexadecimal digits; code: { gives: line } takes any text: 52 4F 4F 4D 2D 37"
    );
    assert!(dropped(b"010063E9AE25").starts_with("no end came; code.length or code.timeout"));
    assert!(dropped(b"\x02010063E9BE25\x03").starts_with("checksum 25 where 35 was wanted: 30 31"));
    assert!(dropped(&[b'x'; 3000]).ends_with("78 78 …"));
}

#[test]
fn a_reader_that_repeats_says_how_long_a_tag_stays_the_same() {
    let traits = |config: &str| {
        let traits = Bench::traits::<SerialTag>(config, 0).unwrap();
        (traits.lockout, traits.repeats)
    };

    assert_eq!(traits("port: p"), (Duration::ZERO, Some(Duration::from_secs(1))));
    assert_eq!(traits("{ port: p, quiet: 0s }"), (Duration::ZERO, Some(Duration::ZERO)));
    assert_eq!(traits("{ port: p, code: { gives: line } }"), (Duration::ZERO, None));
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
