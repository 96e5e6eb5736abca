//! Hardware that a device holds, as claims and refusals name it.

use super::{BusName, LineName, PortName, SpiName};
use std::fmt;

/// Something that only one device may hold.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Resource {
    /// A GPIO line.
    Line(LineName),
    /// One seven-bit address on an I2C bus.
    Address(BusName, u8),
    /// A chip select of an SPI bus.
    Spi(SpiName),
    /// A serial port or a keyboard.
    Port(PortName),
}

impl fmt::Display for Resource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Line(line) => write!(f, "line {line}"),
            Self::Address(bus, address) => write!(f, "address {address:#04x} on {bus}"),
            Self::Spi(select) => write!(f, "chip select {select}"),
            Self::Port(port) => write!(f, "port {port}"),
        }
    }
}
