//! The registers of an ADS1115 (SBAS444D, section 9.6): one conversion after the other, each on the pin that is asked for.

use crate::pin::Pin;
use crate::setting::{Range, Rate};
use embedded_hal::i2c::I2c;
use std::time::Duration;

const CONVERSION: u8 = 0x00;
const CONFIG: u8 = 0x01;

/// Written: starts a conversion. Read: none is under way.
const OS: u16 = 0x8000;
/// One conversion, then sleep.
const SINGLE_SHOT: u16 = 0x0100;
/// ALERT/RDY stays open.
const NO_COMPARATOR: u16 = 0x0003;

/// Most looks at a conversion that is not over. Its end is due before the first.
pub(crate) const LOOKS: u8 = 4;

/// Failure of a conversion. `E` is that of the bus.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Error<E> {
    /// A transfer failed.
    Bus(E),
    /// The config register holds this instead of what was written.
    Settings(u16),
    /// The conversion was not over after [`LOOKS`] looks.
    Late,
}

impl<E> From<E> for Error<E> {
    fn from(error: E) -> Self {
        Self::Bus(error)
    }
}

/// A chip that converts.
pub(crate) struct Chip<I> {
    i2c: I,
    address: u8,
    range: Range,
    rate: Rate,
    /// Value that was written to CONFIG.
    asked: u16,
    looks: u8,
}

impl<I: I2c> Chip<I> {
    pub(crate) fn new(i2c: I, address: u8, range: Range, rate: Rate) -> Self {
        Self { i2c, address, range, rate, asked: 0, looks: 0 }
    }

    /// Longest time of a conversion: the rate is true to a tenth (section 7.5), waking up takes 25 µs (9.4.2.1).
    pub(crate) fn conversion(&self) -> Duration {
        Duration::from_secs(1).mul_f64(1.1 / self.rate.per_second()) + Duration::from_micros(25)
    }

    /// Begins a conversion.
    pub(crate) fn start(&mut self, pin: Pin) -> Result<(), Error<I::Error>> {
        let settings = pin.mux() << 12 | self.range.pga() << 9 | self.rate.dr() << 5;
        self.asked = OS | SINGLE_SHOT | NO_COMPARATOR | settings;
        self.looks = 0;
        let [high, low] = self.asked.to_be_bytes();
        Ok(self.i2c.write(self.address, &[CONFIG, high, low])?)
    }

    /// Reads what the conversion found, in volts; `None` while it is under way.
    pub(crate) fn volts(&mut self) -> Result<Option<f64>, Error<I::Error>> {
        let config = self.register(CONFIG)?;
        if config | OS != self.asked {
            return Err(Error::Settings(config));
        }
        if config & OS == 0 {
            self.looks += 1;
            return if self.looks == LOOKS { Err(Error::Late) } else { Ok(None) };
        }
        let code = self.register(CONVERSION)?.cast_signed();
        Ok(Some(f64::from(code) * self.range.volts() / 32768.0))
    }

    fn register(&mut self, register: u8) -> Result<u16, I::Error> {
        let mut bytes = [0; 2];
        self.i2c.write_read(self.address, &[register], &mut bytes)?;
        Ok(u16::from_be_bytes(bytes))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use embedded_hal_mock::eh1::i2c::{Mock, Transaction};

    /// A1 against ground, ±4.096 V, 250 a second.
    const START: [u8; 3] = [0x01, 0xd3, 0xa3];

    fn read(register: u8, bytes: [u8; 2]) -> Transaction {
        Transaction::write_read(0x48, vec![register], bytes.to_vec())
    }

    fn started(then: &[Transaction]) -> Chip<Mock> {
        let mut all = vec![Transaction::write(0x48, START.to_vec())];
        all.extend_from_slice(then);
        let mut chip = Chip::new(Mock::new(&all), 0x48, Range::V4, Rate::Hz250);
        chip.start(Pin::A1).unwrap();
        chip
    }

    #[test]
    fn a_conversion_is_read_once_it_is_over() {
        let mut chip =
            started(&[read(1, [0x53, 0xa3]), read(1, [0xd3, 0xa3]), read(0, [0x40, 0x00])]);

        assert_eq!(chip.volts(), Ok(None));
        assert_eq!(chip.volts(), Ok(Some(2.048)));
        chip.i2c.done();
    }

    #[test]
    fn settings_of_power_on_are_told_from_those_it_was_given() {
        let mut chip = started(&[read(1, [0x85, 0x83])]);

        assert_eq!(chip.volts(), Err(Error::Settings(0x8583)));
        chip.i2c.done();
    }
}
