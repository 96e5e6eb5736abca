//! Keyboards and other key devices, as Linux evdev sees them.

use super::{Claim, KeyEdge, KeyError};
use crate::backend::KeyPort;

/// An open keyboard.
pub struct KeyReader {
    port: Box<dyn KeyPort>,
    _claim: Claim,
}

impl KeyReader {
    pub(super) fn new(port: Box<dyn KeyPort>, claim: Claim) -> Self {
        Self { port, _claim: claim }
    }

    /// The next change, oldest first; `None` when there is none. Never blocks. After the kernel dropped events
    /// (`SYN_DROPPED`) the states are read back and each key that differs is given as a change.
    ///
    /// # Errors
    /// [`KeyError`] when the keyboard failed or went away.
    pub fn next_key(&mut self) -> Result<Option<KeyEdge>, KeyError> {
        self.port.next_key()
    }

    /// `true` if this key is down after the changes given so far; before the first, if it was when this was opened.
    ///
    /// # Errors
    /// As for [`next_key`](Self::next_key).
    pub fn is_down(&mut self, code: u16) -> Result<bool, KeyError> {
        self.port.is_down(code)
    }

    /// Takes the number of times that the kernel dropped events since the last call.
    pub fn take_lost(&mut self) -> u64 {
        self.port.take_lost()
    }
}
