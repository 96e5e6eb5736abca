//! The slot's clock: monotonic, in microseconds.

use std::ops::{Add, Sub};
use std::time::Duration;

/// A moment of the slot's monotonic clock (`CLOCK_MONOTONIC`, as the kernel stamps edges), in microseconds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Moment(pub u64);

impl Moment {
    /// From the kernel's nanoseconds.
    pub fn from_nanos(nanos: u64) -> Self {
        Self(nanos / 1_000)
    }

    /// Time from `earlier` to this moment; zero when `earlier` is later.
    pub fn since(self, earlier: Self) -> Duration {
        Duration::from_micros(self.0.saturating_sub(earlier.0))
    }
}

impl Add<Duration> for Moment {
    type Output = Self;
    fn add(self, span: Duration) -> Self {
        Self(self.0.saturating_add(u64::try_from(span.as_micros()).unwrap_or(u64::MAX)))
    }
}

impl Sub<Duration> for Moment {
    type Output = Self;
    fn sub(self, span: Duration) -> Self {
        Self(self.0.saturating_sub(u64::try_from(span.as_micros()).unwrap_or(u64::MAX)))
    }
}

/// Now, by `CLOCK_MONOTONIC`.
pub fn now() -> Moment {
    Moment(micros(eg_clock::monotonic()))
}

/// Readings of the slot's clocks at one moment.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Look {
    /// By `CLOCK_MONOTONIC`, as the kernel stamps edges.
    pub now: Moment,
    /// By `CLOCK_MONOTONIC_RAW`, which nothing bends.
    pub raw: Moment,
    /// For how long this machine has been suspended since its start: `CLOCK_BOOTTIME` counts that time, the two others
    /// stand still.
    pub slept: Duration,
    /// The clocks were read one after the other, within so much time.
    pub within: Duration,
}

/// Looks at the slot's clocks.
pub fn look() -> Look {
    let eg_clock::Reading { monotonic, raw, boot, within, .. } = eg_clock::all();
    Look {
        now: Moment(micros(monotonic)),
        raw: Moment(micros(raw)),
        slept: boot.saturating_sub(monotonic),
        within,
    }
}

fn micros(span: Duration) -> u64 {
    u64::try_from(span.as_micros()).unwrap_or(u64::MAX)
}
