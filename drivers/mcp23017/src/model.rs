//! An MCP23017 or MCP23S17 with what is wired to it, after its datasheet (DS20001952C): the register file of section 3.5
//! in both orders, the interrupt logic of section 3.6, I2C and SPI of section 3.2, with the erratum of A2.
//!
//! A pin that nothing drives is high under its pull-up and low without. A change is compared with the levels at the last
//! read of GPIO or INTCAP.

use crate::pin::Pin;
use eg_hal::prelude::*;
use eg_hal::sim::{I2cChip, Nack, OpenDrain, SpiChip, Wire};

const IODIR: usize = 0x0;
const IPOL: usize = 0x1;
const GPINTEN: usize = 0x2;
const DEFVAL: usize = 0x3;
const INTCON: usize = 0x4;
const IOCON: usize = 0x5;
const GPPU: usize = 0x6;
const INTF: usize = 0x7;
const INTCAP: usize = 0x8;
const GPIO: usize = 0x9;
const OLAT: usize = 0xa;

const BANK: u8 = 0x80;
const MIRROR: u8 = 0x40;
const SEQOP: u8 = 0x20;
const HAEN: u8 = 0x08;
const ODR: u8 = 0x04;
const INTPOL: u8 = 0x02;

/// The chip. Arrays of two are port A and port B.
pub(crate) struct ChipModel {
    registers: [[u8; 2]; 11],
    /// Levels that drive the pins from outside.
    driven: [Option<bool>; 16],
    /// The levels that a change is compared with.
    reference: [u8; 2],
    pointer: u8,
    /// INTA, as it is with IOCON.ODR and without.
    int: Option<(OpenDrain, Wire)>,
    /// Levels of A0 to A2, as the SPI opcode has them.
    strapped: u8,
    frame: Frame,
}

/// Place of the next byte in an SPI frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Frame {
    Opcode,
    Register { reads: bool },
    Data { reads: bool },
    ForAnother,
}

impl ChipModel {
    /// Every pin an input, nothing else set.
    const AFTER_RESET: [[u8; 2]; 11] = {
        let mut registers = [[0; 2]; 11];
        registers[IODIR] = [0xff; 2];
        registers
    };

    fn new(int: Option<Wire>, strapped: u8) -> Self {
        let (driven, reference) = ([None; 16], [0; 2]);
        let int = int.map(|wire| (wire.open_drain(), wire));
        let registers = Self::AFTER_RESET;
        let mut chip =
            Self { registers, driven, reference, pointer: 0, int, strapped, frame: Frame::Opcode };
        chip.settle();
        chip
    }

    fn pads(&self, port: usize) -> u8 {
        (0..8).fold(0, |pads, pin| {
            let bit = |register: usize| self.registers[register][port] >> pin & 1 == 1;
            let outside = self.driven[port * 8 + pin].unwrap_or(bit(GPPU));
            let high = if bit(IODIR) { outside } else { bit(OLAT) };
            pads | u8::from(high) << pin
        })
    }

    /// Lets the interrupt logic see the pins.
    fn settle(&mut self) {
        for port in 0..2 {
            let pads = self.pads(port);
            let [enabled, compares, default] =
                [GPINTEN, INTCON, DEFVAL].map(|register| self.registers[register][port]);
            let expected = compares & default | !compares & self.reference[port];
            let unequal = (pads ^ expected) & enabled;
            if self.registers[INTF][port] == 0 && unequal != 0 {
                self.registers[INTF][port] = unequal;
                self.registers[INTCAP][port] = pads ^ self.registers[IPOL][port];
            }
        }
        let [a, b] = self.registers[INTF].map(|flags| flags != 0);
        let io = self.registers[IOCON][0];
        let active = a || io & MIRROR != 0 && b;
        if let Some((open_drain, wire)) = &self.int {
            let opens = io & ODR != 0;
            open_drain.set(opens && active);
            if opens { wire.release() } else { wire.drive(active == (io & INTPOL != 0)) }
        }
    }

    fn reset(&mut self) {
        (self.registers, self.reference, self.pointer) = (Self::AFTER_RESET, [0; 2], 0);
        self.settle();
    }

    /// Register and port of an address.
    fn locate(&self, address: u8) -> Option<(usize, usize)> {
        let (register, port) = if self.registers[IOCON][0] & BANK == 0 {
            (address / 2, address % 2)
        } else {
            (address % 16, address / 16)
        };
        (register <= 0xa && port <= 1).then_some((register.into(), port.into()))
    }

    fn count_up(&mut self) {
        let io = self.registers[IOCON][0];
        self.pointer = match (io & SEQOP != 0, io & BANK != 0) {
            (false, _) if self.pointer >= 0x1a || io & BANK == 0 && self.pointer >= 0x15 => 0,
            (false, _) => self.pointer + 1,
            (true, false) => self.pointer ^ 1,
            (true, true) => self.pointer,
        };
    }

    fn take(&mut self, value: u8) {
        if let Some((register, port)) = self.locate(self.pointer) {
            match register {
                IOCON => self.registers[IOCON] = [value & !1; 2],
                INTF | INTCAP => {}
                GPIO => self.registers[OLAT][port] = value,
                _ => self.registers[register][port] = value,
            }
        }
        self.settle();
        self.count_up();
    }

    fn give(&mut self) -> u8 {
        let Some((register, port)) = self.locate(self.pointer) else {
            self.count_up();
            return 0;
        };
        let value = match register {
            GPIO => self.pads(port) ^ self.registers[IPOL][port],
            _ => self.registers[register][port],
        };
        if register == GPIO || register == INTCAP {
            self.registers[INTF][port] = 0;
            self.reference[port] = self.pads(port);
            self.settle();
        }
        self.count_up();
        value
    }

    fn drive(&mut self, pin: usize, high: bool) {
        self.driven[pin] = Some(high);
        self.settle();
    }

    /// The level that an output drives; `None` for an input.
    fn driving(&self, pin: usize) -> Option<bool> {
        let (port, pin) = (pin / 8, pin % 8);
        let drives = self.registers[IODIR][port] >> pin & 1 == 0;
        drives.then(|| self.pads(port) >> pin & 1 == 1)
    }
}

impl I2cChip for ChipModel {
    fn write(&mut self, bytes: &[u8]) -> Result<(), Nack> {
        if let [pointer, values @ ..] = bytes {
            self.pointer = *pointer;
            values.iter().for_each(|value| self.take(*value));
        }
        Ok(())
    }

    fn read(&mut self, bytes: &mut [u8]) -> Result<(), Nack> {
        bytes.iter_mut().for_each(|byte| *byte = self.give());
        Ok(())
    }

    fn power_on(&mut self) {
        self.reset();
    }
}

impl SpiChip for ChipModel {
    fn select(&mut self) {
        self.frame = Frame::Opcode;
    }

    fn exchange(&mut self, byte: u8) -> u8 {
        match self.frame {
            Frame::Opcode => {
                // Without HAEN address 0, but for A2, which is compared all the same (errata DS80311, as ESPHome found it).
                let listens = self.registers[IOCON][0] & HAEN != 0;
                let own = if listens { self.strapped } else { self.strapped & 0x4 };
                let called = byte >> 4 == 0x4 && byte >> 1 & 0x7 == own;
                let register = Frame::Register { reads: byte & 1 == 1 };
                self.frame = if called { register } else { Frame::ForAnother };
            }
            Frame::Register { reads } => {
                self.pointer = byte;
                self.frame = Frame::Data { reads };
            }
            Frame::Data { reads: true } => return self.give(),
            Frame::Data { reads: false } => self.take(byte),
            Frame::ForAnother => {}
        }
        0xff
    }

    fn power_on(&mut self) {
        self.reset();
    }
}

/// A hand at the chip's pins: input channel n is the n-th pin that the slot's file names.
pub(crate) struct Hand {
    chip: SharedChip<ChipModel>,
    inputs: Vec<usize>,
    outputs: Vec<usize>,
}

impl Hand {
    pub(crate) fn new(inputs: &[Pin], outputs: &[Pin], int: Option<Wire>, strapped: u8) -> Self {
        let numbers = |pins: &[Pin]| pins.iter().map(|pin| u8::from(*pin).into()).collect();
        let (inputs, outputs) = (numbers(inputs), numbers(outputs));
        Self { chip: SharedChip::new(ChipModel::new(int, strapped)), inputs, outputs }
    }

    pub(crate) fn chip(&self) -> SharedChip<ChipModel> {
        self.chip.clone()
    }
}

impl Model for Hand {
    fn poke(&mut self, channel: Channel, poke: &Poke) -> Result<(), PokeError> {
        if let (Some(pin), Poke::Level(high)) = (self.inputs.get(usize::from(channel)), poke) {
            self.chip.lock().drive(*pin, *high);
            return Ok(());
        }
        let takes = format!("it has {} contacts, high or low", self.inputs.len());
        Err(PokeError { channel, poke: poke.clone(), takes })
    }
    fn shown(&self, channel: Channel) -> Option<Set> {
        let pin = self.outputs.get(usize::from(channel))?;
        let high = self.chip.lock().driving(*pin)?;
        Some(if high { Set::On } else { Set::Off })
    }
}
