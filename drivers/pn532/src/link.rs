//! The way to the chip (UM0701-02, section 6.2.4): each read begins with a byte that says whether there is something to read.

use eg_hal::prelude::*;
use eg_hal::{BusError, Delay};
use embedded_hal::delay::DelayNs;
use embedded_hal::i2c::{ErrorKind, Operation};
use pn532_chip::Interface;
use pn532_chip::i2c::{I2C_ADDRESS, PN532_I2C_READY};
use std::task::Poll;

/// A chip that wakes or works may not acknowledge at once: Linux waits 6 to 10 ms before it tries again (pn533/i2c.c), libnfc
/// 5 ms.
const TRIES: u32 = 4;
const PAUSE_MS: u32 = 6;

/// The bus, with a little patience.
pub(crate) struct Link {
    pub(crate) bus: I2cBus,
    pub(crate) delay: Delay,
}

impl Link {
    fn patiently<T>(
        &mut self,
        mut transfer: impl FnMut(&mut I2cBus) -> Result<T, BusError>,
    ) -> Result<T, BusError> {
        for _ in 1..TRIES {
            match transfer(&mut self.bus) {
                Err(BusError { kind: ErrorKind::NoAcknowledge(_), .. }) => {
                    self.delay.delay_ms(PAUSE_MS);
                }
                done => return done,
            }
        }
        transfer(&mut self.bus)
    }
}

impl Interface for Link {
    type Error = BusError;

    fn write(&mut self, frame: &mut [u8]) -> Result<(), BusError> {
        self.patiently(|bus| bus.write(I2C_ADDRESS, frame))
    }

    fn wait_ready(&mut self) -> Poll<Result<(), BusError>> {
        let mut status = [0];
        match self.patiently(|bus| bus.read(I2C_ADDRESS, &mut status)) {
            Ok(()) if status[0] & PN532_I2C_READY == 0 => Poll::Pending,
            done => Poll::Ready(done),
        }
    }

    fn read(&mut self, frame: &mut [u8]) -> Result<(), BusError> {
        let mut operations = [Operation::Read(&mut [0]), Operation::Read(frame)];
        self.bus.transaction(I2C_ADDRESS, &mut operations)
    }
}
