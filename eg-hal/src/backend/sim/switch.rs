//! A TCA9548A, after its datasheet (SCPS207): one control register, whose bit n connects channel n. It is all zeros
//! after power-on: no channel is open.

use super::{I2cChip, Nack};

/// The chip, as it stands at 0x70 to 0x77.
#[derive(Debug, Default)]
pub(super) struct SwitchChip {
    control: u8,
}

impl SwitchChip {
    /// The channels that are connected, from 0.
    pub(super) fn open(&self) -> impl Iterator<Item = u8> + use<> {
        let control = self.control;
        (0..8).filter(move |channel| control >> channel & 1 == 1)
    }
}

impl I2cChip for SwitchChip {
    /// Of several bytes the last one counts (section 8.5.2).
    fn write(&mut self, bytes: &[u8]) -> Result<(), Nack> {
        self.control = bytes.last().copied().unwrap_or(self.control);
        Ok(())
    }

    fn read(&mut self, bytes: &mut [u8]) -> Result<(), Nack> {
        bytes.fill(self.control);
        Ok(())
    }

    fn power_on(&mut self) {
        self.control = 0;
    }
}
