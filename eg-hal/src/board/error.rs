//! Errors of boards, lines, buses and ports.

use super::Resource;
use embedded_hal::{digital, i2c, pwm, spi};

/// Error of a board that did not hand something out.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum BoardError {
    /// The board has no such thing.
    #[error("no {kind} called {name:?}; this board has {known}")]
    Unknown {
        /// `line`, `I2C bus`, `chip select`, `port` or `keyboard`.
        kind: &'static str,
        /// Name that was asked for.
        name: String,
        /// Names that would have worked, comma-separated.
        known: String,
    },
    /// Another device holds it.
    #[error("{what} is already held by {holder}")]
    Taken {
        /// The contested thing.
        what: Resource,
        /// Holder of the claim, e.g. `slot-01/panel`.
        holder: String,
    },
    /// The operating system refused.
    #[error("cannot open {what}: {cause}")]
    Refused {
        /// Thing that was to be opened.
        what: String,
        /// Cause in the system's words, and a remedy where one is known.
        cause: String,
    },
    /// This backend has no such thing at all.
    #[error("the {backend} backend has no {what}")]
    Unsupported {
        /// The backend's name.
        backend: &'static str,
        /// Kind of thing that was asked for.
        what: &'static str,
    },
}

/// A GPIO line failed after it was claimed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {cause}")]
pub struct LineError {
    /// Name of the line.
    pub line: String,
    /// Cause in the system's words.
    pub cause: String,
}

impl LineError {
    /// A duty cycle was asked of a line that is high or low.
    pub(crate) fn no_pwm(line: &str) -> Self {
        Self { line: line.to_owned(), cause: "it has no PWM: it is high or low".to_owned() }
    }
}

impl digital::Error for LineError {
    fn kind(&self) -> digital::ErrorKind {
        digital::ErrorKind::Other
    }
}

impl pwm::Error for LineError {
    fn kind(&self) -> pwm::ErrorKind {
        pwm::ErrorKind::Other
    }
}

/// An I2C transfer failed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{bus} address {address:#04x}: {}", cause(*kind, *claimed))]
pub struct BusError {
    /// Name of the bus.
    pub bus: String,
    /// The seven-bit address.
    pub address: u8,
    /// The embedded-hal category. The Pi's `EREMOTEIO` is `NoAcknowledge`.
    pub kind: i2c::ErrorKind,
    /// The address that the device holds, when it addressed another one: then nothing was sent.
    pub claimed: Option<u8>,
}

fn cause(kind: i2c::ErrorKind, claimed: Option<u8>) -> String {
    claimed.map_or_else(
        || kind.to_string(),
        |own| format!("not claimed by this device, which holds {own:#04x} there"),
    )
}

impl i2c::Error for BusError {
    fn kind(&self) -> i2c::ErrorKind {
        self.kind
    }
}

/// An SPI transfer failed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{select}: {cause}")]
pub struct SpiError {
    /// Name of the chip select.
    pub select: String,
    /// Cause in the system's words.
    pub cause: String,
}

impl spi::Error for SpiError {
    fn kind(&self) -> spi::ErrorKind {
        spi::ErrorKind::Other
    }
}

/// A serial port failed or went away.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("port {port}: {cause}")]
pub struct SerialError {
    /// Name of the port.
    pub port: String,
    /// Cause in the system's words; `hung up` when the port went away.
    pub cause: String,
}

/// A keyboard failed or went away.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("keyboard {keyboard}: {cause}")]
pub struct KeyError {
    /// Name of the keyboard.
    pub keyboard: String,
    /// Cause in the system's words; `hung up` when the keyboard went away.
    pub cause: String,
}
