//! The chip after its datasheet, and the hand on its keys. It shares no code with the driver.

use eg_hal::prelude::*;
use eg_hal::sim::{Nack, OpenDrain, RegisterChip, Registers, Wire};

/// The chip. Name the section of the datasheet that each register comes from.
pub(crate) struct Chip {
    down: u8,
    enabled: u8,
    int: Option<OpenDrain>,
}

impl Chip {
    /// Puts a chip on a bus, with its INT on a wire, and returns the handle by which a hand presses its keys.
    pub(crate) fn attach(
        bench: &Bench,
        bus: &BusName,
        address: u8,
        int: Option<Wire>,
    ) -> SharedChip<Self> {
        let int = int.map(|wire| wire.open_drain());
        let chip = SharedChip::new(Self { down: 0, enabled: 0, int });
        bench.attach_i2c(bus, address, RegisterChip::new(chip.clone()));
        chip
    }

    /// INT is low from a change of a scanned key until the status is read.
    fn call(&self, calls: bool) {
        if let Some(int) = &self.int {
            int.set(calls);
        }
    }
}

impl Registers for Chip {
    fn read(&mut self, register: u8) -> u8 {
        match register {
            0x00 => {
                self.call(false);
                self.down & self.enabled
            }
            0x01 => self.enabled,
            _ => 0xff,
        }
    }

    fn write(&mut self, register: u8, value: u8) -> Result<(), Nack> {
        match register {
            0x01 => self.enabled = value,
            _ => return Err(Nack),
        }
        Ok(())
    }

    fn power_on(&mut self) {
        self.enabled = 0;
        self.call(false);
    }
}

/// Fingers on the keys.
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
        let before = chip.down;
        match (channel, poke) {
            (0..8, Poke::Level(true)) => chip.down |= 1 << channel,
            (0..8, Poke::Level(false)) => chip.down &= !(1 << channel),
            (_, _) => {
                let takes = "it has eight keys, 0 to 7, up or down".to_owned();
                return Err(PokeError { channel, poke: poke.clone(), takes });
            }
        }
        if (before ^ chip.down) & chip.enabled != 0 {
            chip.call(true);
        }
        Ok(())
    }
}
