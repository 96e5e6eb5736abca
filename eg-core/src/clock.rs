//! The core's clock: the room's only source of time.

use eg_proto::Timestamp;
use std::sync::Mutex;
use std::sync::PoisonError;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

/// Tells the time of the room.
pub trait Clock: Send + Sync + std::fmt::Debug {
    /// This moment. Never earlier than what was told before.
    fn now(&self) -> Timestamp;

    /// Moves the clock forward when it stands before `at`: a machine without a battery may start in the past, and the
    /// journal must not go back. Called once, before anything else runs.
    fn not_before(&self, at: Timestamp);
}

/// The machine's wall clock at start, and monotonic time since: it never steps, whatever NTP or a person does to the
/// wall clock meanwhile.
#[derive(Debug)]
pub struct SteadyClock {
    started: Instant,
    epoch: Mutex<Timestamp>,
}

impl Default for SteadyClock {
    #[expect(clippy::disallowed_methods, reason = "this is the process's clock")]
    fn default() -> Self {
        let wall = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        Self { started: Instant::now(), epoch: Mutex::new(Timestamp::default() + wall) }
    }
}

impl Clock for SteadyClock {
    fn now(&self) -> Timestamp {
        *self.epoch.lock().unwrap_or_else(PoisonError::into_inner) + self.started.elapsed()
    }

    fn not_before(&self, at: Timestamp) {
        let mut epoch = self.epoch.lock().unwrap_or_else(PoisonError::into_inner);
        let behind = at.since(*epoch + self.started.elapsed());
        *epoch = *epoch + behind;
    }
}

/// A clock that stands still until a test moves it.
#[derive(Debug)]
pub struct StoppedClock(Mutex<Timestamp>);

impl StoppedClock {
    /// Stands at `at`.
    pub fn at(at: Timestamp) -> Self {
        Self(Mutex::new(at))
    }

    /// Lets time pass.
    pub fn pass(&self, span: Duration) {
        let mut now = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        *now = *now + span;
    }
}

impl Clock for StoppedClock {
    fn now(&self) -> Timestamp {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn not_before(&self, at: Timestamp) {
        let mut now = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        *now = (*now).max(at);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_machine_that_starts_in_the_past_goes_on_where_the_journal_ended() {
        let clock = SteadyClock::default();
        let ahead = clock.now() + Duration::from_secs(3600);

        clock.not_before(ahead);

        assert!(clock.now() >= ahead);
    }
}
