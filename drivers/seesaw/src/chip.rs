//! The chip: a microcontroller with Adafruit's firmware, told apart from others by its hardware id. Registers have two
//! bytes, a module and a function in it.

use crate::Console;
use eg_hal::Delay;
use eg_hal::prelude::*;
use embedded_hal::delay::DelayNs;

/// Register: a function of a module.
pub(crate) type Register = [u8; 2];

const RESET: Register = [0x00, 0x7f];
const HARDWARE: Register = [0x00, 0x01];
const VERSION: Register = [0x00, 0x02];
const TO_INPUTS: Register = [0x01, 0x03];
const LEVELS: Register = [0x01, 0x04];
const SET_HIGH: Register = [0x01, 0x05];
const PULL: Register = [0x01, 0x0b];

/// The firmware needs so long to make an answer ready, or to take what it was told. Without the pause it would hold the
/// clock line, which the controller of a Pi does not stand.
const PAUSE_US: u32 = 250;
/// After a reset it is deaf for so long, and is asked so often whether it hears again.
const BOOTS_US: u32 = 10_000;
const TRIES: u32 = 10;

/// A chip that was reset and is what it should be.
pub(crate) struct Chip {
    bus: I2cBus,
    address: u8,
    delay: Delay,
    /// The pins that are held high as a mark. A chip that restarts lets go of them.
    mark: u32,
}

impl Chip {
    /// Resets it, and makes sure of what it is.
    pub(crate) fn reset(
        bus: I2cBus,
        address: u8,
        delay: Delay,
        console: Console,
    ) -> Result<Self, DeviceError> {
        let mut chip = Self { bus, address, delay, mark: 0 };
        chip.write(RESET, &[0xff])?;
        let mut tries = TRIES;
        let hardware = loop {
            chip.delay.delay_us(BOOTS_US);
            tries -= 1;
            match chip.read::<1>(HARDWARE) {
                Ok([hardware]) => break hardware,
                Err(error) if tries == 0 => return Err(error),
                Err(_) => {}
            }
        };
        if !matches!(hardware, 0x55 | 0x84..=0x89) {
            let found = format!("hardware id {hardware:#04x}");
            let expected = "a seesaw, hardware id 0x55 or 0x84 to 0x89";
            return Err(DeviceError::Unexpected { expected, found });
        }
        let [high, low, ..] = chip.read::<4>(VERSION)?;
        let product = u16::from_be_bytes([high, low]);
        if let Some(other) =
            Console::ALL.into_iter().find(|other| *other != console && other.product() == product)
        {
            let found = format!("that it is {}, product {product}", other.name());
            return Err(DeviceError::Unexpected { expected: console.name(), found });
        }
        chip.set_mark(console.free())?;
        Ok(chip)
    }

    /// Holds those of the free pins high that were low before: only they tell anything.
    fn set_mark(&mut self, free: u32) -> Result<(), DeviceError> {
        let before = self.levels()?;
        self.pull_up(free)?;
        self.mark = self.levels()? & !before & free;
        Ok(())
    }

    /// Makes these pins inputs and holds them high.
    pub(crate) fn pull_up(&mut self, pins: u32) -> Result<(), DeviceError> {
        for register in [TO_INPUTS, PULL, SET_HIGH] {
            self.write(register, &pins.to_be_bytes())?;
        }
        Ok(())
    }

    /// The level of every pin: bit n is pin n. Reading them answers the call.
    pub(crate) fn levels(&mut self) -> Result<u32, DeviceError> {
        let levels = u32::from_be_bytes(self.read(LEVELS)?);
        if levels & self.mark != self.mark {
            let found = format!("pins {levels:#010x}: it restarted, perhaps without supply");
            return Err(DeviceError::Unexpected { expected: "the settings it was given", found });
        }
        Ok(levels)
    }

    pub(crate) fn read<const N: usize>(
        &mut self,
        register: Register,
    ) -> Result<[u8; N], DeviceError> {
        let mut bytes = [0; N];
        self.read_into(register, &mut bytes)?;
        Ok(bytes)
    }

    pub(crate) fn read_into(
        &mut self,
        register: Register,
        bytes: &mut [u8],
    ) -> Result<(), DeviceError> {
        self.bus.write(self.address, &register)?;
        self.delay.delay_us(PAUSE_US);
        self.bus.read(self.address, bytes)?;
        Ok(())
    }

    pub(crate) fn write(&mut self, register: Register, bytes: &[u8]) -> Result<(), DeviceError> {
        let mut frame = register.to_vec();
        frame.extend_from_slice(bytes);
        self.bus.write(self.address, &frame)?;
        self.delay.delay_us(PAUSE_US);
        Ok(())
    }

    pub(crate) fn pause_us(&mut self, span: u32) {
        self.delay.delay_us(span);
    }
}
