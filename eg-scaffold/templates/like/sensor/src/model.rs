//! The chip after its datasheet, and what it measures. It shares no code with the driver.

use eg_hal::prelude::*;
use eg_hal::sim::{Nack, RegisterChip, Registers, Touch};

/// The chip. Name the section of the datasheet that each register comes from.
#[derive(Default)]
pub(crate) struct Chip {
    /// Part of the full scale that there is to measure.
    there: f64,
    control: u8,
}

impl Chip {
    /// Puts a chip on a bus, and returns the handle by which a hand changes what it measures.
    pub(crate) fn attach(bench: &Bench, bus: &BusName, address: u8) -> SharedChip<Self> {
        let chip = SharedChip::new(Self::default());
        bench.attach_i2c(bus, address, RegisterChip::new(chip.clone()));
        chip
    }

    /// The twelve bits of a measurement; zero while it does not measure.
    fn result(&self) -> [u8; 2] {
        let code = if self.control & 1 == 1 { self.there * 4095.0 } else { 0.0 };
        // Casts of floats saturate.
        (code.round() as u16).to_be_bytes()
    }
}

impl Registers for Chip {
    fn read(&mut self, register: u8) -> u8 {
        match register {
            0x00 => self.result()[0],
            0x01 => self.result()[1],
            0x02 => self.control,
            _ => 0xff,
        }
    }

    fn write(&mut self, register: u8, value: u8) -> Result<(), Nack> {
        match register {
            0x02 => self.control = value,
            _ => return Err(Nack),
        }
        Ok(())
    }

    fn power_on(&mut self) {
        self.control = 0;
    }
}

/// A hand that changes what there is to measure.
pub(crate) struct Hand {
    chip: SharedChip<Chip>,
}

impl Hand {
    pub(crate) fn on(chip: SharedChip<Chip>) -> Self {
        Self { chip }
    }
}

impl Model for Hand {
    fn poke(&mut self, channel: Channel, poke: &Poke) -> Result<(), PokeError> {
        match (channel, poke) {
            (0, Poke::Value(part)) => {
                self.chip.lock().there = *part;
                Ok(())
            }
            (_, _) => {
                let takes = "it has one sensor, 0, with a value from 0 to 1".to_owned();
                Err(PokeError { channel, poke: poke.clone(), takes })
            }
        }
    }

    fn touch(&self, _: Channel) -> Touch {
        Touch::Range
    }
}
