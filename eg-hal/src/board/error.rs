//! What boards refuse and how lines, buses and ports fail.

use super::Resource;
use embedded_hal::{digital, i2c, pwm, spi};

/// Why the board did not hand something out.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum BoardError {
    /// The board has no such thing.
    #[error("no {kind} called {name:?}; this board has {known}")]
    Unknown {
        /// `line`, `I2C bus`, `chip select`, `port` or `keyboard`.
        kind: &'static str,
        /// What was asked for.
        name: String,
        /// What would have worked, comma-separated.
        known: String,
    },
    /// Another device holds it.
    #[error("{what} is already held by {holder}")]
    Taken {
        /// The contested thing.
        what: Resource,
        /// Who has it.
        holder: String,
    },
    /// The operating system refused.
    #[error("cannot open {what}: {cause}")]
    Refused {
        /// What was to be opened.
        what: String,
        /// Why, in the system's words, and what would help where that is known.
        cause: String,
    },
    /// This backend has no such thing at all.
    #[error("the {backend} backend has no {what}")]
    Unsupported {
        /// The backend's name.
        backend: &'static str,
        /// What was asked for.
        what: &'static str,
    },
}

/// A GPIO line failed after it was claimed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {cause}")]
pub struct LineError {
    /// Which line.
    pub line: String,
    /// What the system said.
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
    /// Which bus.
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
#[error("{slot}: {cause}")]
pub struct SpiError {
    /// Which chip select.
    pub slot: String,
    /// What the system said.
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
    /// Which port.
    pub port: String,
    /// What the system said; `hung up` when it went away.
    pub cause: String,
}

/// A keyboard failed or went away.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("keyboard {keyboard}: {cause}")]
pub struct KeyError {
    /// Which keyboard.
    pub keyboard: String,
    /// What the system said; `hung up` when it went away.
    pub cause: String,
}
