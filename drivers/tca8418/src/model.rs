//! A TCA8418 with a keypad, after its data sheet (SCPS215G): the event queue of section 8.3, the registers of section
//! 8.6, and INT. Debounce takes no time here. A key that is down when its row and column join the matrix is a press.

use eg_hal::prelude::*;
use eg_hal::sim::{I2cChip, Nack, OpenDrain, Wire};
use std::collections::{BTreeSet, VecDeque};

const CFG: u8 = 0x01;
const INT_STAT: u8 = 0x02;
const KEY_LCK_EC: u8 = 0x03;
const KEY_EVENT_A: u8 = 0x04;
const KP_GPIO1: u8 = 0x1d;
const KP_GPIO3: u8 = 0x1f;

const AI: u8 = 0x80;
const OVR_FLOW_M: u8 = 0x20;
const INT_CFG: u8 = 0x10;
const K_INT: u8 = 0x01;
const OVR_FLOW_INT: u8 = 0x08;

/// The chip.
pub(crate) struct ChipModel {
    registers: [u8; 0x30],
    queue: VecDeque<u8>,
    /// The keys that fingers hold: row, column.
    held: BTreeSet<(u8, u8)>,
    /// The keys that it sees as down, ghosts among them.
    down: BTreeSet<(u8, u8)>,
    /// `true` if each key has a diode of its own.
    diodes: bool,
    pointer: u8,
    int: Option<OpenDrain>,
}

impl ChipModel {
    fn new(int: Option<Wire>, diodes: bool) -> Self {
        let (queue, held, down) = (VecDeque::new(), BTreeSet::new(), BTreeSet::new());
        let int = int.map(|wire| wire.open_drain());
        Self { registers: [0; 0x30], queue, held, down, diodes, pointer: 0, int }
    }

    /// Keys that the scan finds: current goes from a column to every row that held keys connect it to (section 9.1.1).
    fn scanned(&self) -> BTreeSet<(u8, u8)> {
        if self.diodes {
            return self.held.clone();
        }
        let columns: BTreeSet<u8> = self.held.iter().map(|key| key.1).collect();
        let mut seen = BTreeSet::new();
        for column in columns {
            let (mut rows, mut reached) = (BTreeSet::new(), BTreeSet::from([column]));
            loop {
                let known = (rows.len(), reached.len());
                for (row, column) in &self.held {
                    if rows.contains(row) || reached.contains(column) {
                        rows.insert(*row);
                        reached.insert(*column);
                    }
                }
                if known == (rows.len(), reached.len()) {
                    break;
                }
            }
            seen.extend(rows.into_iter().map(|row| (row, column)));
        }
        seen
    }

    fn register(&self, register: u8) -> u8 {
        self.registers.get(usize::from(register)).copied().unwrap_or(0)
    }

    /// `true` if the matrix has this key.
    fn scans(&self, (row, column): (u8, u8)) -> bool {
        let [rows, low, high] = [KP_GPIO1, KP_GPIO1 + 1, KP_GPIO3].map(|at| self.register(at));
        let columns = u16::from_le_bytes([low, high]);
        rows >> row & 1 == 1 && columns >> column & 1 == 1
    }

    fn record(&mut self, (row, column): (u8, u8), down: bool) {
        let event = u8::from(down) << 7 | (row * 10 + column + 1);
        if self.queue.len() == 10 {
            self.registers[usize::from(INT_STAT)] |= OVR_FLOW_INT;
            if self.register(CFG) & OVR_FLOW_M == 0 {
                return self.call();
            }
            self.queue.pop_front();
        }
        self.queue.push_back(event);
        self.registers[usize::from(INT_STAT)] |= K_INT;
        self.call();
    }

    fn set(&mut self, key: (u8, u8), down: bool) {
        if down {
            self.held.insert(key);
        } else {
            self.held.remove(&key);
        }
        let after = self.scanned();
        let before = std::mem::replace(&mut self.down, after.clone());
        // The key that a finger moved is found first; a ghost comes or goes with the same scan.
        let changed = before.symmetric_difference(&after).copied();
        let (own, ghosts): (Vec<_>, Vec<_>) = changed.partition(|other| *other == key);
        for other in own.into_iter().chain(ghosts) {
            if self.scans(other) {
                self.record(other, after.contains(&other));
            }
        }
    }

    /// KE_IEN and OVR_FLOW_IEN stand in CFG where their flags stand in INT_STAT.
    fn call(&self) {
        if let Some(int) = &self.int {
            let calls = self.register(CFG) & self.register(INT_STAT) & (K_INT | OVR_FLOW_INT) != 0;
            int.set(calls);
        }
    }

    fn take(&mut self, register: u8, value: u8) {
        let Some(held) = self.registers.get_mut(usize::from(register)) else { return };
        match register {
            INT_STAT => {
                *held &= !value;
                if !self.queue.is_empty() {
                    *held |= K_INT;
                }
                if let Some(int) = self.int.as_ref().filter(|_| self.register(CFG) & INT_CFG != 0) {
                    int.release();
                }
            }
            KEY_LCK_EC..=0x0d => {}
            KP_GPIO1..=KP_GPIO3 => {
                let before: Vec<_> = self.down.iter().filter(|key| self.scans(**key)).collect();
                let before: BTreeSet<(u8, u8)> = before.into_iter().copied().collect();
                self.registers[usize::from(register)] = value;
                for key in self.down.clone() {
                    if self.scans(key) && !before.contains(&key) {
                        self.record(key, true);
                    }
                }
            }
            _ => *held = value,
        }
        self.call();
    }

    fn give(&mut self, register: u8) -> u8 {
        match register {
            KEY_LCK_EC => u8::try_from(self.queue.len()).unwrap_or(0),
            KEY_EVENT_A => self.queue.pop_front().unwrap_or(0),
            0x05..=0x0d => {
                self.queue.get(usize::from(register - KEY_EVENT_A)).copied().unwrap_or(0)
            }
            _ => self.register(register),
        }
    }

    fn step(&mut self) {
        if self.register(CFG) & AI != 0 {
            self.pointer = self.pointer.wrapping_add(1);
        }
    }
}

impl I2cChip for ChipModel {
    fn write(&mut self, bytes: &[u8]) -> Result<(), Nack> {
        if let [pointer, values @ ..] = bytes {
            self.pointer = *pointer;
            for value in values {
                self.take(self.pointer, *value);
                self.step();
            }
        }
        Ok(())
    }

    fn read(&mut self, bytes: &mut [u8]) -> Result<(), Nack> {
        for byte in bytes {
            *byte = self.give(self.pointer);
            self.step();
        }
        Ok(())
    }

    fn power_on(&mut self) {
        (self.registers, self.pointer) = ([0; 0x30], 0);
        self.queue.clear();
        self.call();
    }
}

/// Fingers on the keypad: channel n is the n-th key, row by row.
pub(crate) struct Keypad {
    chip: SharedChip<ChipModel>,
    rows: u8,
    columns: u8,
}

impl Keypad {
    pub(crate) fn new(rows: u8, columns: u8, int: Option<Wire>, diodes: bool) -> Self {
        Self { chip: SharedChip::new(ChipModel::new(int, diodes)), rows, columns }
    }

    pub(crate) fn chip(&self) -> SharedChip<ChipModel> {
        self.chip.clone()
    }
}

impl Model for Keypad {
    fn poke(&mut self, channel: Channel, poke: &Poke) -> Result<(), PokeError> {
        let keys = u16::from(self.rows) * u16::from(self.columns);
        if let (true, Poke::Level(down)) = (channel < keys, poke) {
            let [row, column] =
                [channel / u16::from(self.columns), channel % u16::from(self.columns)];
            self.chip.lock().set((row.to_le_bytes()[0], column.to_le_bytes()[0]), *down);
            return Ok(());
        }
        let takes = format!("it has {keys} keys, up or down");
        Err(PokeError { channel, poke: poke.clone(), takes })
    }
}
