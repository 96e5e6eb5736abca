//! The chip through the crate of its name: how it is set up, and how its queue is emptied.

use eg_hal::BusError;
use eg_hal::prelude::*;
use tca8418_chip::{Config, Error, InterruptFlags, Key, PinMask, Tca8418};

/// Calls for key events and for an overflow; the queue keeps the newest events; INT rises for 50 µs after each answer, so
/// that another call makes an edge (SCPS215G, section 8.6.2.1).
const SETTINGS: u8 = Config::KE_IEN | Config::OVR_FLOW_IEN | Config::OVR_FLOW_M | Config::INT_CFG;
/// A key that moved.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Moved {
    pub(crate) row: u8,
    pub(crate) column: u8,
    pub(crate) down: bool,
}

/// What the queue held, oldest first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Events {
    pub(crate) keys: Vec<Moved>,
    /// Some came before these and did not fit.
    pub(crate) lost: bool,
}

/// A chip that was set up.
pub(crate) struct Chip {
    chip: Tca8418<I2cBus>,
    columns: u8,
}

impl Chip {
    /// Empties the queue of whatever happened before, and scans from ROW0 and COL0 on.
    pub(crate) fn set_up(bus: I2cBus, rows: u8, columns: u8) -> Result<Self, DeviceError> {
        let mut chip = Tca8418::new(bus);
        chip.set_config_raw(0).map_err(failed)?;
        chip.configure_keypad(PinMask::NONE).map_err(failed)?;
        chip.events().map_err(failed)?;
        chip.clear_all_interrupts().map_err(failed)?;
        chip.set_config_raw(SETTINGS).map_err(failed)?;
        let first = |count: u8| u16::MAX >> (16 - count);
        let rows = PinMask::rows(first(rows).to_le_bytes()[0]);
        chip.configure_keypad(rows | PinMask::cols(first(columns))).map_err(failed)?;
        Ok(Self { chip, columns })
    }

    /// Takes the events out of the queue, and answers the call.
    pub(crate) fn events(&mut self) -> Result<Events, DeviceError> {
        let settings = self.chip.read_config_raw().map_err(failed)?;
        if settings != SETTINGS {
            let found = format!("CFG {settings:#04x}: it lost its supply");
            return Err(DeviceError::Unexpected { expected: "the settings it was given", found });
        }
        let mut events = Events::default();
        let status = self.chip.interrupt_status().map_err(failed)?;
        if status.is_empty() {
            return Ok(events);
        }
        events.lost = status.contains(InterruptFlags::OVR_FLOW_INT);
        for event in self.chip.events().map_err(failed)? {
            if let Key::KeypadMatrix(key) = event.key
                && key.col < self.columns
            {
                events.keys.push(Moved { row: key.row, column: key.col, down: event.pressed });
            }
        }
        // The queue is empty first: before, K_INT would stay. What came since calls again.
        self.chip.clear_interrupts(status).map_err(failed)?;
        Ok(events)
    }
}

fn failed(Error::I2c(error): Error<BusError>) -> DeviceError {
    error.into()
}
