//! The chip through the crate of its name: how it is set up, and how its queue is emptied.

use embedded_hal::i2c::I2c;
use tca8418_chip::{Config, InterruptFlags, Key, PinMask, Tca8418};

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

/// Events of the queue, oldest first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Events {
    pub(crate) keys: Vec<Moved>,
    /// `true` if others came before these and did not fit.
    pub(crate) lost: bool,
}

/// Failure of a transfer, or of the chip. `E` is that of the bus.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Error<E> {
    /// A transfer failed.
    Bus(E),
    /// The chip has other settings than it was given; its CFG holds this.
    Settings(u8),
}

impl<E> From<tca8418_chip::Error<E>> for Error<E> {
    fn from(tca8418_chip::Error::I2c(error): tca8418_chip::Error<E>) -> Self {
        Self::Bus(error)
    }
}

/// A chip that was set up.
pub(crate) struct Chip<I> {
    chip: Tca8418<I>,
    columns: u8,
}

impl<I: I2c> Chip<I> {
    /// Empties the queue of whatever happened before, and scans from ROW0 and COL0 on.
    pub(crate) fn set_up(i2c: I, rows: u8, columns: u8) -> Result<Self, Error<I::Error>> {
        let mut chip = Tca8418::new(i2c);
        chip.set_config_raw(0)?;
        chip.configure_keypad(PinMask::NONE)?;
        chip.events()?;
        chip.clear_all_interrupts()?;
        chip.set_config_raw(SETTINGS)?;
        let first = |count: u8| u16::MAX >> (16 - count);
        let rows = PinMask::rows(first(rows).to_le_bytes()[0]);
        chip.configure_keypad(rows | PinMask::cols(first(columns)))?;
        Ok(Self { chip, columns })
    }

    /// Takes the events out of the queue, and answers the call.
    pub(crate) fn events(&mut self) -> Result<Events, Error<I::Error>> {
        let settings = self.chip.read_config_raw()?;
        if settings != SETTINGS {
            return Err(Error::Settings(settings));
        }
        let mut events = Events::default();
        let status = self.chip.interrupt_status()?;
        if status.is_empty() {
            return Ok(events);
        }
        events.lost = status.contains(InterruptFlags::OVR_FLOW_INT);
        for event in self.chip.events()? {
            if let Key::KeypadMatrix(key) = event.key
                && key.col < self.columns
            {
                events.keys.push(Moved { row: key.row, column: key.col, down: event.pressed });
            }
        }
        // The queue is empty first: before, K_INT would stay. What came since calls again.
        self.chip.clear_interrupts(status)?;
        Ok(events)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use embedded_hal_mock::eh1::i2c::{Mock, Transaction};

    #[test]
    fn settings_of_power_on_are_told_from_those_it_was_given() {
        let mut i2c = Mock::new(&[Transaction::write_read(0x34, vec![0x01], vec![0x00])]);
        let mut chip = Chip { chip: Tca8418::new(i2c.clone()), columns: 10 };

        assert_eq!(chip.events(), Err(Error::Settings(0x00)));
        i2c.done();
    }

    #[test]
    fn a_chip_without_news_is_not_asked_for_events() {
        let mut i2c = Mock::new(&[
            Transaction::write_read(0x34, vec![0x01], vec![SETTINGS]),
            Transaction::write_read(0x34, vec![0x02], vec![0x00]),
        ]);
        let mut chip = Chip { chip: Tca8418::new(i2c.clone()), columns: 10 };

        assert_eq!(chip.events(), Ok(Events::default()));
        i2c.done();
    }
}
