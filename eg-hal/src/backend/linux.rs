//! The kernel's own devices: gpiochips, i2c-dev, spidev, ttys and evdev.

mod bus;
mod chips;
mod error;
mod joined;
mod keys;
pub(super) mod line;
mod serial;

use super::{Backend, I2cPort, InputPort, KeyPort, OutputPort, SerialPipe, SpiPort};
use crate::{
    BoardError, BusName, InputConfig, LineName, Moment, OutputConfig, PortName, SpiConfig, SpiName,
    clock,
};

/// Tells whether a GPIO chip with this label is that of a Pi's header, whose line n is `GPIOn`.
pub fn is_pi_header(label: &str) -> bool {
    chips::HEADERS.contains(&label)
}

/// This machine's hardware, through the kernel.
///
/// Lines are found by name (`GPIO5`), by chip and offset (`pinctrl-bcm2711:5`, `gpiochip0:5`), and on a Pi whose kernel
/// names its lines otherwise `GPIO5` is still the fifth line of the header's chip. Levels are physical: active-low is
/// never asked of the kernel.
#[derive(Clone, Copy, Debug, Default)]
pub struct Linux;

impl Linux {
    /// Opens nothing yet: each port is opened when a driver asks for it.
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

    fn input(
        &self,
        line: &LineName,
        config: InputConfig,
        consumer: &str,
    ) -> Result<Box<dyn InputPort>, BoardError> {
        Ok(Box::new(line::GpioInput::open(line, config, consumer)?))
    }

    fn output(
        &self,
        line: &LineName,
        config: OutputConfig,
        consumer: &str,
    ) -> Result<Box<dyn OutputPort>, BoardError> {
        Ok(Box::new(line::GpioOutput::open(line, config, consumer)?))
    }

    fn i2c(&self, bus: &BusName) -> Result<Box<dyn I2cPort>, BoardError> {
        Ok(Box::new(bus::I2c::open(bus)?))
    }

    fn spi(&self, select: &SpiName, config: SpiConfig) -> Result<Box<dyn SpiPort>, BoardError> {
        Ok(Box::new(bus::Spi::open(select, config, true)?))
    }

    fn spi_bus(&self, select: &SpiName, config: SpiConfig) -> Result<Box<dyn SpiPort>, BoardError> {
        Ok(Box::new(bus::Spi::open(select, config, false)?))
    }

    fn serial(&self, port: &PortName, baud: u32) -> Result<Box<dyn SerialPipe>, BoardError> {
        Ok(Box::new(serial::Tty::open(port, baud)?))
    }

    fn keys(&self, keyboard: &PortName, grab: bool) -> Result<Box<dyn KeyPort>, BoardError> {
        Ok(Box::new(keys::Evdev::open(keyboard, grab)?))
    }
}
