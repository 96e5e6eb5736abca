//! Errors of devices, while they open and afterwards.

use super::Output;
use crate::{BoardError, BusError, KeyError, LineError, SerialError, SpiError};
use eg_config::{KeyPath, SettingProblems};

/// Error of a device that could not be opened.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum OpenError {
    /// Settings that their shape allows but this device cannot have, each with its path in `config:`. Several are best
    /// given to [`Board::refuse`](crate::Board::refuse).
    #[error(transparent)]
    Settings(#[from] SettingProblems),
    /// The board refused a line, bus or port.
    #[error(transparent)]
    Board(#[from] BoardError),
    /// The device did not answer as its datasheet says.
    #[error(transparent)]
    Device(#[from] DeviceError),
}

impl OpenError {
    /// One setting: the field of `config:`, or the path to a value in it, and what is wrong and what would work.
    pub fn setting(path: impl Into<KeyPath>, problem: impl Into<String>) -> Self {
        Self::Settings(SettingProblems::of(path, problem))
    }
}

/// Error of an opened device.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum DeviceError {
    /// A GPIO line failed.
    #[error(transparent)]
    Line(#[from] LineError),
    /// An I2C transfer failed.
    #[error(transparent)]
    Bus(#[from] BusError),
    /// An SPI transfer failed.
    #[error(transparent)]
    Spi(#[from] SpiError),
    /// A serial port failed or went away.
    #[error(transparent)]
    Serial(#[from] SerialError),
    /// A keyboard failed or went away.
    #[error(transparent)]
    Keys(#[from] KeyError),
    /// The device answered, but not as its datasheet says.
    #[error("expected {expected}, the device answered {found}")]
    Unexpected {
        /// Answer that the datasheet promises.
        expected: &'static str,
        /// Answer that came back.
        found: String,
    },
    /// The driver panicked, with these words.
    #[error("the driver panicked: {0}")]
    Panicked(String),
    /// The device cannot do this. It goes on as it is.
    #[error("output {} cannot be set to {:?}: {can}", output.channel, output.set)]
    Unsupported {
        /// Request that was refused.
        output: Output,
        /// Requests that would have worked.
        can: &'static str,
    },
}

impl DeviceError {
    /// Reports an answer that the datasheet does not promise: what was `expected`, and what was `found`.
    pub fn unexpected(expected: &'static str, found: impl Into<String>) -> Self {
        Self::Unexpected { expected, found: found.into() }
    }
}
