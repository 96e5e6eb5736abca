//! An MFRC522 with tags on it, after its data sheet (NXP, revision 3.9): SPI of section 8.1.2, the registers of section 9
//! that frames go through, the commands of section 10.3.

use crate::tag::{Bits, Tag, bits, bytes, crc_a};
use eg_hal::prelude::*;
use eg_hal::sim::{SpiChip, TagReader, Timer};
use std::collections::VecDeque;
use std::time::Duration;

/// From the end of a reset until its crystal is steady.
const STARTS: Duration = Duration::from_millis(2);

/// From where the position of a collision counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Counts {
    /// From the first bit of the first byte received (section 9.3.1.15: "in a received frame"; NXP's phhalHw_Rc523).
    FromReceived,
    /// From the first bit of the level, those that were sent too (Arduino's MFRC522).
    #[cfg_attr(not(test), expect(dead_code, reason = "the other reading"))]
    FromLevel,
}

/// Place of the next byte in a transfer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Step {
    Address,
    Write(u8),
    Read(u8),
}

/// The chip, and the tags in its field.
pub(crate) struct Reader {
    registers: [u8; 64],
    fifo: VecDeque<u8>,
    step: Step,
    tags: Vec<Tag>,
    /// `true` while RST is low.
    held: bool,
    /// Running while the crystal starts.
    starts: Timer,
    pub(crate) counts: Counts,
}

impl Reader {
    const AFTER_RESET: [u8; 64] = {
        let mut registers = [0; 64];
        registers[0x01] = 0x20;
        registers[0x04] = 0x14;
        registers[0x0e] = 0x80;
        registers[0x11] = 0x3f;
        registers[0x14] = 0x80;
        registers[0x24] = 0x26;
        registers[0x26] = 0x48;
        registers[0x37] = 0x92;
        registers
    };

    pub(crate) fn new(bench: &Bench) -> Self {
        let (registers, fifo) = (Self::AFTER_RESET, VecDeque::new());
        let (starts, counts) = (Timer::new(bench), Counts::FromReceived);
        let (step, tags) = (Step::Address, Vec::new());
        Self { registers, fifo, step, tags, held: false, starts, counts }
    }

    fn restart(&mut self) {
        self.starts.start(STARTS);
        (self.registers, self.step) = (Self::AFTER_RESET, Step::Address);
        self.fifo.clear();
        self.tags.iter_mut().for_each(Tag::power_off);
    }

    fn irq(&mut self, bits: u8) {
        self.registers[0x04] |= bits;
    }

    /// Sends the bytes of the FIFO into the air; with CRC when TxCRCEn says so.
    fn sent(&mut self) -> Bits {
        let frame: Vec<u8> = self.fifo.drain(..).collect();
        let odd = usize::from(self.registers[0x0d] & 0x07);
        let mut sent = bits(&frame);
        if odd > 0 {
            sent.truncate(sent.len().saturating_sub(8 - odd));
        }
        if self.registers[0x12] & 0x80 != 0 {
            sent.extend(bits(&crc_a(&frame)));
        }
        self.irq(0x40);
        sent
    }

    /// The tags hear a frame, when the antenna is on; their answers lie over each other.
    fn air(&mut self, sent: &[bool]) -> Vec<Bits> {
        if self.registers[0x14] & 0x03 != 0x03 {
            return Vec::new();
        }
        self.tags.iter_mut().filter_map(|tag| tag.hear(sent)).collect()
    }

    fn transceive(&mut self) {
        let sent = self.sent();
        let answers = self.air(&sent);
        self.registers[0x06] = 0;
        let Some(length) = answers.iter().map(Vec::len).max() else {
            let starts = self.registers[0x2a] & 0x80 != 0;
            return self.irq(if starts { 0x01 } else { 0 });
        };
        let at = |bit: usize| answers.iter().filter_map(move |answer| answer.get(bit).copied());
        let collides = (0..length).find(|bit| at(*bit).any(|one| !one) && at(*bit).any(|one| one));
        let clear = collides.unwrap_or(length);
        let mut heard: Bits =
            (0..length).map(|bit| bit < clear && at(bit).any(|one| one)).collect();
        let align = usize::from(self.registers[0x0d] >> 4 & 0x07);
        if let Some(bit) = collides {
            let before = match self.counts {
                Counts::FromReceived => align,
                Counts::FromLevel => sent.len().saturating_sub(16),
            };
            let position = u8::try_from((before + bit + 1) % 32).unwrap_or(0);
            self.registers[0x0e] = self.registers[0x0e] & 0x80 | position;
            self.registers[0x06] |= 0x08;
        } else if self.registers[0x13] & 0x80 != 0 {
            let octets = bytes(&heard);
            let (data, crc) = octets.split_at(octets.len().saturating_sub(2));
            if crc != crc_a(data) {
                self.registers[0x06] |= 0x04;
            }
            heard = bits(data);
        }
        let mut stored = vec![false; align];
        stored.extend(&heard);
        self.registers[0x0c] = stored.len().to_le_bytes()[0] & 0x07;
        self.fifo = bytes(&stored).into();
        self.irq(if self.registers[0x06] == 0 { 0x20 } else { 0x22 });
    }

    fn take(&mut self, register: u8, value: u8) {
        // Without its clock it takes no command, and keeps no setting.
        if self.starts.is_running() && (register, value & 0x0f) != (0x01, 0x0f) {
            return;
        }
        let held = &mut self.registers[usize::from(register)];
        match register {
            0x01 => {
                *held = value & 0x3f;
                match value & 0x0f {
                    0x0f => self.restart(),
                    // CalcCRC (10.3.1.4): over what the FIFO holds, from 0x6363 on.
                    0x03 => {
                        let bytes: Vec<u8> = self.fifo.drain(..).collect();
                        [self.registers[0x22], self.registers[0x21]] = crc_a(&bytes);
                        self.registers[0x05] |= 0x04;
                    }
                    0x04 => {
                        let sent = self.sent();
                        let _ = self.air(&sent);
                        self.registers[0x01] &= 0x30;
                        self.irq(0x10);
                    }
                    _ => {}
                }
            }
            // Bit 7 says whether the others are set or cleared.
            0x04 | 0x05 if value & 0x80 == 0 => *held &= !value,
            0x04 | 0x05 => *held |= value & 0x7f,
            0x06 | 0x07 | 0x0c | 0x37 => {}
            0x09 if self.fifo.len() < 64 => self.fifo.push_back(value),
            0x09 => self.registers[0x06] |= 0x10,
            0x0a if value & 0x80 != 0 => self.fifo.clear(),
            0x0a => {}
            0x0d => {
                *held = value & 0x7f;
                if value & 0x80 != 0 && self.registers[0x01] & 0x0f == 0x0c {
                    self.transceive();
                }
            }
            0x0e => *held = *held & 0x7f | value & 0x80,
            0x14 => {
                *held = value;
                if value & 0x03 != 0x03 {
                    self.tags.iter_mut().for_each(Tag::power_off);
                }
            }
            _ => *held = value,
        }
    }

    fn give(&mut self, register: u8) -> u8 {
        match register {
            0x09 => self.fifo.pop_front().unwrap_or(0),
            0x0a => u8::try_from(self.fifo.len()).unwrap_or(64),
            0x01 if self.starts.is_running() => self.registers[0x01] | 0x10,
            _ => self.registers[usize::from(register)],
        }
    }
}

impl SpiChip for Reader {
    fn select(&mut self) {
        self.step = Step::Address;
    }

    fn exchange(&mut self, byte: u8) -> u8 {
        if self.held {
            return 0xff;
        }
        let (register, reads) = (byte >> 1 & 0x3f, byte & 0x80 != 0);
        match self.step {
            Step::Address => {
                self.step = if reads { Step::Read(register) } else { Step::Write(register) };
                0
            }
            Step::Write(register) => {
                self.take(register, byte);
                0
            }
            Step::Read(asked) => {
                self.step = if reads { Step::Read(register) } else { Step::Address };
                self.give(asked)
            }
        }
    }

    fn power_on(&mut self) {
        self.restart();
    }
}

impl TagReader for Reader {
    fn lay(&mut self, uids: &[Vec<u8>]) {
        self.tags = uids.iter().filter_map(|uid| Tag::new(uid)).collect();
    }

    fn reset(&mut self, held: bool) {
        self.held = held;
        self.restart();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_chip_calculates_a_crc_of_what_its_fifo_holds() {
        let mut reader = Reader::new(&Bench::virtual_time());

        for (register, value) in
            [(0x01, 0x00), (0x05, 0x04), (0x09, 0x93), (0x09, 0x70), (0x01, 0x03)]
        {
            reader.take(register, value);
        }

        assert_eq!(reader.give(0x05) & 0x04, 0x04);
        assert_eq!([reader.give(0x22), reader.give(0x21)], crc_a(&[0x93, 0x70]));
    }
}
