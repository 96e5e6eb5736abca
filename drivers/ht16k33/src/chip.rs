//! The commands of an HT16K33 (Holtek, revision 1.10): system setup, display setup, dimming and display memory.

use embedded_hal::i2c::I2c;

/// System setup: the oscillator runs.
const RUN: u8 = 0x21;
/// Display setup: on, without blinking.
const SHOW: u8 = 0x81;
/// Dimming set: the low four bits are the duty, 1/16 to 16/16.
const DIM: u8 = 0xe0;
/// The brightest duty.
pub(crate) const BRIGHTEST: u8 = 16;
/// Display data address pointer: the memory follows, from its first byte on.
const MEMORY: u8 = 0x00;

/// A chip on I2C.
pub(crate) struct Chip<I> {
    i2c: I,
    address: u8,
}

impl<I: I2c> Chip<I> {
    pub(crate) fn new(i2c: I, address: u8) -> Self {
        Self { i2c, address }
    }

    /// Sends all that the chip has to know, the memory before the display is on: also what it may have forgotten.
    /// `memory` has two bytes for each of its eight columns, `duty` is in sixteenths.
    pub(crate) fn show(&mut self, memory: &[u8; 16], duty: u8) -> Result<(), I::Error> {
        let mut bytes = [MEMORY; 17];
        bytes[1..].copy_from_slice(memory);
        self.i2c.write(self.address, &[RUN])?;
        self.i2c.write(self.address, &bytes)?;
        self.i2c.write(self.address, &[DIM | (duty - 1)])?;
        self.i2c.write(self.address, &[SHOW])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use embedded_hal_mock::eh1::i2c::{Mock, Transaction};

    #[test]
    fn the_memory_is_filled_before_the_display_is_on() {
        let i2c = Mock::new(&[
            Transaction::write(0x70, vec![0x21]),
            Transaction::write(0x70, [&[0x00][..], &[0x5a; 16]].concat()),
            Transaction::write(0x70, vec![0xe7]),
            Transaction::write(0x70, vec![0x81]),
        ]);
        let mut chip = Chip::new(i2c, 0x70);

        chip.show(&[0x5a; 16], 8).unwrap();

        chip.i2c.done();
    }
}
