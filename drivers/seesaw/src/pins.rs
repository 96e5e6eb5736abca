//! Keys that have a pin each, to ground.

use crate::Console;
use crate::bus_chip::BusChip;
use crate::chip::Register;
use eg_hal::prelude::*;

const CALL_ON_CHANGE: Register = [0x01, 0x08];

/// The keys of a console.
pub(crate) struct Pins {
    pins: &'static [u8],
    levels: LevelTracker,
}

impl Pins {
    pub(crate) fn set_up(
        chip: &mut BusChip,
        console: Console,
        calls: bool,
    ) -> Result<Self, DeviceError> {
        let pins = console.pins();
        let all: u32 = pins.iter().fold(0, |all, pin| all | 1 << pin);
        chip.pull_up(all)?;
        if calls {
            chip.write(CALL_ON_CHANGE, &all.to_be_bytes())?;
        }
        Ok(Self { pins, levels: LevelTracker::default() })
    }

    /// Tells the keys that moved: a key that is down is high, and its pin is low.
    pub(crate) fn tell(
        &mut self,
        chip: &mut BusChip,
        trigger: Trigger,
        readings: &mut Readings,
    ) -> Result<(), DeviceError> {
        let down = !chip.levels()?;
        let levels = self.pins.iter().map(|pin| down >> pin & 1 == 1);
        self.levels.report(levels, trigger, readings);
        Ok(())
    }
}
