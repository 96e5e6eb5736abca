//! Pauses that a chip's datasheet asks for.

use embedded_hal::delay::DelayNs;
use std::thread::sleep;
use std::time::Duration;

/// Waits at least as long as it is told, by putting the device's thread to sleep; the kernel adds some 60 µs. For pauses
/// of up to a few milliseconds: what takes longer is a [`Wake`](crate::Wake).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Delay {
    /// Real pauses.
    Sleep,
    /// No pause at all, on a simulated board.
    None,
}

impl DelayNs for Delay {
    fn delay_ns(&mut self, ns: u32) {
        match self {
            Self::Sleep => sleep(Duration::from_nanos(ns.into())),
            Self::None => {}
        }
    }
}
