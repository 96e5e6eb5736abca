//! Places at which a board can be found.

use std::ops::RangeInclusive;

/// A place at which a board of a driver can answer, as its datasheet has it. `eg-agent scan` names likely boards by it.
///
/// ```
/// use eg_hal::{Attachment, Port};
///
/// const EXPANDERS: &[Attachment] = &[
///     Attachment::i2c("PCF8574", 0x20..=0x27),
///     Attachment::i2c("PCF8574A", 0x38..=0x3f),
/// ];
///
/// assert!(EXPANDERS[1].has_address(0x3f));
/// assert_eq!(EXPANDERS[0].port, Port::I2c(0x20..=0x27));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attachment {
    /// Name of the chip or of the board for people, e.g. `PCF8574A`.
    pub chip: &'static str,
    /// Port of the machine that the board is on.
    pub port: Port,
    /// Settings of `config:` that this board needs beside its place, in YAML of one line: `console: neokey`. Empty where
    /// the defaults of the driver are enough.
    pub config: &'static str,
}

/// A port of the machine that boards are found on.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Port {
    /// An I2C bus, with the seven-bit addresses that the chip's pins can give it. Its bus is `bus:` in `config:`, its
    /// address `address:` where the driver has that setting.
    I2c(RangeInclusive<u8>),
    /// A chip select of an SPI bus, `select:` in `config:`.
    Spi,
    /// A serial port, `port:` in `config:`.
    Serial,
    /// A keyboard, or what calls itself one, `keyboard:` in `config:`.
    Keyboard,
}

impl Attachment {
    /// A chip on an I2C bus, at one of these addresses.
    pub const fn i2c(chip: &'static str, addresses: RangeInclusive<u8>) -> Self {
        Self { chip, port: Port::I2c(addresses), config: "" }
    }

    /// A chip at a chip select of an SPI bus.
    pub const fn spi(chip: &'static str) -> Self {
        Self { chip, port: Port::Spi, config: "" }
    }

    /// A board on a serial port.
    pub const fn serial(chip: &'static str) -> Self {
        Self { chip, port: Port::Serial, config: "" }
    }

    /// A keyboard.
    pub const fn keyboard(chip: &'static str) -> Self {
        Self { chip, port: Port::Keyboard, config: "" }
    }

    /// The same board with settings that its driver needs, in YAML of one line.
    #[must_use]
    pub const fn with(mut self, config: &'static str) -> Self {
        self.config = config;
        self
    }

    /// Tells whether the board may have this address of an I2C bus.
    pub fn has_address(&self, address: u8) -> bool {
        matches!(&self.port, Port::I2c(addresses) if addresses.contains(&address))
    }
}
