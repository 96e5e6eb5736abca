//! Boards that go and come back: what they find is compared with what was told.

use super::{SLOT, pass, sent, slot_with};
use crate::virtual_slot::{Act, VirtualSlot};
use eg_hal::sim::{BusFault, Fault};
use eg_proto::{EventKind, InputName, State};
use std::time::Duration;

const ALTAR: &str = "
  altar:
    driver: mfrc522
    config: { select: spi0.0, reset: GPIO25 }
    inputs: { relic: { channel: 0 } }
";
const NFC: &str = "
  altar:
    driver: pn532
    config: { bus: i2c-1 }
    inputs: { relic: { channel: 0 } }
";
const KNOB: &str = "
  altar:
    driver: ads1115
    config: { bus: i2c-1, knobs: [{ pin: A0 }] }
    inputs: { dial: { channel: 0 } }
";
const RELIC: &str = "04A37C91";

fn gone(of: &str) -> Fault {
    match of {
        ALTAR => Fault::SpiChip("spi0.0".into(), BusFault::Vanishes),
        NFC => Fault::Chip("i2c-1".into(), 0x24, BusFault::Vanishes),
        _ => Fault::Chip("i2c-1".into(), 0x48, BusFault::Vanishes),
    }
}

fn lay(slot: &mut VirtualSlot, act: Act) {
    slot.act("altar", "relic", &act).unwrap();
}

fn secs(slot: &mut VirtualSlot, secs: u64) {
    pass(slot, Duration::from_secs(secs));
}

/// Events that were told since this was last asked.
fn told(slot: &mut VirtualSlot) -> Vec<EventKind> {
    sent(slot).into_iter().map(|event| event.kind).collect()
}

/// Events that were told, without snapshots.
fn news(slot: &mut VirtualSlot) -> Vec<EventKind> {
    let all = told(slot).into_iter();
    all.filter(|kind| !matches!(kind, EventKind::Snapshot { .. })).collect()
}

fn tag() -> EventKind {
    EventKind::Tag { uid: RELIC.to_owned() }
}

fn removed() -> EventKind {
    EventKind::TagRemoved { uid: RELIC.to_owned() }
}

fn stands(input: &str, state: State) -> EventKind {
    let states = [(InputName::new(input).unwrap(), state)].into();
    EventKind::Snapshot { levels: Vec::new(), states }
}

fn lies(tags: &[&str]) -> EventKind {
    stands("relic", State::Tags(tags.iter().map(|tag| (*tag).to_owned()).collect()))
}

#[test]
fn a_reader_says_that_nothing_lies_there_before_anything_does() {
    for reader in [ALTAR, NFC] {
        let mut slot = slot_with(reader);
        secs(&mut slot, 1);
        let start = told(&mut slot);
        lay(&mut slot, Act::Tag(RELIC.to_owned()));
        secs(&mut slot, 1);

        assert_eq!(start, [lies(&[])], "{reader}");
        assert_eq!(told(&mut slot), [tag()], "{reader}");
    }
}

#[test]
fn a_tag_that_lies_still_is_not_told_again_by_a_reader_that_was_away() {
    for reader in [ALTAR, NFC] {
        for away in [100, 400, 3_000, 30_000] {
            let mut slot = slot_with(reader);
            lay(&mut slot, Act::Tag(RELIC.to_owned()));
            secs(&mut slot, 1);
            assert_eq!(news(&mut slot), [tag()], "{reader}");

            slot.fault(&gone(reader), true).unwrap();
            pass(&mut slot, Duration::from_millis(away));
            slot.fault(&gone(reader), false).unwrap();
            secs(&mut slot, 10);
            let back = told(&mut slot);
            lay(&mut slot, Act::TagAway);
            secs(&mut slot, 2);

            assert_eq!(back, [lies(&[RELIC])], "{reader} away for {away} ms");
            assert_eq!(told(&mut slot), [removed()], "{reader} away for {away} ms");
        }
    }
}

#[test]
fn a_tag_that_was_taken_or_exchanged_meanwhile_is_told_as_removed() {
    for reader in [ALTAR, NFC] {
        for other in [None, Some("04A37C92".to_owned())] {
            let mut slot = slot_with(reader);
            lay(&mut slot, Act::Tag(RELIC.to_owned()));
            secs(&mut slot, 1);
            told(&mut slot);

            slot.fault(&gone(reader), true).unwrap();
            secs(&mut slot, 3);
            lay(&mut slot, other.clone().map_or(Act::TagAway, Act::Tag));
            slot.fault(&gone(reader), false).unwrap();
            secs(&mut slot, 10);

            let mut expected = vec![removed()];
            expected.extend(other.map(|uid| EventKind::Tag { uid }));
            assert_eq!(news(&mut slot), expected, "{reader}");
        }
    }
}

#[test]
fn a_brown_out_of_a_reader_is_no_new_tag() {
    for (reader, fault) in
        [(ALTAR, Fault::SpiBrownOut("spi0.0".into())), (NFC, Fault::BrownOut("i2c-1".into(), 0x24))]
    {
        let mut slot = slot_with(reader);
        lay(&mut slot, Act::Tag(RELIC.to_owned()));
        secs(&mut slot, 1);
        told(&mut slot);

        slot.fault(&fault, true).unwrap();
        secs(&mut slot, 10);

        assert_eq!(news(&mut slot), [], "{reader}");
    }
}

#[test]
fn a_dial_that_stands_where_it_stood_is_not_told_again_and_one_that_was_turned_is() {
    for turned in [false, true] {
        let mut slot = slot_with(KNOB);
        slot.act("altar", "dial", &Act::Set(0.25)).unwrap();
        secs(&mut slot, 1);
        told(&mut slot);

        slot.fault(&gone(KNOB), true).unwrap();
        secs(&mut slot, 1);
        if turned {
            slot.act("altar", "dial", &Act::Set(0.75)).unwrap();
        }
        slot.fault(&gone(KNOB), false).unwrap();
        secs(&mut slot, 10);

        let back = told(&mut slot);
        let values = back.iter().filter(|kind| matches!(kind, EventKind::Value { .. })).count();
        let known = back.iter().any(|kind| matches!(kind, EventKind::Snapshot { .. }));
        assert_eq!((values, known), (usize::from(turned), true), "{back:?}");
    }
}

#[test]
fn a_board_that_is_away_comes_back_at_the_same_moment_in_every_rehearsal() {
    let pauses = || {
        let mut slot = slot_with(ALTAR);
        slot.fault(&gone(ALTAR), true).unwrap();
        let mut pauses = Vec::new();
        for _ in 0..200 {
            let due = slot.deadline().unwrap();
            slot.pass(due);
            pauses.push(due);
        }
        pauses
    };

    assert_eq!(pauses(), pauses());
}

#[test]
fn whoever_asks_is_told_how_everything_stands() {
    let mut slot = slot_with(&format!("{ALTAR}{}", &SLOT[SLOT.find("  panel").unwrap()..]));
    lay(&mut slot, Act::Tag(RELIC.to_owned()));
    secs(&mut slot, 1);
    told(&mut slot);

    slot.ask();

    let a = [(InputName::new("a").unwrap(), State::On(false))].into();
    let panel = EventKind::Snapshot { levels: vec![false], states: a };
    assert_eq!(told(&mut slot), [lies(&[RELIC]), panel]);
}
