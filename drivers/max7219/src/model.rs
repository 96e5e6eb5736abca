//! A MAX7219 after its data sheet (Maxim, 19-4452 revision 4: tables 1 to 10), with its digits, and an eye before them.

use eg_hal::prelude::*;
use eg_hal::sim::{SpiChip, Touch, read_row};

/// The chip.
#[derive(Default)]
struct Chip {
    /// Bits that were clocked in: the last 16 count (table 1).
    shift: u16,
    digits: [u8; 8],
    decodes: u8,
    scans: u8,
    awake: bool,
    tests: bool,
}

impl SpiChip for Chip {
    fn exchange(&mut self, byte: u8) -> u8 {
        let [out, _] = self.shift.to_be_bytes();
        self.shift = self.shift << 8 | u16::from(byte);
        out
    }

    /// LOAD rises: the register takes it (table 2).
    fn deselect(&mut self) {
        let [register, value] = self.shift.to_be_bytes();
        match register & 0x0f {
            digit @ 1..=8 => self.digits[usize::from(digit) - 1] = value,
            0x09 => self.decodes = value,
            0x0b => self.scans = value & 7,
            0x0c => self.awake = value & 1 == 1,
            0x0f => self.tests = value & 1 == 1,
            _ => {}
        }
    }

    fn power_on(&mut self) {
        *self = Self::default();
    }
}

/// A panel that somebody looks at.
pub(crate) struct Digits {
    chip: SharedChip<Chip>,
    places: usize,
}

impl Digits {
    pub(crate) fn on(bench: &Bench, select: &SpiName, places: usize) -> Self {
        let chip = SharedChip::new(Chip::default());
        bench.attach_spi(select, chip.clone());
        // More places than a chip has are refused when it opens.
        Self { chip, places: places.clamp(1, 8) }
    }
}

impl Model for Digits {
    fn poke(&mut self, channel: Channel, poke: &Poke) -> Result<(), PokeError> {
        Err(PokeError::no_inputs(channel, poke))
    }

    fn shown(&self, channel: Channel) -> Option<Set> {
        let chip = self.chip.lock();
        if channel != 0 || !(chip.awake || chip.tests) {
            return None;
        }
        if chip.tests {
            return Some(Set::On);
        }
        // Digit 0 is at the right. Without decoding D6 is a, D0 is g (table 6); with it, nobody reads segments here.
        let segments = |(place, value): (usize, &u8)| {
            let scanned = place <= usize::from(chip.scans) && chip.decodes >> place & 1 == 0;
            let lit = if scanned { *value } else { 0 };
            (0..7).fold(lit & 0x80, |all, bit| all | (lit >> (6 - bit) & 1) << bit)
        };
        let digits = chip.digits.iter().enumerate().take(self.places);
        let row: Vec<u8> = digits.rev().map(segments).collect();
        Some(read_row(&row, None))
    }

    fn touch(&self, _: Channel) -> Touch {
        Touch::Nothing
    }
}
