//! A PCF8574 with what is wired to it, after its data sheet (NXP, revision 5): a port latch without direction bits
//! (section 8.1), and an interrupt that lasts until the port reads as before, is read or is written (section 8.2).

use crate::pin::Pin;
use eg_hal::prelude::*;
use eg_hal::sim::{I2cChip, Nack, OpenDrain, Wire};

/// The chip.
pub(crate) struct ChipModel {
    /// Value that was written: 1 is a weak high, 0 a strong low. All high after reset.
    latch: u8,
    /// Contacts that pull their pin to ground.
    grounded: u8,
    /// The levels at the last transfer.
    seen: u8,
    int: Option<OpenDrain>,
}

impl ChipModel {
    fn new(int: Option<Wire>) -> Self {
        let int = int.map(|wire| wire.open_drain());
        Self { latch: 0xff, grounded: 0, seen: 0xff, int }
    }

    fn levels(&self) -> u8 {
        self.latch & !self.grounded
    }

    fn call(&self) {
        if let Some(int) = &self.int {
            int.set(self.levels() != self.seen);
        }
    }

    fn transferred(&mut self) {
        self.seen = self.levels();
        self.call();
    }
}

impl I2cChip for ChipModel {
    fn write(&mut self, bytes: &[u8]) -> Result<(), Nack> {
        for byte in bytes {
            self.latch = *byte;
            self.transferred();
        }
        Ok(())
    }

    fn read(&mut self, bytes: &mut [u8]) -> Result<(), Nack> {
        for byte in bytes {
            *byte = self.levels();
            self.transferred();
        }
        Ok(())
    }

    fn power_on(&mut self) {
        self.latch = 0xff;
        self.transferred();
    }
}

/// A hand at the chip's pins: input channel n is the n-th pin that the slot's file names.
pub(crate) struct Hand {
    chip: SharedChip<ChipModel>,
    inputs: Vec<u8>,
    outputs: Vec<u8>,
}

impl Hand {
    pub(crate) fn new(inputs: &[Pin], outputs: &[Pin], int: Option<Wire>) -> Self {
        let bits = |pins: &[Pin]| pins.iter().map(|pin| 1 << u8::from(*pin)).collect();
        let (inputs, outputs) = (bits(inputs), bits(outputs));
        Self { chip: SharedChip::new(ChipModel::new(int)), inputs, outputs }
    }

    pub(crate) fn chip(&self) -> SharedChip<ChipModel> {
        self.chip.clone()
    }
}

impl Model for Hand {
    fn poke(&mut self, channel: Channel, poke: &Poke) -> Result<(), PokeError> {
        if let (Some(bit), Poke::Level(high)) = (self.inputs.get(usize::from(channel)), poke) {
            let mut chip = self.chip.lock();
            chip.grounded = if *high { chip.grounded & !bit } else { chip.grounded | bit };
            chip.call();
            return Ok(());
        }
        let takes = format!("it has {} contacts, high or low", self.inputs.len());
        Err(PokeError { channel, poke: poke.clone(), takes })
    }

    fn shown(&self, channel: Channel) -> Option<Set> {
        let bit = self.outputs.get(usize::from(channel))?;
        Some(if self.chip.lock().levels() & bit != 0 { Set::On } else { Set::Off })
    }
}
