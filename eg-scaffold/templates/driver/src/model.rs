//! The chip after its datasheet, and the hand that pokes it. It shares no code with the driver: where both misread the
//! datasheet in the same way, no test could tell.

use eg_hal::prelude::*;
use eg_hal::sim::{Nack, RegisterChip, Registers};

/// The chip. Name the section of the datasheet that each register comes from.
#[derive(Default)]
pub(crate) struct Chip {
    inputs: u8,
    outputs: u8,
    enabled: u8,
}

impl Chip {
    /// Puts a chip on a bus, and gives the handle by which a hand pokes it.
    pub(crate) fn attach(bench: &Bench, bus: &BusName, address: u8) -> SharedChip<Self> {
        let chip = SharedChip::new(Self::default());
        bench.attach_i2c(bus, address, RegisterChip::new(chip.clone()));
        chip
    }
}

impl Registers for Chip {
    fn read(&mut self, register: u8) -> u8 {
        match register {
            0x00 => self.inputs,
            0x01 => self.outputs,
            0x02 => self.enabled,
            _ => 0xff,
        }
    }

    fn write(&mut self, register: u8, value: u8) -> Result<(), Nack> {
        match register {
            0x01 => self.outputs = value,
            0x02 => self.enabled = value,
            _ => return Err(Nack),
        }
        Ok(())
    }

    fn power_on(&mut self) {
        (self.outputs, self.enabled) = (0, 0);
    }
}

/// What a person can do to the board, and see of it.
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
        let mut chip = self.chip.lock();
        match (channel, poke) {
            (0..8, Poke::Level(true)) => chip.inputs |= 1 << channel,
            (0..8, Poke::Level(false)) => chip.inputs &= !(1 << channel),
            (_, _) => {
                let takes = "it has eight two-state inputs, 0 to 7".to_owned();
                return Err(PokeError { channel, poke: poke.clone(), takes });
            }
        }
        Ok(())
    }

    fn shown(&self, channel: Channel) -> Option<Set> {
        let chip = self.chip.lock();
        let bit = 1_u8.checked_shl(channel.into()).unwrap_or(0);
        let shown = if chip.outputs & bit == 0 { Set::Off } else { Set::On };
        (chip.enabled & bit != 0).then_some(shown)
    }
}
