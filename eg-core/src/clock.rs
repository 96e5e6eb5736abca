//! The core's clock: the room's only source of time.

use eg_proto::Timestamp;
use rustix::time::{ClockId, clock_gettime};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// Tells the time of the room.
pub trait Clock: Send + Sync + std::fmt::Debug {
    /// This moment. Never earlier than what was told before.
    fn now(&self) -> Timestamp;

    /// Moves the clock forward when it stands before `at`: a machine without a battery may start in the past, and the
    /// journal must not go back. Called once, before anything else runs.
    fn not_before(&self, at: Timestamp);

    /// By what this clock goes, for a core that is started again while the machine runs on. `None`: by nothing that
    /// outlives it.
    fn course(&self) -> Option<String> {
        None
    }

    /// Goes on by the course of an earlier core. Called once, before anything else runs.
    fn carry_on(&self, course: &str) {
        let _ = course;
    }
}

/// A wall clock that is further ahead of a course than this was set, and is followed.
const SET_AHEAD: Duration = Duration::from_secs(2);
/// Drawn by the kernel at each start of the machine.
const MACHINE: &str = "/proc/sys/kernel/random/boot_id";

/// The machine's wall clock at start, and `CLOCK_MONOTONIC` since: it never steps, whatever NTP or a person does to the
/// wall clock meanwhile. A core that is started again goes on by the same course, as if it had never stopped: what
/// slots know of the room's time stays true.
#[derive(Debug)]
pub struct SteadyClock {
    /// The room's time when the machine's monotonic clock stood at zero.
    epoch: Mutex<Timestamp>,
    machine: Option<String>,
}

impl Default for SteadyClock {
    fn default() -> Self {
        let machine = std::fs::read_to_string(MACHINE).ok().map(|id| id.trim().to_owned());
        Self { epoch: Mutex::new(wall() - monotonic()), machine }
    }
}

impl SteadyClock {
    fn epoch(&self) -> MutexGuard<'_, Timestamp> {
        self.epoch.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Clock for SteadyClock {
    fn now(&self) -> Timestamp {
        *self.epoch() + monotonic()
    }

    fn not_before(&self, at: Timestamp) {
        let mut epoch = self.epoch();
        let behind = at.since(*epoch + monotonic());
        *epoch = *epoch + behind;
    }

    fn course(&self) -> Option<String> {
        self.machine.as_ref().map(|machine| format!("{machine} {}", self.epoch().0))
    }

    fn carry_on(&self, course: &str) {
        let Some((machine, kept)) = course.split_once(' ') else { return };
        let Ok(kept) = kept.parse().map(Timestamp) else { return };
        let mut epoch = self.epoch();
        let set_ahead = epoch.since(kept) > SET_AHEAD;
        if self.machine.as_deref() == Some(machine) && !set_ahead {
            *epoch = kept;
        }
    }
}

#[expect(clippy::disallowed_methods, reason = "this is the process's clock")]
fn wall() -> Timestamp {
    let wall = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    Timestamp::default() + wall
}

fn monotonic() -> Duration {
    let time = clock_gettime(ClockId::Monotonic);
    let (seconds, nanos) = (u64::try_from(time.tv_sec), u32::try_from(time.tv_nsec));
    Duration::new(seconds.unwrap_or(0), nanos.unwrap_or(0))
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

    #[test]
    fn a_core_that_is_started_again_goes_on_as_if_it_had_never_stopped() {
        for lead in [Duration::ZERO, Duration::from_millis(1_500), Duration::from_secs(3_600)] {
            let first = SteadyClock::default();
            first.not_before(first.now() + lead);

            let second = SteadyClock::default();
            second.carry_on(&first.course().unwrap());

            assert_eq!(*second.epoch(), *first.epoch(), "the wall clock was {lead:?} behind");
        }
    }

    #[test]
    fn a_wall_clock_that_was_set_ahead_is_followed_and_another_machine_s_course_is_not() {
        let clock = SteadyClock::default();
        let (machine, own) = (clock.machine.clone().unwrap(), *clock.epoch());

        clock.carry_on(&format!("{machine} {}", (own - Duration::from_secs(10)).0));
        clock.carry_on(&format!("another {}", (own + Duration::from_secs(10)).0));
        clock.carry_on("nonsense");

        assert_eq!(*clock.epoch(), own);
    }
}
