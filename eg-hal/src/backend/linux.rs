//! The kernel's own devices: gpiochips, i2c-dev, spidev, ttys and evdev.

use super::{Backend, I2cPort, InputPort, KeyPort, OutputPort, SerialPipe, SpiPort};
use crate::{BoardError, BusName, LineName, Moment, PortName, Pull, SpiName, SpiWant, clock};

/// This machine's hardware, through the kernel.
#[derive(Clone, Copy, Debug, Default)]
pub struct Linux;

impl Linux {
    /// Opens nothing yet.
    pub fn new() -> Self {
        Self
    }
}

impl Backend for Linux {
    fn name(&self) -> &'static str {
        "linux"
    }

    fn simulated(&self) -> bool {
        false
    }

    fn now(&self) -> Moment {
        clock::now()
    }

    fn input(&self, _: &LineName, _: Pull, _: &str) -> Result<Box<dyn InputPort>, BoardError> {
        Err(BoardError::Unsupported { backend: "linux", what: "lines" })
    }

    fn output(&self, _: &LineName, _: bool, _: &str) -> Result<Box<dyn OutputPort>, BoardError> {
        Err(BoardError::Unsupported { backend: "linux", what: "lines" })
    }

    fn i2c(&self, _: &BusName) -> Result<Box<dyn I2cPort>, BoardError> {
        Err(BoardError::Unsupported { backend: "linux", what: "I2C" })
    }

    fn spi(&self, _: &SpiName, _: SpiWant) -> Result<Box<dyn SpiPort>, BoardError> {
        Err(BoardError::Unsupported { backend: "linux", what: "SPI" })
    }

    fn serial(&self, _: &PortName, _: u32) -> Result<Box<dyn SerialPipe>, BoardError> {
        Err(BoardError::Unsupported { backend: "linux", what: "serial ports" })
    }

    fn keys(&self, _: &PortName, _: bool) -> Result<Box<dyn KeyPort>, BoardError> {
        Err(BoardError::Unsupported { backend: "linux", what: "keyboards" })
    }
}
