//! The firmware: what it does with each register, and how long it takes. Where a register was named it sends 0xff at first,
//! then does not acknowledge its address, and then answers (adafruit/seesaw, source/I2CSlave.cpp, states `Idle` and `Busy`).
//! Events leave the queue only with the bytes that carry them.

use eg_hal::prelude::Bench;
use eg_hal::sim::{I2cChip, Nack, OpenDrain, Timer, Wire};
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::time::Duration;

/// Wiring of a board, and the way its firmware was built.
#[derive(Clone, Copy)]
pub(super) struct Board {
    pub(super) keys: u16,
    hardware: u8,
    product: u16,
    /// A pin reads low until it was made an input.
    asleep: bool,
    /// The pins of the keys; on a matrix none.
    buttons: &'static [u32],
    lamps: &'static [u8],
}

/// SAMD09 with four keys on pins and four lights in a chain.
pub(super) const NEOKEY: Board = Board {
    keys: 4,
    hardware: 0x55,
    product: 4980,
    asleep: true,
    buttons: &[1 << 4, 1 << 5, 1 << 6, 1 << 7],
    lamps: &[],
};
/// SAMD09 with a matrix of 4 by 4; its firmware was built without a product.
pub(super) const NEOTRELLIS: Board =
    Board { keys: 16, hardware: 0x55, product: 0, asleep: true, buttons: &[], lamps: &[] };
/// ATtiny817 with four buttons and four lamps.
pub(super) const ARCADE: Board = Board {
    keys: 4,
    hardware: 0x87,
    product: 5296,
    asleep: false,
    buttons: &[1 << 18, 1 << 19, 1 << 20, 1 << 2],
    lamps: &[12, 13, 0, 1],
};

/// The queue of the keypad, of which one byte stays free.
const QUEUE: usize = 128 - 1;
/// Events: a level that is high, a fall, a rise.
const HIGH: u8 = 0b00;
const FALL: u8 = 0b10;
const RISE: u8 = 0b11;

/// Times that the firmware takes.
#[derive(Clone, Copy)]
pub(crate) struct Pace {
    /// From a question until it is at work on it: so long it reads as 0xff.
    pub(crate) starts: Duration,
    /// From a question to its answer: so long, but for that, it does not acknowledge.
    pub(crate) answers: Duration,
    /// The same where the pad is counted, and where its queue is handed out.
    pub(crate) counts: Duration,
    pub(crate) hands_out: Duration,
    /// From a reset until it hears again.
    pub(crate) boots: Duration,
}

impl Pace {
    /// As fast as the waits of Adafruit's libraries say, and no faster.
    pub(crate) const USUAL: Self = Self {
        starts: Duration::from_micros(120),
        answers: Duration::from_micros(240),
        counts: Duration::from_micros(490),
        hands_out: Duration::from_micros(990),
        boots: Duration::from_millis(8),
    };

    fn of(&self, register: (u8, u8)) -> Duration {
        match register {
            (0x10, 0x04) => self.counts,
            (0x10, 0x10) => self.hands_out,
            _ => self.answers,
        }
    }
}

/// State that is gone after a restart.
#[derive(Clone, Default)]
struct Memory {
    inputs: u32,
    pulled: u32,
    high: u32,
    calls_for: u32,
    changed: u32,
    /// By key, as the firmware numbers them: a bit for each event.
    wanted: BTreeMap<u8, u8>,
    queue: VecDeque<u8>,
    keypad_calls: bool,
    chain_length: usize,
    chain: Vec<u8>,
    asked: (u8, u8),
}

/// The firmware and what is wired to it.
pub(super) struct Firmware {
    board: Board,
    memory: Memory,
    /// The keys under fingers.
    down: BTreeSet<u16>,
    /// Bytes that the chain was last sent; it shines on when the chip restarts. `None` if nothing was sent.
    chain: Option<Vec<u8>>,
    lamps: BTreeMap<u8, u8>,
    int: Option<OpenDrain>,
    pace: Pace,
    /// Running until the firmware begins to work on a question.
    starts: Timer,
    /// Running while the firmware works on a question, or boots.
    busy: Timer,
}

impl Firmware {
    pub(super) fn new(bench: &Bench, board: Board, int: Option<Wire>, pace: Pace) -> Self {
        let (memory, down, chain) = (Memory::default(), BTreeSet::new(), None);
        let int = int.map(|wire| wire.open_drain());
        let (starts, busy) = (Timer::new(bench), Timer::new(bench));
        Self { board, memory, down, chain, lamps: BTreeMap::new(), int, pace, starts, busy }
    }

    /// Puts a finger on a key, or takes it away.
    pub(super) fn finger(&mut self, key: u16, down: bool) {
        let before = self.levels();
        let moved = if down { self.down.insert(key) } else { self.down.remove(&key) };
        if !moved {
            return;
        }
        self.memory.changed |= (before ^ self.levels()) & self.memory.calls_for;
        if self.board.buttons.is_empty() {
            self.queue(key, if down { RISE } else { FALL });
        }
        self.call();
    }

    /// Gives the light under a key: red, green, blue.
    pub(super) fn light(&self, key: u16) -> Option<[u8; 3]> {
        if let Some(pin) = self.board.lamps.get(usize::from(key)) {
            return self.lamps.get(pin).map(|level| [*level; 3]);
        }
        let at = 3 * usize::from(key);
        // The chain wants green first.
        match self.chain.as_ref()?.get(at..at + 3)? {
            [green, red, blue] => Some([*red, *green, *blue]),
            _ => None,
        }
    }

    /// A contact to ground wins over a pull to the supply.
    fn levels(&self) -> u32 {
        let awake = if self.board.asleep { self.memory.inputs } else { u32::MAX };
        let buttons = self.board.buttons.iter().zip(0..);
        let pressed = buttons.filter(|(_, key)| self.down.contains(key));
        let grounded = pressed.fold(0, |all, (pin, _)| all | pin);
        self.memory.pulled & self.memory.high & awake & !grounded
    }

    fn queue(&mut self, key: u16, event: u8) {
        let number = (key / 4 * 8 + key % 4) as u8;
        let wanted = self.memory.wanted.get(&number).copied().unwrap_or(0);
        if wanted >> event & 1 == 1 && self.memory.queue.len() < QUEUE {
            self.memory.queue.push_back(number << 2 | event);
        }
    }

    fn call(&self) {
        let keypad = self.memory.keypad_calls && !self.memory.queue.is_empty();
        if let Some(int) = &self.int {
            int.set(keypad || self.memory.changed != 0);
        }
    }

    /// INT rises between two calls.
    fn answer(&self) {
        if let Some(int) = &self.int {
            int.release();
        }
        self.call();
    }

    fn take(&mut self, register: (u8, u8), data: &[u8]) {
        let pins = data.iter().take(4).fold(0, |all, byte| all << 8 | u32::from(*byte));
        match (register, data) {
            ((0x00, 0x7f), [0xff]) => {
                self.memory = Memory::default();
                self.starts.stop();
                self.busy.start(self.pace.boots);
            }
            ((0x01, 0x03), _) => self.memory.inputs |= pins,
            ((0x01, 0x05), _) => self.memory.high |= pins,
            ((0x01, 0x06), _) => self.memory.high &= !pins,
            ((0x01, 0x08), _) => self.memory.calls_for |= pins,
            ((0x01, 0x0b), _) => self.memory.pulled |= pins,
            ((0x08, 0x01), [pin, level, ..]) => {
                self.lamps.insert(*pin, *level);
            }
            ((0x0e, 0x03), [high, low]) => {
                self.memory.chain_length = usize::from(u16::from_be_bytes([*high, *low])).min(64);
                self.memory.chain.resize(64, 0);
            }
            ((0x0e, 0x04), [high, low, bytes @ ..]) => {
                let at = usize::from(u16::from_be_bytes([*high, *low]));
                let cells = self.memory.chain.iter_mut().skip(at);
                cells.zip(bytes).for_each(|(cell, byte)| *cell = *byte);
            }
            ((0x0e, 0x05), []) => {
                let length = self.memory.chain_length.min(self.memory.chain.len());
                self.chain = Some(self.memory.chain[..length].to_vec());
            }
            ((0x10, 0x01), [key, events]) => {
                let wanted = self.memory.wanted.entry(*key).or_insert(0);
                // Bit 0 clear leaves those that are named.
                if events & 1 == 1 { *wanted |= events >> 1 } else { *wanted &= events >> 1 }
            }
            ((0x10, 0x02), [bits]) => self.memory.keypad_calls |= bits & 1 == 1,
            _ => {}
        }
    }

    fn give(&mut self, bytes: &mut [u8]) {
        let answer = match self.memory.asked {
            (0x00, 0x01) => vec![self.board.hardware],
            (0x00, 0x02) => (u32::from(self.board.product) << 16 | 0x1234).to_be_bytes().to_vec(),
            (0x01, 0x04) => {
                self.memory.changed = 0;
                self.levels().to_be_bytes().to_vec()
            }
            (0x01, 0x0a) => std::mem::take(&mut self.memory.changed).to_be_bytes().to_vec(),
            (0x10, 0x04) => {
                // Between two questions the matrix was scanned.
                self.down.clone().into_iter().for_each(|key| self.queue(key, HIGH));
                vec![self.memory.queue.len() as u8]
            }
            (0x10, 0x10) => {
                let count = bytes.len().min(self.memory.queue.len());
                self.memory.queue.drain(..count).collect()
            }
            _ => Vec::new(),
        };
        bytes.fill(0xff);
        bytes.iter_mut().zip(answer).for_each(|(byte, given)| *byte = given);
        self.answer();
    }
}

impl I2cChip for Firmware {
    fn address(&mut self) -> Result<(), Nack> {
        let works = self.busy.is_running() && !self.starts.is_running();
        if works { Err(Nack) } else { Ok(()) }
    }

    fn write(&mut self, bytes: &[u8]) -> Result<(), Nack> {
        let [module, function, data @ ..] = bytes else { return Ok(()) };
        self.memory.asked = (*module, *function);
        if data.is_empty() {
            self.starts.start(self.pace.starts);
            self.busy.start(self.pace.of(self.memory.asked));
        }
        self.take(self.memory.asked, data);
        self.call();
        Ok(())
    }

    fn read(&mut self, bytes: &mut [u8]) -> Result<(), Nack> {
        if self.busy.is_running() {
            bytes.fill(0xff);
        } else {
            self.give(bytes);
        }
        Ok(())
    }

    fn power_on(&mut self) {
        (self.memory, self.chain) = (Memory::default(), None);
        self.lamps.clear();
        self.call();
    }
}
