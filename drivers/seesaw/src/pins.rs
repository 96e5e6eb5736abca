//! Keys that have a pin each, to ground.

use crate::Console;
use crate::chip::{Chip, Register};
use eg_hal::Edge;
use eg_hal::prelude::*;

const CALL_ON_CHANGE: Register = [0x01, 0x08];

/// The keys of a console.
pub(crate) struct Pins {
    pins: &'static [u8],
    /// The pins that were low when it was last told; none before the first read.
    told: Option<u32>,
}

impl Pins {
    pub(crate) fn set_up(
        chip: &mut Chip,
        console: Console,
        calls: bool,
    ) -> Result<Self, DeviceError> {
        let pins = console.pins();
        let all: u32 = pins.iter().fold(0, |all, pin| all | 1 << pin);
        chip.pull_up(all)?;
        if calls {
            chip.write(CALL_ON_CHANGE, &all.to_be_bytes())?;
        }
        Ok(Self { pins, told: None })
    }

    /// Tells the keys that moved: a key that is down is high, and its pin is low.
    pub(crate) fn tell(
        &mut self,
        chip: &mut Chip,
        call: Option<Edge>,
        readings: &mut Readings,
    ) -> Result<(), DeviceError> {
        let down = !chip.levels()?;
        let changed = self.told.map_or(u32::MAX, |told| told ^ down);
        for (channel, pin) in (0..).zip(self.pins) {
            let high = down >> pin & 1 == 1;
            match call {
                _ if changed >> pin & 1 == 0 => {}
                Some(edge) if self.told.is_some() => readings.edge(channel, Edge { high, ..edge }),
                _ => readings.level(channel, high),
            }
        }
        self.told = Some(down);
        Ok(())
    }
}
