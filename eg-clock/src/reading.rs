//! One look at all clocks of a machine.

use std::time::Duration;

/// Reading of all clocks of a machine, at one moment.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Reading {
    /// `CLOCK_MONOTONIC`.
    pub monotonic: Duration,
    /// `CLOCK_MONOTONIC_RAW`.
    pub raw: Duration,
    /// `CLOCK_BOOTTIME`.
    pub boot: Duration,
    /// `CLOCK_REALTIME`, since the Unix epoch.
    pub date: Duration,
    /// The clocks were read within so much time.
    pub within: Duration,
}
