//! Readers on a real terminal: bytes come as from a port, in pieces and with pauses.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking, its helpers too")]
#![cfg(target_os = "linux")]

use eg_hal::backend::linux::Linux;
use eg_hal::prelude::*;
use eg_hal::{Claims, Noise, Readings, SafeLevels, Source, clock};
use rustix::event::{EventfdFlags, eventfd};
use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use serde_json::{Value, json};
use serial_tag::SerialTag;
use std::fs::File;
use std::io::Write as _;
use std::os::fd::AsFd;
use std::time::Duration;

/// Readings of a reader set up like this, after these bytes came at the far end: until so many codes or so much noise.
fn told(code: Value, sent: &[u8], codes: usize, noises: u64) -> (Vec<Reading>, Option<Noise>) {
    let far = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).unwrap();
    grantpt(&far).unwrap();
    unlockpt(&far).unwrap();
    let near = ptsname(&far, Vec::new()).unwrap();
    let mut far = File::from(far);
    let (linux, claims, safe) = (Linux::new(), Claims::default(), SafeLevels::new());
    let mut board = Board::new("slot-01/reader", &linux, &claims, &safe);
    let config = json!({ "port": near.to_str().unwrap(), "code": code });
    let mut reader = SerialTag::open(serde_json::from_value(config).unwrap(), &mut board).unwrap();
    let waits = board.into_waits();
    let nudge = eventfd(0, EventfdFlags::CLOEXEC).unwrap();
    let mut readings = Readings::new(clock::now(), Source::Driver, 0);
    let (mut told, mut noise) = (Vec::new(), None::<Noise>);

    far.write_all(sent).unwrap();
    while told.len() < codes || noise.as_ref().map_or(0, |noise| noise.count) < noises {
        let pause = match reader.wake() {
            Wake::OnEdge => Duration::from_secs(20),
            Wake::Every(pause) | Wake::EdgeOrEvery(pause) => pause,
            other => panic!("{other:?}"),
        };
        waits.wait(nudge.as_fd(), Some(pause)).unwrap();
        readings.begin(clock::now(), Source::Driver, 0);
        reader.read(&mut readings).unwrap();
        told.extend(readings.drain().map(|sample| sample.reading));
        if let Some(Noise { count, last }) = readings.take_noise() {
            let before = noise.map_or(0, |noise| noise.count);
            noise = Some(Noise { count: before + count, last });
        }
    }
    (told, noise)
}

fn tag(uid: &str) -> Reading {
    Reading::Tag(uid.to_owned())
}

#[test]
fn a_frame_of_ten_with_a_wrong_bit_and_one_that_lost_a_byte_are_no_tags() {
    let (good, bad, short): (&[u8], &[u8], &[u8]) =
        (b"\x02010063E9AE25\x03", b"\x02010063E9BE25\x03", b"\x0201006E9AE25\x03");
    let sent = [good, good, good, good, good, bad, good, good, good, good, short].concat();

    let (told, noise) = told(json!({}), &sent, 9, 2);

    assert_eq!(told, vec![tag("010063E9AE25"); 9]);
    let noise = noise.unwrap();
    assert_eq!(noise.count, 2);
    assert!(noise.last.starts_with("11 digits"), "{}", noise.last);
}

#[test]
fn codes_of_scanners_come_through_as_lines() {
    let sent = "4006381333931\tROOM-7\rhttps://x.example/door?k=7\r]E04006381333931\r123,45678\r\n";
    let lines = sent.split(['\t', '\r', '\n']).filter(|line| !line.is_empty());
    let lines: Vec<Reading> = lines.map(|line| Reading::Line(line.to_owned())).collect();

    let told = told(json!({ "gives": "line" }), sent.as_bytes(), 5, 0);

    assert_eq!(told, (lines, None));
}

#[test]
fn a_card_without_an_end_is_told_by_its_length_and_by_the_silence_after_it() {
    let by_length = json!({ "length": 12, "checksum": "check" });
    let by_silence = json!({ "timeout": "30ms", "checksum": "strip" });

    let two = told(by_length, b"010063E9AE25010063E9AE25", 2, 0);
    let one = told(by_silence, b"010063E9AE25", 1, 0);

    assert_eq!(two, (vec![tag("010063E9AE25"); 2], None));
    assert_eq!(one, (vec![tag("010063E9AE")], None));
}

#[test]
fn pairs_are_tags_and_a_tab_takes_nothing_along() {
    let sent = b"04 A3 7C 91\r\n04:A3:7C:92\r\n4006381333931\t04A37C93\r";

    let (told, noise) = told(json!({}), sent, 4, 0);

    let tags = ["04A37C91", "04A37C92", "4006381333931", "04A37C93"].map(tag);
    assert_eq!((told.as_slice(), noise), (tags.as_slice(), None));
}
