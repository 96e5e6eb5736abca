//! A slot whose time is moved by its test.

mod away;
mod readers;

use super::*;
use crate::config::{Overrides, read_slot};
use eg_config::Source;
use eg_proto::{CommandResult, EventKind};

const SLOT: &str = "slot: slot-01\ncore: { host: 127.0.0.1 }\nhal: sim\ndevices:\n  panel:\n    driver: button-row\n    \
    config: { inputs: [GPIO5], outputs: [GPIO18], pull: up }\n    inputs: { a: { channel: 0, active: low } }\n    \
    outputs: { lamp-a: { channel: 0, safe: off } }\n";

const CORE: Boot = Boot(ulid::Ulid(9));

fn slot() -> VirtualSlot {
    slot_of(SLOT)
}

/// A slot with these devices, linked to a core.
fn slot_with(devices: &str) -> VirtualSlot {
    let head = "slot: slot-01\ncore: { host: 127.0.0.1 }\nhal: sim\ndevices:";
    let mut slot = slot_of(&format!("{head}{devices}"));
    connect(&mut slot);
    slot
}

fn slot_of(text: &str) -> VirtualSlot {
    let source = Source::text("slot.yaml", text);
    let config =
        read_slot(source, &Overrides::default()).unwrap_or_else(|problems| panic!("{problems}"));
    VirtualSlot::new(config, Boot(ulid::Ulid::from(1))).unwrap()
}

/// Links the slot to a core whose clock shows what the slot's does.
fn connect(slot: &mut VirtualSlot) {
    slot.link(Some(CORE));
    let ClockPing { n, t1_us, .. } = slot.ping();
    let t = Timestamp(i64::try_from(t1_us).unwrap());
    slot.pong(&ClockPong { n, t1_us, t2_us: t, t3_us: t, boot: Some(CORE) });
}

/// The events that were sent since this was last asked. The core stores them.
fn sent(slot: &mut VirtualSlot) -> Vec<Event> {
    let sent = slot.outgoing();
    slot.acknowledge(&Ack::new(slot.boot(), slot.numbered()));
    sent
}

fn pass(slot: &mut VirtualSlot, span: Duration) {
    let mut left = span;
    while let Some(due) = slot.deadline().filter(|due| *due <= left) {
        slot.pass(due);
        left -= due;
    }
    slot.pass(left);
}

fn press(slot: &mut VirtualSlot) {
    slot.act("panel", "a", &Act::Press).unwrap();
    pass(slot, Duration::from_millis(80));
    slot.act("panel", "a", &Act::Release).unwrap();
    pass(slot, Duration::from_millis(80));
}

#[test]
fn a_press_waits_until_it_is_acknowledged() {
    let mut slot = slot();
    pass(&mut slot, Duration::from_secs(1));
    let at_rest = slot.numbered();
    connect(&mut slot);
    press(&mut slot);

    let kinds: Vec<_> = slot.outgoing().into_iter().skip(1).map(|event| event.kind).collect();
    let before = slot.backlog();
    slot.acknowledge(&Ack::new(slot.boot(), slot.numbered()));

    assert_eq!(at_rest, 1, "its levels at the start");
    assert_eq!(kinds, [EventKind::Press, EventKind::Release]);
    assert_eq!((before, slot.backlog()), (3, 0));
}

#[test]
fn sends_nothing_before_it_knows_the_time_of_the_core_or_has_waited_a_second() {
    let mut slot = slot();

    slot.link(Some(CORE));
    let at_once = slot.outgoing().len();
    pass(&mut slot, Duration::from_secs(1));

    assert_eq!((at_once, slot.outgoing().len()), (0, 1));
}

const KEYS: &str = "slot: slot-01\ncore: { host: 127.0.0.1 }\nhal: sim\ndevices:\n  keys:\n    driver: seesaw\n    \
    config: { console: neokey, bus: i2c-1 }\n    inputs: { a: { channel: 0 } }\n";

#[test]
fn a_slot_whose_chips_take_time_keeps_the_time_of_whoever_plays_it() {
    let mut slot = slot_of(KEYS);
    connect(&mut slot);
    let begun = slot.ping().t1_us;
    pass(&mut slot, Duration::from_secs(1));
    slot.act("keys", "a", &Act::Press).unwrap();
    let pressed = slot.ping().t1_us;
    pass(&mut slot, Duration::from_secs(1));

    let ahead = slot.bench.now().since(slot.time);
    assert_eq!(slot.ping().t1_us - begun, 2_000_000, "two seconds were played");
    assert!(ahead < Duration::from_millis(10), "no further than one call: {ahead:?}");
    let press = sent(&mut slot).into_iter().find(|event| event.kind == EventKind::Press).unwrap();
    let late = press.t.core_us.unwrap().0.abs_diff(i64::try_from(pressed).unwrap());
    let unc_us = press.t.unc_us;
    assert!(late <= unc_us + 10_000, "told {late} µs off, ± {unc_us} µs");
}

#[test]
fn what_was_not_acknowledged_survives_a_restart_and_is_late() {
    let mut slot = slot();
    pass(&mut slot, Duration::from_secs(1));
    press(&mut slot);
    let before = slot.boot();

    slot.restart(Boot(ulid::Ulid::from(2)));
    connect(&mut slot);

    let waiting = slot.outgoing();
    assert_eq!(waiting.iter().filter(|event| event.boot == before).count(), 3);
    assert!(waiting.iter().all(|event| event.late));
}

#[test]
fn a_command_is_obeyed_once_the_time_is_known() {
    let mut slot = slot();
    pass(&mut slot, Duration::from_secs(1));
    let command = |slot: &mut VirtualSlot| {
        let (device, output) = ("panel".parse().unwrap(), "lamp-a".parse().unwrap());
        let (id, set, expires_us) = ("1".to_owned(), eg_proto::Set::On, Timestamp(10_000_000));
        slot.command(Command { id, expires_us, device, output, set, pressed_us: None }).result
    };

    let early = command(&mut slot);
    connect(&mut slot);

    assert_eq!((early, command(&mut slot)), (CommandResult::Refused, CommandResult::Done));
}
