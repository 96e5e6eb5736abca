//! Readers that cannot tell when a tag leaves, and what they and others drop.

use super::{pass, sent, slot_with};
use crate::virtual_slot::{Act, VirtualSlot};
use eg_hal::sim::Fault;
use eg_proto::EventKind;
use std::time::Duration;

const SCANNER: &str = "
  scanner: { driver: serial-tag, config: { port: /dev/ttyUSB0 } }
";
const KEYS: &str = "
  keys:
    driver: evdev-keys
    config: { keyboard: /dev/input/event0, keys: [0, 6] }
    inputs: { k0: { channel: 0 }, k6: { channel: 1, kind: key, symbol: '6' } }
";
const CARD: &str = "04A37C91";

fn present(slot: &mut VirtualSlot, what: &str) {
    slot.act("scanner", "scanner", &Act::Type(what.to_owned())).unwrap();
    pass(slot, Duration::ZERO);
}

/// The tags, lines and keys that were told since this was last asked.
fn told(slot: &mut VirtualSlot) -> Vec<String> {
    let told = sent(slot).into_iter().filter_map(|event| {
        if let EventKind::Tag { uid: text }
        | EventKind::Line { text }
        | EventKind::Key { symbol: text } = event.kind
        {
            return Some(text);
        }
        (event.kind == EventKind::Press).then(|| event.input.to_string())
    });
    told.collect()
}

#[test]
fn a_tag_that_its_reader_repeats_is_told_once_and_again_after_it_was_away() {
    let mut slot = slot_with(SCANNER);

    for _ in 0..20 {
        present(&mut slot, CARD);
        pass(&mut slot, Duration::from_millis(300));
    }
    let resting = told(&mut slot);
    present(&mut slot, "04A37C92");
    present(&mut slot, CARD);
    let others = told(&mut slot);
    pass(&mut slot, Duration::from_secs(1));
    present(&mut slot, CARD);

    assert_eq!(resting, [CARD]);
    assert_eq!(others, ["04A37C92", CARD]);
    assert_eq!(told(&mut slot), [CARD]);
}

#[test]
fn a_tag_that_its_reader_repeats_is_not_told_again_when_the_plug_was_out() {
    let mut slot = slot_with(SCANNER);
    present(&mut slot, CARD);
    pass(&mut slot, Duration::from_millis(65));
    present(&mut slot, CARD);
    told(&mut slot);

    slot.fault(&Fault::Unplugged("/dev/ttyUSB0".into()), true).unwrap();
    pass(&mut slot, Duration::from_secs(20));
    slot.fault(&Fault::Unplugged("/dev/ttyUSB0".into()), false).unwrap();
    pass(&mut slot, Duration::from_secs(6));
    // As soon as it is back it reads what lies there.
    let quiet = told(&mut slot);
    present(&mut slot, CARD);

    assert_eq!(quiet, [] as [&str; 0]);
    assert_eq!(told(&mut slot), [CARD], "it was away for six seconds after the plug was in");
}

#[test]
fn a_reader_whose_plug_was_out_goes_on_where_it_was() {
    let mut slot = slot_with(SCANNER);
    present(&mut slot, CARD);
    told(&mut slot);

    slot.fault(&Fault::Unplugged("/dev/ttyUSB0".into()), true).unwrap();
    pass(&mut slot, Duration::from_millis(200));
    slot.fault(&Fault::Unplugged("/dev/ttyUSB0".into()), false).unwrap();
    for _ in 0..20 {
        present(&mut slot, CARD);
        pass(&mut slot, Duration::from_millis(65));
    }

    assert_eq!(told(&mut slot), [] as [&str; 0]);
}

#[test]
fn what_is_dropped_is_counted_in_the_status_and_the_board_stays_ready() {
    let mut slot = slot_with(SCANNER);
    pass(&mut slot, Duration::from_secs(1));

    present(&mut slot, "ROOM-7");
    let first = slot.status().devices.into_values().next().unwrap();
    for _ in 0..9 {
        present(&mut slot, "x");
        pass(&mut slot, Duration::from_millis(10));
    }
    let soon = slot.status().devices.into_values().next().unwrap();
    pass(&mut slot, Duration::from_secs(1));
    let later = slot.status().devices.into_values().next().unwrap();

    assert_eq!((first.state, first.error), (eg_proto::DeviceState::Ready, None));
    let noise = first.noise.unwrap();
    assert_eq!(noise.count, 1);
    assert!(noise.last.ends_with(": 52 4F 4F 4D 2D 37"), "{}", noise.last);
    assert_eq!(soon.noise.unwrap().count, 1, "once a second is enough");
    assert_eq!(later.noise.unwrap().count, 10);
    assert_eq!(told(&mut slot), [] as [&str; 0]);
}

#[test]
fn a_keyboard_that_types_fast_loses_no_digit() {
    let mut slot = slot_with(KEYS);
    pass(&mut slot, Duration::from_secs(1));

    for key in ["k0", "k0", "k0", "k6", "k6", "k0"] {
        slot.act("keys", key, &Act::Press).unwrap();
        pass(&mut slot, Duration::from_millis(8));
        slot.act("keys", key, &Act::Release).unwrap();
        pass(&mut slot, Duration::from_millis(8));
    }

    assert_eq!(told(&mut slot), ["k0", "k0", "k0", "6", "6", "k0"]);
}
