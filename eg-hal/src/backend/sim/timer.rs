//! Time as a chip counts it.

use super::Bench;
use super::time::{Time, in_nanos};
use std::time::Duration;

/// A timer on a bench's clock, for models: how long a chip is busy, how long a level has to stand. It resolves nanoseconds
/// under virtual time and microseconds on a live bench, and keeps no hold of the bench: a chip on it may own one.
///
/// ```
/// # use eg_hal::sim::{Bench, Timer};
/// # use std::time::Duration;
/// let bench = Bench::virtual_time();
/// let mut busy = Timer::new(&bench);
/// assert!(!busy.is_running());
///
/// busy.start(Duration::from_micros(500));
/// bench.advance(Duration::from_micros(499));
/// assert!(busy.is_running());
/// bench.advance(Duration::from_micros(1));
/// assert!(!busy.is_running());
/// ```
#[derive(Clone, Debug)]
pub struct Timer {
    time: Time,
    until: u64,
}

impl Timer {
    /// A timer that does not run.
    pub fn new(bench: &Bench) -> Self {
        Self { time: bench.time(), until: 0 }
    }

    /// Runs for this long from now on, whatever it did before.
    pub fn start(&mut self, span: Duration) {
        self.until = self.time.nanos().saturating_add(in_nanos(span));
    }

    /// Ends at once.
    pub fn stop(&mut self) {
        self.until = 0;
    }

    /// `true` until the time is over.
    pub fn is_running(&self) -> bool {
        self.time.nanos() < self.until
    }
}
