//! Promises of an MFRC522.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking, its helpers too")]

use eg_hal::prelude::*;
use eg_hal::sim::{BusFault, Fault, SpiChip, TestDevice};
use mfrc522::Mfrc522;
use proptest::prelude::*;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

/// Looks as often as the host does, so often.
fn looks(bench: &Bench, reader: &mut TestDevice<Mfrc522>, times: usize) -> Vec<(Channel, Reading)> {
    let Wake::Every(period) = reader.device().wake() else { panic!("it is polled") };
    let mut told = Vec::new();
    for _ in 0..times {
        bench.advance(period);
        told.extend(reader.read().unwrap());
    }
    told
}

fn reader(bench: &Bench) -> TestDevice<Mfrc522> {
    let mut reader = bench.open::<Mfrc522>("select: spi0.0").unwrap();
    assert_eq!(looks(bench, &mut reader, 2), [(0, Reading::NoTag)]);
    reader
}

fn lay(reader: &mut TestDevice<Mfrc522>, tags: &str) {
    reader.poke(0, Poke::Tag(tags.to_owned())).unwrap();
}

fn tag(uid: &str) -> (Channel, Reading) {
    (0, Reading::Tag(uid.to_owned()))
}

fn removed(uid: &str) -> (Channel, Reading) {
    (0, Reading::TagRemoved(uid.to_owned()))
}

#[test]
fn a_tag_is_told_when_it_comes_and_when_it_goes_whatever_its_length() {
    let bench = Bench::virtual_time();
    let mut reader = reader(&bench);

    for uid in ["04A37C91", "04A37C91B25780", "04A37C91B25780112233"] {
        lay(&mut reader, uid);
        assert_eq!(looks(&bench, &mut reader, 20), [tag(uid)]);
        reader.poke(0, Poke::TagAway).unwrap();
        assert_eq!(looks(&bench, &mut reader, 20), [removed(uid)]);
    }
}

#[test]
fn a_tag_leaves_when_it_was_away_long_enough() {
    let bench = Bench::virtual_time();
    let mut reader = bench.open::<Mfrc522>("{ select: spi0.0, away: 500ms }").unwrap();
    lay(&mut reader, "04A37C91");
    looks(&bench, &mut reader, 1);

    reader.poke(0, Poke::TagAway).unwrap();
    assert_eq!(looks(&bench, &mut reader, 9), []);

    assert_eq!(looks(&bench, &mut reader, 1), [removed("04A37C91")]);
}

#[test]
fn a_tag_that_a_look_misses_stays() {
    let bench = Bench::virtual_time();
    let mut reader = reader(&bench);
    lay(&mut reader, "04A37C91B25780");
    looks(&bench, &mut reader, 1);

    for _ in 0..10 {
        reader.poke(0, Poke::TagAway).unwrap();
        assert_eq!(looks(&bench, &mut reader, 2), []);
        lay(&mut reader, "04A37C91B25780");
        assert_eq!(looks(&bench, &mut reader, 1), []);
    }
}

#[test]
fn every_look_finds_a_tag_that_lies_still() {
    for lies in 1..6 {
        let bench = Bench::virtual_time();
        let mut reader = bench.open::<Mfrc522>("{ select: spi0.0, away: 100ms }").unwrap();
        lay(&mut reader, "04A37C91B25780");
        assert_eq!(looks(&bench, &mut reader, lies), [tag("04A37C91B25780")]);

        reader.poke(0, Poke::TagAway).unwrap();

        assert_eq!(looks(&bench, &mut reader, 1), [], "the last of {lies} looks missed it");
        assert_eq!(looks(&bench, &mut reader, 1), [removed("04A37C91B25780")]);
    }
}

#[test]
fn a_number_that_begins_like_part_of_a_longer_one_is_no_tag() {
    let bench = Bench::virtual_time();
    let mut reader = reader(&bench);

    lay(&mut reader, "88A37C91");

    assert_eq!(looks(&bench, &mut reader, 5), []);
}

#[test]
fn two_tags_that_collide_never_make_a_third() {
    let bench = Bench::virtual_time();
    // They differ in the first bit, the last, one in the middle, several; in their length; at the second level.
    for (one, other) in [
        ("04A37C91", "05A37C91"),
        ("04A37C11", "04A37C91"),
        ("04A37C91", "04A27C91"),
        ("00FF00FF", "FF00FF00"),
        ("04A37C91", "04A37C91B25780"),
        ("04A37C91B25780", "04A37C91B25781"),
        ("08A37C91", "04A37C91B25780112233"),
    ] {
        let mut reader = bench.open::<Mfrc522>("select: spi0.0").unwrap();
        lay(&mut reader, &format!("{one}+{other}"));

        let told = looks(&bench, &mut reader, 20);

        assert!([vec![tag(one)], vec![tag(other)]].contains(&told), "{one}+{other}: {told:?}");
    }
}

/// The number of a tag, of any length. The cascade tag never stands where it would mean something else.
fn any_uid() -> impl Strategy<Value = String> {
    let byte = || any::<u8>().prop_filter("the cascade tag", |byte| *byte != 0x88);
    let length = prop_oneof![Just(4_usize), Just(7), Just(10)];
    let bytes = length.prop_flat_map(move |length| proptest::collection::vec(byte(), length));
    bytes.prop_map(|bytes| bytes.iter().map(|byte| format!("{byte:02X}")).collect())
}

proptest! {
    #[test]
    fn of_any_tags_on_a_reader_one_is_told_and_no_other(
        uids in proptest::collection::vec(any_uid(), 1..5),
    ) {
        let bench = Bench::virtual_time();
        let mut reader = bench.open::<Mfrc522>("select: spi0.0").unwrap();
        lay(&mut reader, &uids.join("+"));

        let told = looks(&bench, &mut reader, 10);

        prop_assert_eq!(told.len(), 1, "{:?}", told);
        prop_assert!(uids.iter().any(|uid| told[0] == tag(uid)), "{:?} of {:?}", told, uids);
    }
}

#[test]
fn a_tag_that_was_told_stays_told_while_another_lies_on_it() {
    let bench = Bench::virtual_time();
    for other in ["FFFFFFFF", "00000000", "04A37C90", "04A37C91B25780"] {
        let mut reader = bench.open::<Mfrc522>("select: spi0.0").unwrap();
        lay(&mut reader, "04A37C91");
        assert_eq!(looks(&bench, &mut reader, 2), [tag("04A37C91")]);

        lay(&mut reader, &format!("04A37C91+{other}"));
        assert_eq!(looks(&bench, &mut reader, 20), [], "{other}");
        lay(&mut reader, other);

        assert_eq!(looks(&bench, &mut reader, 2), [removed("04A37C91"), tag(other)]);
    }
}

#[test]
fn two_readers_on_one_bus_tell_their_own_tags() {
    let bench = Bench::virtual_time();
    let mut left = bench.open::<Mfrc522>("select: spi0.0").unwrap();
    let mut right = bench.open::<Mfrc522>("select: spi0.1").unwrap();

    lay(&mut left, "04A37C91");
    lay(&mut right, "04A37C92");

    assert_eq!(looks(&bench, &mut left, 3), [tag("04A37C91")]);
    assert_eq!(looks(&bench, &mut right, 3), [tag("04A37C92")]);
}

#[test]
fn a_reader_that_lost_its_supply_is_set_up_again_and_its_tag_is_not_told_twice() {
    let bench = Bench::virtual_time();
    let mut reader = reader(&bench);
    lay(&mut reader, "04A37C91");
    looks(&bench, &mut reader, 1);

    bench.inflict(&Fault::SpiBrownOut("spi0.0".into())).unwrap();
    assert_eq!(looks(&bench, &mut reader, 5), []);
    reader.poke(0, Poke::TagAway).unwrap();

    assert_eq!(looks(&bench, &mut reader, 10), [removed("04A37C91")]);
}

#[test]
fn a_reader_that_is_gone_or_talks_garbage_is_an_error_until_it_is_well() {
    let bench = Bench::virtual_time();
    let mut reader = reader(&bench);
    for fault in [BusFault::Vanishes, BusFault::ShortReads(1)] {
        let fault = Fault::SpiChip("spi0.0".into(), fault);

        bench.inflict(&fault).unwrap();
        let gone = reader.read().unwrap_err().to_string();
        bench.lift(&fault).unwrap();
        lay(&mut reader, "04A37C91");

        assert_eq!(gone, "expected a reset that ends, the device answered none: it is stuck");
        assert_eq!(looks(&bench, &mut reader, 2), [tag("04A37C91")]);
        reader.poke(0, Poke::TagAway).unwrap();
        looks(&bench, &mut reader, 20);
    }
}

/// A chip whose exchanges never end, until it is reset or for ever.
struct Hung {
    registers: [u8; 64],
    asked: Option<u8>,
    for_ever: bool,
    resets: Arc<AtomicU32>,
}

impl Hung {
    fn on(bench: &Bench, for_ever: bool) -> Arc<AtomicU32> {
        let (mut registers, resets) = ([0; 64], Arc::new(AtomicU32::new(0)));
        (registers[0x2a], registers[0x14], registers[0x37]) = (0x80, 0x83, 0x92);
        let hung = Self { registers, asked: None, for_ever, resets: resets.clone() };
        bench.attach_spi(&"spi0.0".into(), hung);
        resets
    }
}

impl SpiChip for Hung {
    fn select(&mut self) {
        self.asked = None;
    }

    fn exchange(&mut self, byte: u8) -> u8 {
        let Some(asked) = self.asked.replace(byte) else { return 0 };
        let register = asked >> 1 & 0x3f;
        if asked & 0x80 != 0 {
            return self.registers[usize::from(register)];
        }
        self.asked = Some(asked);
        match (register, byte) {
            (0x01, 0x0f) => {
                self.resets.fetch_add(1, Ordering::SeqCst);
                // From now on its exchanges end with a time-out.
                self.registers[0x04] = u8::from(!self.for_ever);
            }
            (0x01 | 0x04, _) => {}
            _ => self.registers[usize::from(register)] = byte,
        }
        0
    }
}

#[test]
fn a_reader_that_hangs_is_reset_and_its_tag_stays_told() {
    let bench = Bench::virtual_time();
    let mut reader = reader(&bench);
    lay(&mut reader, "04A37C91");
    looks(&bench, &mut reader, 1);

    let resets = Hung::on(&bench, false);
    assert_eq!(looks(&bench, &mut reader, 3), []);

    assert_eq!(resets.load(Ordering::SeqCst), 1);
    assert_eq!(looks(&bench, &mut reader, 10), [removed("04A37C91")], "nothing lies on this one");
}

#[test]
fn a_reader_that_a_reset_does_not_help_is_an_error() {
    let bench = Bench::virtual_time();
    let mut reader = reader(&bench);

    Hung::on(&bench, true);
    assert_eq!(reader.read().unwrap(), []);

    let stuck = reader.read().unwrap_err().to_string();
    assert_eq!(stuck, "expected an exchange that ends, the device answered none: it is stuck");
}

#[test]
fn a_reset_line_resets_the_chip_whatever_it_does() {
    let bench = Bench::virtual_time();
    let rst = bench.wire(&"GPIO25".into());

    let mut reader = bench.open::<Mfrc522>("{ select: spi0.0, reset: GPIO25 }").unwrap();

    let pulse: Vec<_> = rst.history().iter().map(|(_, high)| *high).collect();
    assert_eq!(pulse, [true, false, true]);
    lay(&mut reader, "04A37C91");
    assert_eq!(looks(&bench, &mut reader, 2), [tag("04A37C91")]);
}
