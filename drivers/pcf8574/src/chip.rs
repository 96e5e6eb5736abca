//! The chip through the crate pcf857x, which has a type for each of its two address ranges.

use embedded_hal::i2c::I2c;
use pcf857x::{Error, Pcf8574, Pcf8574a, PinFlag, SlaveAddr};

#[rustfmt::skip]
const FLAGS: [PinFlag; 8] = [
    PinFlag::P0, PinFlag::P1, PinFlag::P2, PinFlag::P3,
    PinFlag::P4, PinFlag::P5, PinFlag::P6, PinFlag::P7,
];

enum Kind<I> {
    Plain(Pcf8574<I>),
    A(Pcf8574a<I>),
}

/// A chip that was set up. Its pins are quasi-bidirectional (PCF8574 data sheet, section 8.1): one that reads is one that
/// was written high, and is held there by a weak current alone.
pub(crate) struct Chip<I> {
    kind: Kind<I>,
    outputs: u8,
    high: u8,
}

impl<I: I2c> Chip<I> {
    /// Sets the chip up: `outputs` are the pins that drive, and the others read; `high` are the outputs that start high.
    pub(crate) fn set_up(
        i2c: I,
        address: u8,
        outputs: u8,
        high: u8,
    ) -> Result<Self, Error<I::Error>> {
        let strap = |pin: u8| address >> pin & 1 == 1;
        let straps = SlaveAddr::Alternative(strap(2), strap(1), strap(0));
        let kind = if address < 0x38 {
            Kind::Plain(Pcf8574::new(i2c, straps))
        } else {
            Kind::A(Pcf8574a::new(i2c, straps))
        };
        let mut chip = Self { kind, outputs, high };
        chip.write(high)?;
        Ok(chip)
    }

    /// Reads the levels of all pins; high is 1. The outputs are written once more before, so a chip that lost its supply
    /// has them back.
    pub(crate) fn levels(&mut self) -> Result<u8, Error<I::Error>> {
        let reading =
            (0..8).filter(|pin| self.outputs >> pin & 1 == 0).map(|pin: usize| FLAGS[pin]);
        // The crate has no empty mask; with outputs alone, writing them tells whether the chip is there.
        let mask = reading.reduce(|mask, pin| mask | pin);
        match (&mut self.kind, mask) {
            (_, None) => self.write(self.high).map(|()| self.high),
            (Kind::Plain(chip), Some(mask)) => chip.get(mask),
            (Kind::A(chip), Some(mask)) => chip.get(mask),
        }
    }

    /// Drives the output pins to these levels.
    pub(crate) fn drive(&mut self, high: u8) -> Result<(), Error<I::Error>> {
        self.write(high)?;
        self.high = high;
        Ok(())
    }

    fn write(&mut self, high: u8) -> Result<(), Error<I::Error>> {
        let bits = !self.outputs | high;
        match &mut self.kind {
            Kind::Plain(chip) => chip.set(bits),
            Kind::A(chip) => chip.set(bits),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use embedded_hal_mock::eh1::i2c::{Mock, Transaction};

    #[test]
    fn inputs_are_held_high_whatever_the_outputs_are() {
        let mut i2c = Mock::new(&[
            Transaction::write(0x3a, vec![0xf1]),
            Transaction::write(0x3a, vec![0xf2]),
            Transaction::write(0x3a, vec![0xf2]),
            Transaction::read(0x3a, vec![0x72]),
        ]);
        let mut chip = Chip::set_up(i2c.clone(), 0x3a, 0x0f, 0x01).unwrap();

        chip.drive(0x02).unwrap();

        assert_eq!(chip.levels().unwrap() & 0xf0, 0x70);
        i2c.done();
    }
}
