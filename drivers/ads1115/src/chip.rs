//! The registers of an ADS1115 (SBAS444D, section 9.6): one conversion after the other, each on the pin that is asked for.

use crate::pin::Pin;
use crate::setting::{Range, Rate};
use eg_hal::prelude::*;
use std::time::Duration;

const CONVERSION: u8 = 0x00;
const CONFIG: u8 = 0x01;

/// Written: starts a conversion. Read: none is under way.
const OS: u16 = 0x8000;
/// One conversion, then sleep.
const SINGLE_SHOT: u16 = 0x0100;
/// ALERT/RDY stays open.
const NO_COMPARATOR: u16 = 0x0003;

/// Looks at a conversion that is not over. Its end is due before the first.
const LOOKS: u8 = 4;

/// A chip that converts.
pub(crate) struct Chip {
    bus: I2cBus,
    address: u8,
    range: Range,
    rate: Rate,
    /// What was written to CONFIG.
    asked: u16,
    looks: u8,
}

impl Chip {
    pub(crate) fn new(bus: I2cBus, address: u8, range: Range, rate: Rate) -> Self {
        Self { bus, address, range, rate, asked: 0, looks: 0 }
    }

    /// How long a conversion takes at most: the rate is true to a tenth (section 7.5), waking up takes 25 µs (9.4.2.1).
    pub(crate) fn conversion(&self) -> Duration {
        Duration::from_secs(1).mul_f64(1.1 / self.rate.per_second()) + Duration::from_micros(25)
    }

    /// Begins a conversion.
    pub(crate) fn start(&mut self, pin: Pin) -> Result<(), DeviceError> {
        let settings = pin.mux() << 12 | self.range.pga() << 9 | self.rate.dr() << 5;
        self.asked = OS | SINGLE_SHOT | NO_COMPARATOR | settings;
        self.looks = 0;
        let [high, low] = self.asked.to_be_bytes();
        Ok(self.bus.write(self.address, &[CONFIG, high, low])?)
    }

    /// What the conversion found, in volts; `None` while it is under way.
    pub(crate) fn volts(&mut self) -> Result<Option<f64>, DeviceError> {
        let config = self.register(CONFIG)?;
        if config | OS != self.asked {
            let found =
                format!("config {config:#06x}: it lost its supply, or another driver has it");
            return Err(DeviceError::Unexpected { expected: "the settings it was given", found });
        }
        if config & OS == 0 {
            self.looks += 1;
            if self.looks == LOOKS {
                let found = format!("none after {LOOKS} looks");
                return Err(DeviceError::Unexpected { expected: "a conversion in time", found });
            }
            return Ok(None);
        }
        let code = self.register(CONVERSION)?.cast_signed();
        Ok(Some(f64::from(code) * self.range.volts() / 32768.0))
    }

    fn register(&mut self, register: u8) -> Result<u16, DeviceError> {
        let mut bytes = [0; 2];
        self.bus.write_read(self.address, &[register], &mut bytes)?;
        Ok(u16::from_be_bytes(bytes))
    }
}
