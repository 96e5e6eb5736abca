//! The slot's clock: monotonic, in microseconds.

use rustix::time::{ClockId, clock_gettime};
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
    let time = clock_gettime(ClockId::Monotonic);
    let seconds = u64::try_from(time.tv_sec).unwrap_or(0);
    let nanos = u64::try_from(time.tv_nsec).unwrap_or(0);
    Moment(seconds * 1_000_000 + nanos / 1_000)
}

/// For how long this machine has been suspended since its start: `CLOCK_BOOTTIME` counts that time, `CLOCK_MONOTONIC`
/// stands still. The two are read one after the other, so the answer wavers by some microseconds.
pub fn slept() -> Duration {
    let micros = |id: ClockId| {
        let time = clock_gettime(id);
        i128::from(time.tv_sec) * 1_000_000 + i128::from(time.tv_nsec / 1_000)
    };
    let awake = micros(ClockId::Monotonic);
    Duration::from_micros(u64::try_from(micros(ClockId::Boottime) - awake).unwrap_or(0))
}
