//! An HT16K33 after its data sheet (Holtek, revision 1.20: Power-on Reset, Display Memory, Command Summary), with the segments
//! of a backpack on it, and an eye before them.

use eg_hal::prelude::*;
use eg_hal::sim::{I2cChip, Nack, Touch, read_segments};

/// Segments of letters, as an eye knows them: low half rows 0 to 7, high half rows 8 to 14.
const LETTERS: &[(u16, char)] = &[
    (0x0000, ' '),
    (0x0c3f, '0'),
    (0x0006, '1'),
    (0x00db, '2'),
    (0x008f, '3'),
    (0x00e6, '4'),
    (0x00ed, '5'),
    (0x00fd, '6'),
    (0x0007, '7'),
    (0x00ff, '8'),
    (0x00ef, '9'),
    (0x00f7, 'A'),
    (0x128f, 'B'),
    (0x0039, 'C'),
    (0x120f, 'D'),
    (0x00f9, 'E'),
    (0x0071, 'F'),
    (0x00bd, 'G'),
    (0x00f6, 'H'),
    (0x1209, 'I'),
    (0x001e, 'J'),
    (0x2470, 'K'),
    (0x0038, 'L'),
    (0x0536, 'M'),
    (0x2136, 'N'),
    (0x003f, 'O'),
    (0x00f3, 'P'),
    (0x203f, 'Q'),
    (0x20f3, 'R'),
    (0x1201, 'T'),
    (0x003e, 'U'),
    (0x0c30, 'V'),
    (0x2836, 'W'),
    (0x2d00, 'X'),
    (0x1500, 'Y'),
    (0x0c09, 'Z'),
    (0x00c0, '-'),
    (0x12c0, '+'),
    (0x3fc0, '*'),
    (0x0c00, '/'),
    (0x1083, '?'),
    (0x1200, '!'),
    (0x0008, '_'),
    (0x0200, '\''),
];

/// The chip. Power-on leaves the memory as it falls; here it is full, so that nobody relies on it.
struct Chip {
    memory: [u8; 16],
    pointer: usize,
    oscillates: bool,
    shows: bool,
}

impl I2cChip for Chip {
    fn write(&mut self, bytes: &[u8]) -> Result<(), Nack> {
        let [command, data @ ..] = bytes else { return Ok(()) };
        match command >> 4 {
            0x0 => {
                self.pointer = usize::from(command & 0x0f);
                for byte in data {
                    self.memory[self.pointer] = *byte;
                    self.pointer = (self.pointer + 1) % self.memory.len();
                }
            }
            0x2 => self.oscillates = command & 1 == 1,
            0x8 => self.shows = command & 1 == 1,
            // Key data, INT, dimming: nobody sees it here.
            _ => {}
        }
        Ok(())
    }

    fn read(&mut self, bytes: &mut [u8]) -> Result<(), Nack> {
        for byte in bytes {
            *byte = self.memory[self.pointer];
            self.pointer = (self.pointer + 1) % self.memory.len();
        }
        Ok(())
    }

    fn power_on(&mut self) {
        *self = Self { memory: [0xff; 16], pointer: 0, oscillates: false, shows: false };
    }
}

/// A backpack that somebody looks at.
pub(crate) struct Backpack {
    chip: SharedChip<Chip>,
    digits: bool,
}

impl Backpack {
    pub(crate) fn on(bench: &Bench, bus: &BusName, address: u8, digits: bool) -> Self {
        let mut chip = Chip { memory: [0; 16], pointer: 0, oscillates: false, shows: false };
        chip.power_on();
        let chip = SharedChip::new(chip);
        bench.attach_i2c(bus, address, chip.clone());
        Self { chip, digits }
    }

    /// Digits: bytes 0, 2, 6 and 8, the point in bit 7; bit 1 of byte 4 is the colon in the middle.
    fn digits(memory: &[u8; 16]) -> Vec<(char, bool, bool)> {
        let place = |at: usize, colon: bool| {
            (read_segments(memory[at] & 0x7f), memory[at] & 0x80 != 0, colon)
        };
        vec![place(0, false), place(2, memory[4] & 0x02 != 0), place(6, false), place(8, false)]
    }

    /// Letters: two bytes each, the point in bit 14.
    fn letters(memory: &[u8; 16]) -> Vec<(char, bool, bool)> {
        let place = |rows: &[u8]| {
            let lit = u16::from(rows[0]) | u16::from(rows[1]) << 8;
            let letter = LETTERS.iter().find(|(known, _)| *known == lit & 0x3fff);
            (letter.map_or('\u{fffd}', |(_, letter)| *letter), lit & 0x4000 != 0, false)
        };
        memory[..8].chunks(2).map(place).collect()
    }
}

impl Model for Backpack {
    fn poke(&mut self, channel: Channel, poke: &Poke) -> Result<(), PokeError> {
        Err(PokeError::no_inputs(channel, poke))
    }

    fn shown(&self, channel: Channel) -> Option<Set> {
        let chip = self.chip.lock();
        if channel != 0 || !chip.oscillates || !chip.shows {
            return None;
        }
        if chip.memory == [0; 16] {
            return Some(Set::Off);
        }
        if chip.memory == [0xff; 16] {
            return Some(Set::On);
        }
        let places =
            if self.digits { Self::digits(&chip.memory) } else { Self::letters(&chip.memory) };
        let mut text = String::new();
        for (character, point, colon) in places {
            text.push(character);
            text.extend(point.then_some('.'));
            text.extend(colon.then_some(':'));
        }
        Some(Set::Text(text.trim_start().to_owned()))
    }

    fn touch(&self, _: Channel) -> Touch {
        Touch::Nothing
    }
}
