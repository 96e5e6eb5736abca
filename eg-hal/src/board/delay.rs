//! Pauses that a chip's datasheet asks for.

use crate::sim::Time;
use embedded_hal::delay::DelayNs;
use std::thread::sleep;
use std::time::Duration;

/// Waits at least as long as it is told. On real hardware the device's thread sleeps, and the kernel adds some 60 µs; on a
/// simulated board the board's time passes. For pauses of up to a few milliseconds, and of some 100 ms in
/// [`Driver::open`](crate::Driver::open): what takes longer is a
/// [`Wake`](crate::Wake).
#[derive(Clone, Debug)]
pub struct Delay(Clock);

#[derive(Clone, Debug)]
enum Clock {
    Real,
    Simulated(Time),
}

impl Delay {
    /// Real pauses.
    pub fn real() -> Self {
        Self(Clock::Real)
    }

    /// Pauses in the time of a simulated board.
    pub(crate) fn on(time: Time) -> Self {
        Self(Clock::Simulated(time))
    }
}

impl DelayNs for Delay {
    fn delay_ns(&mut self, ns: u32) {
        let span = Duration::from_nanos(ns.into());
        match &self.0 {
            Clock::Real => sleep(span),
            Clock::Simulated(time) => time.pass(span),
        }
    }
}
