//! The chip through the crate pcf857x, which has a type for each of its two address ranges.

use eg_hal::prelude::*;
use pcf857x::{Error, Pcf8574, Pcf8574a, PinFlag, SlaveAddr};

#[rustfmt::skip]
const FLAGS: [PinFlag; 8] = [
    PinFlag::P0, PinFlag::P1, PinFlag::P2, PinFlag::P3,
    PinFlag::P4, PinFlag::P5, PinFlag::P6, PinFlag::P7,
];

enum Kind {
    Plain(Pcf8574<I2cBus>),
    A(Pcf8574a<I2cBus>),
}

/// A chip that was set up. Its pins are quasi-bidirectional (PCF8574 data sheet, section 8.1): one that reads is one that
/// was written high, and is held there by a weak current alone.
pub(crate) struct Chip {
    kind: Kind,
    outputs: u8,
    high: u8,
}

impl Chip {
    /// `outputs` are the pins that drive; the others read. `high` are the outputs that start high.
    pub(crate) fn set_up(
        bus: I2cBus,
        address: u8,
        outputs: u8,
        high: u8,
    ) -> Result<Self, DeviceError> {
        let strap = |pin: u8| address >> pin & 1 == 1;
        let straps = SlaveAddr::Alternative(strap(2), strap(1), strap(0));
        let kind = if address < 0x38 {
            Kind::Plain(Pcf8574::new(bus, straps))
        } else {
            Kind::A(Pcf8574a::new(bus, straps))
        };
        let mut chip = Self { kind, outputs, high };
        chip.write(high)?;
        Ok(chip)
    }

    /// The levels of all pins; high is 1. The outputs are written once more before, so a chip that lost its supply has
    /// them back.
    pub(crate) fn levels(&mut self) -> Result<u8, DeviceError> {
        let reading =
            (0..8).filter(|pin| self.outputs >> pin & 1 == 0).map(|pin: usize| FLAGS[pin]);
        // The crate has no empty mask; with outputs alone, writing them tells whether the chip is there.
        let mask = reading.reduce(|mask, pin| mask | pin);
        match (&mut self.kind, mask) {
            (_, None) => self.write(self.high).map(|()| self.high),
            (Kind::Plain(chip), Some(mask)) => chip.get(mask).map_err(failed),
            (Kind::A(chip), Some(mask)) => chip.get(mask).map_err(failed),
        }
    }

    /// Drives one output pin.
    pub(crate) fn drive(&mut self, bit: u8, high: bool) -> Result<(), DeviceError> {
        let high = if high { self.high | bit } else { self.high & !bit };
        self.write(high)?;
        self.high = high;
        Ok(())
    }

    fn write(&mut self, high: u8) -> Result<(), DeviceError> {
        let bits = !self.outputs | high;
        match &mut self.kind {
            Kind::Plain(chip) => chip.set(bits),
            Kind::A(chip) => chip.set(bits),
        }
        .map_err(failed)
    }
}

fn failed(error: Error<eg_hal::BusError>) -> DeviceError {
    match error {
        Error::I2C(error) => error.into(),
        Error::InvalidInputData | Error::CouldNotAcquireDevice => DeviceError::Unexpected {
            expected: "a port of eight pins",
            found: "a refusal of its driver".to_owned(),
        },
    }
}
