//! The chip after its datasheet, with its places, and somebody who looks at them. It shares no code with the driver.

use eg_hal::prelude::*;
use eg_hal::sim::{Nack, RegisterChip, Registers, Touch, read_row};

/// The chip. Name the section of the datasheet that each register comes from.
#[derive(Default)]
struct Chip {
    places: [u8; 4],
    control: u8,
}

impl Registers for Chip {
    fn read(&mut self, register: u8) -> u8 {
        match register {
            0..4 => self.places[usize::from(register)],
            4 => self.control,
            _ => 0xff,
        }
    }

    fn write(&mut self, register: u8, value: u8) -> Result<(), Nack> {
        match register {
            0..4 => self.places[usize::from(register)] = value,
            4 => self.control = value,
            _ => return Err(Nack),
        }
        Ok(())
    }

    fn power_on(&mut self) {
        *self = Self::default();
    }
}

/// A display that somebody looks at.
pub(crate) struct Places {
    chip: SharedChip<Chip>,
}

impl Places {
    /// Puts a display on a bus.
    pub(crate) fn attach(bench: &Bench, bus: &BusName, address: u8) -> Self {
        let chip = SharedChip::new(Chip::default());
        bench.attach_i2c(bus, address, RegisterChip::new(chip.clone()));
        Self { chip }
    }
}

impl Model for Places {
    fn poke(&mut self, channel: Channel, poke: &Poke) -> Result<(), PokeError> {
        Err(PokeError::no_inputs(channel, poke))
    }

    fn shown(&self, channel: Channel) -> Option<Set> {
        let chip = self.chip.lock();
        let shows = channel == 0 && chip.control & 0x80 != 0;
        shows.then(|| read_row(&chip.places, None))
    }

    fn touch(&self, _: Channel) -> Touch {
        Touch::Nothing
    }
}
