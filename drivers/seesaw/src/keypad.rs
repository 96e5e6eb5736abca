//! The pad of the NeoTrellis: the firmware scans it every 10 ms and queues what happened.

use crate::bus_chip::BusChip;
use crate::chip::{PATIENCE_US, Register};
use eg_hal::prelude::*;

const EVENTS_OF_KEY: Register = [0x10, 0x01];
const CALL: Register = [0x10, 0x02];
const COUNT: Register = [0x10, 0x04];
const QUEUE: Register = [0x10, 0x10];

/// Kind of an event: the low two bits of its byte.
const IS_DOWN: u8 = 0;
const LET_GO: u8 = 2;
const PRESSED: u8 = 3;

/// Switches events of a key on: bit 0, and bit n + 1 for the event n.
const MOVES: u8 = 0x01 | 1 << (LET_GO + 1) | 1 << (PRESSED + 1);
const MOVES_AND_STATE: u8 = MOVES | 1 << (IS_DOWN + 1);
/// Switches all off but those that are named.
const ONLY_MOVES: u8 = MOVES & !0x01;

/// Keys, and the longest row that the firmware knows.
const KEYS: u8 = 16;
const ROW: u8 = 4;
const NUMBERED_ROW: u8 = 8;
/// Events that the queue holds. With so many in it, others may have been dropped.
const FULL: u8 = 127;
/// Events in one transfer: the firmware's buffers hold 32 bytes.
const AT_ONCE: usize = 30;
/// In so long every key was scanned twice.
const SCANS_US: u32 = 25_000;
/// Looks at the queue while it fills again, or does not give what it holds.
const LOOKS: usize = 8;
/// Until the firmware has counted, and until it has its queue at hand (Adafruit_seesaw.cpp, `getKeypadCount` and
/// `readKeypad`).
const COUNTS_US: u32 = 500;
const HANDS_OUT_US: u32 = 1_000;

pub(crate) struct Keypad {
    down: [bool; KEYS as usize],
    started: bool,
}

/// A key that moved, or was found down.
struct Event {
    key: u16,
    down: bool,
}

impl Keypad {
    pub(crate) fn set_up(chip: &mut BusChip, calls: bool) -> Result<Self, DeviceError> {
        let mut keypad = Self { down: [false; KEYS as usize], started: false };
        keypad.look(chip)?;
        if calls {
            chip.write(CALL, &[0x01])?;
        }
        Ok(keypad)
    }

    /// Finds out which keys are down: asks for that as an event for the length of two scans.
    fn look(&mut self, chip: &mut BusChip) -> Result<(), DeviceError> {
        for key in 0..KEYS {
            chip.write(EVENTS_OF_KEY, &[numbered(key), MOVES_AND_STATE])?;
        }
        self.down = [false; KEYS as usize];
        // What was queued before is no news.
        take(chip)?;
        chip.pause_us(SCANS_US);
        let (events, _) = take(chip)?;
        for key in 0..KEYS {
            chip.write(EVENTS_OF_KEY, &[numbered(key), ONLY_MOVES])?;
            chip.write(EVENTS_OF_KEY, &[numbered(key), MOVES])?;
        }
        events.iter().for_each(|event| self.down[usize::from(event.key)] = event.down);
        Ok(())
    }

    /// Tells what the queue held. The first event is the one that it called for.
    pub(crate) fn tell(
        &mut self,
        chip: &mut BusChip,
        mut trigger: Trigger,
        readings: &mut Readings,
    ) -> Result<(), DeviceError> {
        if !self.started {
            self.started = true;
            (0..).zip(self.down).for_each(|(key, down)| readings.level(key, down));
        }
        let (events, lost) = take(chip)?;
        let late = trigger.after(readings.now());
        for Event { key, down } in events {
            if std::mem::replace(&mut self.down[usize::from(key)], down) == down {
                continue;
            }
            readings.level_by(key, down, trigger.take(late));
        }
        if lost {
            (0..KEYS.into()).for_each(|key| readings.push(key, Reading::Lost(1)));
            self.look(chip)?;
            (0..).zip(self.down).for_each(|(key, down)| readings.level(key, down));
        }
        Ok(())
    }
}

/// A key as the firmware numbers it: rows of eight.
fn numbered(key: u8) -> u8 {
    key / ROW * NUMBERED_ROW + key % ROW
}

/// Empties the queue, and tells whether it was full. A byte that is no event was none yet: it stays in the queue, which is
/// counted again.
fn take(chip: &mut BusChip) -> Result<(Vec<Event>, bool), DeviceError> {
    let mut events = Vec::new();
    let (mut full, mut late_us) = (false, 0);
    for _ in 0..LOOKS {
        let count = count(chip)?;
        if count == 0 {
            break;
        }
        full |= count >= FULL;
        let mut bytes = vec![0; count.into()];
        for part in bytes.chunks_mut(AT_ONCE) {
            chip.ask(QUEUE, HANDS_OUT_US + late_us, part)?;
        }
        let before = events.len();
        events.extend(bytes.into_iter().filter_map(event));
        if events.len() - before < usize::from(count) {
            late_us += PATIENCE_US;
        }
    }
    Ok((events, full))
}

/// Reads the number of events that wait. More than the queue holds is no count.
fn count(chip: &mut BusChip) -> Result<u8, DeviceError> {
    let [count] = chip.read_after(COUNTS_US, COUNT)?;
    if count > FULL {
        let found = format!("{count}");
        return Err(DeviceError::Unexpected { expected: "a count of 127 events at most", found });
    }
    Ok(count)
}

fn event(byte: u8) -> Option<Event> {
    let (row, column) = ((byte >> 2) / NUMBERED_ROW, (byte >> 2) % NUMBERED_ROW);
    let on_the_pad = row < KEYS / ROW && column < ROW;
    let down = match byte & 0b11 {
        IS_DOWN | PRESSED => true,
        LET_GO => false,
        _ => return None,
    };
    on_the_pad.then(|| Event { key: u16::from(row * ROW + column), down })
}
