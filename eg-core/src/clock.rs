//! The core's clock: the room's only source of time.

use eg_proto::Timestamp;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// Source of the room's time.
pub trait Clock: Send + Sync + std::fmt::Debug {
    /// Returns the room's time, never earlier than a time returned before.
    fn now(&self) -> Timestamp;

    /// Moves the clock forward when it stands before `at`: a machine without a battery may start in the past, and the
    /// journal must not go back. Called once, before anything else runs.
    fn not_before(&self, at: Timestamp);

    /// Returns the course of this clock: a text that names the timeline it follows, for a core that is started again
    /// while the machine runs on. `None` if nothing of the timeline outlives the core.
    fn course(&self) -> Option<String> {
        None
    }

    /// Continues the course of an earlier core. Called once, before anything else runs. Returns `false` if the clock
    /// does not follow it: times of that core's clock then mean nothing in this one.
    fn carry_on(&self, course: &str) -> bool {
        let _ = course;
        false
    }
}

/// Lead of the wall clock over an earlier course beyond which the wall clock is followed instead: somebody has set
/// it.
const SET_AHEAD: Duration = Duration::from_secs(2);
/// File with the id that the kernel draws at each start of the machine.
const MACHINE: &str = "/proc/sys/kernel/random/boot_id";
/// First word of a course: the clock that it follows. Courses of older versions begin with the machine's id instead,
/// and follow `CLOCK_MONOTONIC`.
const BY_RAW: &str = "raw";

/// Clock that takes the machine's wall clock at start, and follows `CLOCK_MONOTONIC_RAW` since: it never steps, and
/// nothing bends its rate, whatever NTP or a person does to the machine's clocks meanwhile. A core that is started
/// again continues the same course, as if it had never stopped: times that slots know of the room stay true.
#[derive(Debug)]
pub struct SteadyClock {
    /// Room's time at which the machine's raw clock stood at zero.
    epoch: Mutex<Timestamp>,
    machine: Option<String>,
}

impl Default for SteadyClock {
    fn default() -> Self {
        let machine = std::fs::read_to_string(MACHINE).ok().map(|id| id.trim().to_owned());
        let eg_clock::Reading { raw, date, .. } = eg_clock::all();
        Self { epoch: Mutex::new(Timestamp::default() + date - raw), machine }
    }
}

impl SteadyClock {
    fn epoch(&self) -> MutexGuard<'_, Timestamp> {
        self.epoch.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Returns the epoch of a course of this machine since its start; `None` for any other.
    fn kept(&self, course: &str) -> Option<Timestamp> {
        let (first, rest) = course.split_once(' ')?;
        let by_raw = first == BY_RAW;
        let (machine, epoch) = if by_raw { rest.split_once(' ')? } else { (first, rest) };
        let epoch = Timestamp(epoch.parse().ok()?);
        if self.machine.as_deref() != Some(machine) {
            return None;
        }
        if by_raw {
            return Some(epoch);
        }
        // It went by the other clock until now; from here on it goes by this one.
        let eg_clock::Reading { raw, monotonic, .. } = eg_clock::all();
        Some(epoch + monotonic - raw)
    }
}

impl Clock for SteadyClock {
    fn now(&self) -> Timestamp {
        *self.epoch() + eg_clock::raw()
    }

    fn not_before(&self, at: Timestamp) {
        let mut epoch = self.epoch();
        let behind = at.since(*epoch + eg_clock::raw());
        *epoch = *epoch + behind;
    }

    fn course(&self) -> Option<String> {
        self.machine.as_ref().map(|machine| format!("{BY_RAW} {machine} {}", self.epoch().0))
    }

    fn carry_on(&self, course: &str) -> bool {
        let Some(kept) = self.kept(course) else { return false };
        let mut epoch = self.epoch();
        let set_ahead = epoch.since(kept) > SET_AHEAD;
        if !set_ahead {
            *epoch = kept;
        }
        !set_ahead
    }
}

/// Clock that stands still until a test moves it.
#[derive(Debug)]
pub struct StoppedClock {
    now: Mutex<Timestamp>,
    /// Number that tells this clock apart from others.
    number: u64,
}

impl StoppedClock {
    /// Creates a clock that stands at `at`.
    pub fn at(at: Timestamp) -> Self {
        static NUMBER: AtomicU64 = AtomicU64::new(1);
        Self { now: Mutex::new(at), number: NUMBER.fetch_add(1, Ordering::Relaxed) }
    }

    /// Moves the clock forward by `span`.
    pub fn pass(&self, span: Duration) {
        let mut now = self.hand();
        *now = *now + span;
    }

    fn hand(&self) -> MutexGuard<'_, Timestamp> {
        self.now.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Clock for StoppedClock {
    fn now(&self) -> Timestamp {
        *self.hand()
    }

    fn not_before(&self, at: Timestamp) {
        let mut now = self.hand();
        *now = (*now).max(at);
    }

    fn course(&self) -> Option<String> {
        Some(format!("stopped {}", self.number))
    }

    fn carry_on(&self, course: &str) -> bool {
        self.course().as_deref() == Some(course)
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

        let courses = [
            format!("raw {machine} {}", (own - Duration::from_secs(10)).0),
            format!("{machine} {}", (own - Duration::from_secs(3_600)).0),
            format!("raw another {}", (own + Duration::from_secs(10)).0),
            format!("another {}", (own + Duration::from_secs(10)).0),
            "nonsense".to_owned(),
            "raw nonsense".to_owned(),
        ];
        for course in courses {
            assert!(!clock.carry_on(&course), "{course}");
        }

        assert_eq!(*clock.epoch(), own);
    }

    #[test]
    fn a_course_that_went_by_the_monotonic_clock_goes_on_without_a_step() {
        let clock = SteadyClock::default();
        let machine = clock.machine.clone().unwrap();
        let room = clock.now() + Duration::from_secs(7);
        let before = room - eg_clock::monotonic();

        let carried = clock.carry_on(&format!("{machine} {}", before.0));

        let went = clock.now().since(room);
        assert!(carried && went < Duration::from_secs(1), "a step of {went:?}");
        assert!(clock.now() > room - Duration::from_millis(1));
    }
}
