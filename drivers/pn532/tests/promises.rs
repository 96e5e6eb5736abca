//! Promises of a PN532.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking, its helpers too")]

use eg_hal::prelude::*;
use eg_hal::sim::{BusFault, Fault, I2cChip, Nack, TestDevice};
use pn532::Pn532;

/// Looks as often as the host does, so often.
fn looks(bench: &Bench, reader: &mut TestDevice<Pn532>, times: usize) -> Vec<(Channel, Reading)> {
    let Wake::Every(period) = reader.device().wake() else { panic!("it is polled") };
    let mut told = Vec::new();
    for _ in 0..times {
        bench.advance(period);
        told.extend(reader.read().unwrap());
    }
    told
}

fn reader(bench: &Bench) -> TestDevice<Pn532> {
    let mut reader = bench.open::<Pn532>("bus: i2c-1").unwrap();
    assert_eq!(looks(bench, &mut reader, 3), [(0, Reading::NoTag)]);
    reader
}

fn lay(reader: &mut TestDevice<Pn532>, tags: &str) {
    reader.poke(0, Poke::Tag(tags.to_owned())).unwrap();
}

fn tag(uid: &str) -> (Channel, Reading) {
    (0, Reading::Tag(uid.to_owned()))
}

fn removed(uid: &str) -> (Channel, Reading) {
    (0, Reading::TagRemoved(uid.to_owned()))
}

fn ill(fault: BusFault) -> Fault {
    Fault::Chip("i2c-1".into(), 0x24, fault)
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
fn a_tag_that_a_look_misses_stays() {
    let bench = Bench::virtual_time();
    let mut reader = reader(&bench);
    lay(&mut reader, "04A37C91");
    looks(&bench, &mut reader, 2);

    for _ in 0..10 {
        reader.poke(0, Poke::TagAway).unwrap();
        assert_eq!(looks(&bench, &mut reader, 2), []);
        lay(&mut reader, "04A37C91");
        assert_eq!(looks(&bench, &mut reader, 2), []);
    }
}

#[test]
fn a_tag_that_was_told_stays_told_while_another_lies_on_it() {
    let bench = Bench::virtual_time();
    let mut reader = reader(&bench);
    lay(&mut reader, "04A37C91");
    assert_eq!(looks(&bench, &mut reader, 3), [tag("04A37C91")]);

    lay(&mut reader, "04A37C91B25780+04A37C91");
    assert_eq!(looks(&bench, &mut reader, 20), []);
    lay(&mut reader, "04A37C91B25780");

    // As long as `away`: it might be hidden for a moment.
    let told = looks(&bench, &mut reader, 9);
    assert_eq!(told, [removed("04A37C91"), tag("04A37C91B25780")]);
}

#[test]
fn two_tags_never_take_turns_however_short_away_is() {
    for away in ["50ms", "100ms", "300ms", "1s"] {
        let bench = Bench::virtual_time();
        let config = format!("{{ bus: i2c-1, away: {away} }}");
        let mut reader = bench.open::<Pn532>(&config).unwrap();
        lay(&mut reader, "04A37C91+04A37C92");

        let told = looks(&bench, &mut reader, 100);

        assert_eq!(told.len(), 1, "away {away}: {told:?}");
    }
}

#[test]
fn a_reader_that_wakes_slowly_is_waited_for() {
    let bench = Bench::virtual_time();
    let before = bench.now();

    let mut reader = reader(&bench);

    let took = bench.now().since(before);
    assert!(took > std::time::Duration::from_millis(5), "it was asleep: {took:?}");
    lay(&mut reader, "04A37C91");
    assert_eq!(looks(&bench, &mut reader, 3), [tag("04A37C91")]);
}

#[test]
fn two_readers_behind_a_bus_switch_tell_their_own_tags() {
    let bench = Bench::virtual_time();
    let mut left = bench.open::<Pn532>("bus: i2c-1/0x70/0").unwrap();
    let mut right = bench.open::<Pn532>("bus: i2c-1/0x70/1").unwrap();

    lay(&mut left, "04A37C91");
    lay(&mut right, "04A37C92");
    let told: Vec<_> =
        (0..3).map(|_| [looks(&bench, &mut left, 1), looks(&bench, &mut right, 1)]).collect();

    let of = |reader: usize| told.iter().flat_map(|both| both[reader].clone()).collect::<Vec<_>>();
    assert_eq!((of(0), of(1)), (vec![tag("04A37C91")], vec![tag("04A37C92")]));
}

#[test]
fn a_second_reader_on_a_bus_without_a_switch_is_refused() {
    let bench = Bench::virtual_time();
    let _first = reader(&bench);

    let refused = bench.open::<Pn532>("bus: i2c-1").err().unwrap();

    assert_eq!(refused.to_string(), "address 0x24 on i2c-1 is already held by pn532");
}

#[test]
fn a_look_that_is_not_acknowledged_at_once_is_made_again() {
    let bench = Bench::virtual_time();
    let mut reader = reader(&bench);
    lay(&mut reader, "04A37C91");
    looks(&bench, &mut reader, 2);

    for _ in 0..10 {
        bench.inflict(&ill(BusFault::Nacks(2))).unwrap();
        assert_eq!(looks(&bench, &mut reader, 1), []);
    }
}

#[test]
fn a_reader_that_lost_its_supply_is_set_up_again_and_its_tag_is_not_told_twice() {
    let bench = Bench::virtual_time();
    let mut reader = reader(&bench);
    lay(&mut reader, "04A37C91");
    looks(&bench, &mut reader, 2);

    bench.inflict(&Fault::BrownOut("i2c-1".into(), 0x24)).unwrap();
    assert_eq!(looks(&bench, &mut reader, 12), []);
    reader.poke(0, Poke::TagAway).unwrap();

    assert_eq!(looks(&bench, &mut reader, 20), [removed("04A37C91")]);
}

#[test]
fn a_reader_that_is_gone_or_talks_garbage_is_an_error_until_it_is_well() {
    let bench = Bench::virtual_time();
    let mut reader = reader(&bench);
    for (fault, said) in [
        (BusFault::Vanishes, "i2c-1 address 0x24: "),
        (
            BusFault::ShortReads(3),
            "expected a frame of a PN532, the device answered something else",
        ),
    ] {
        bench.inflict(&ill(fault)).unwrap();
        bench.advance(std::time::Duration::from_millis(50));
        let gone = reader.read().unwrap_err().to_string();
        bench.lift(&ill(fault)).unwrap();
        // As the host does.
        drop(reader);
        reader = bench.open::<Pn532>("bus: i2c-1").unwrap();
        lay(&mut reader, "04A37C91");

        assert!(gone.starts_with(said), "{gone}");
        assert_eq!(looks(&bench, &mut reader, 3), [tag("04A37C91")]);
    }
}

/// A chip that acknowledges everything and never has anything to say.
struct Mute;

impl I2cChip for Mute {
    fn write(&mut self, _: &[u8]) -> Result<(), Nack> {
        Ok(())
    }

    fn read(&mut self, bytes: &mut [u8]) -> Result<(), Nack> {
        bytes.fill(0);
        Ok(())
    }
}

#[test]
fn a_reader_that_never_answers_is_an_error_after_a_while() {
    let bench = Bench::virtual_time();
    let mut reader = reader(&bench);

    bench.attach_i2c(&"i2c-1".into(), 0x24, Mute);
    assert_eq!(looks(&bench, &mut reader, 5), []);

    let mute = reader.read().unwrap_err().to_string();
    assert_eq!(mute, "expected a frame of a PN532, the device answered nothing in time");
}

#[test]
fn a_reset_line_resets_the_chip_whatever_it_does() {
    let bench = Bench::virtual_time();
    let rst = bench.wire(&"GPIO25".into());

    let mut reader = bench.open::<Pn532>("{ bus: i2c-1, reset: GPIO25 }").unwrap();

    let pulse: Vec<_> = rst.history().iter().map(|(_, high)| *high).collect();
    assert_eq!(pulse, [true, false, true]);
    lay(&mut reader, "04A37C91");
    assert_eq!(looks(&bench, &mut reader, 3), [tag("04A37C91")]);
}
