//! The chip after its datasheet, and the hand that pokes it. It shares no code with the driver.

use eg_hal::prelude::*;
use eg_hal::sim::SpiChip;

/// The chip. Name the section of the datasheet that each command comes from.
#[derive(Default)]
pub(crate) struct Chip {
    inputs: u8,
    outputs: u8,
    enabled: u8,
    /// Bytes that came since the chip was selected.
    taken: Vec<u8>,
}

impl Chip {
    /// Puts a chip on a chip select, and returns the handle by which a hand pokes it.
    pub(crate) fn attach(bench: &Bench, select: &SpiName) -> SharedChip<Self> {
        let chip = SharedChip::new(Self::default());
        bench.attach_spi(select, chip.clone());
        chip
    }
}

impl SpiChip for Chip {
    fn select(&mut self) {
        self.taken.clear();
    }

    fn exchange(&mut self, byte: u8) -> u8 {
        let answer = match self.taken[..] {
            [0x01] => self.inputs,
            [0x01, _] => self.enabled,
            _ => 0,
        };
        self.taken.push(byte);
        answer
    }

    fn deselect(&mut self) {
        match self.taken[..] {
            [0x02, levels] => self.outputs = levels,
            [0x03, enabled] => self.enabled = enabled,
            _ => {}
        }
    }

    fn power_on(&mut self) {
        (self.outputs, self.enabled) = (0, 0);
    }
}

/// A hand at the inputs, and an eye before the outputs.
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
