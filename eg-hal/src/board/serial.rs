//! Serial ports.

use super::{Claim, SerialError};
use crate::backend::SerialPipe;

/// An open serial port.
pub struct SerialPort {
    port: Box<dyn SerialPipe>,
    _claim: Claim,
}

impl SerialPort {
    pub(super) fn new(port: Box<dyn SerialPipe>, claim: Claim) -> Self {
        Self { port, _claim: claim }
    }

    /// Takes the bytes that have arrived, at most `buffer.len()`; 0 when there are none. Never blocks.
    ///
    /// # Errors
    /// [`SerialError`] when the port failed or went away.
    pub fn read(&mut self, buffer: &mut [u8]) -> Result<usize, SerialError> {
        self.port.read(buffer)
    }

    /// Sends all bytes; blocks while the line is busy.
    ///
    /// # Errors
    /// As for [`read`](Self::read).
    pub fn write_all(&mut self, bytes: &[u8]) -> Result<(), SerialError> {
        self.port.write_all(bytes)
    }
}
