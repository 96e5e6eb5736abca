//! The clocks of this machine, for agent and core.
//!
//! Linux has four that matter here. `CLOCK_MONOTONIC` is what the kernel stamps edges with; NTP bends its rate.
//! `CLOCK_MONOTONIC_RAW` is the bare crystal: nothing bends or sets it. Both stand still while the machine is suspended,
//! and `CLOCK_BOOTTIME` goes on. `CLOCK_REALTIME` is the date, which anybody may set.
//!
//! A test of real processes needs clocks that drift, are bent and stand still. [`INJECTED`] names a variable that injects
//! them; nothing else does, and a process that runs so says it in its log.

mod course;
mod reading;

pub use course::{Course, CourseError};
pub use reading::Reading;

use rustix::time::{ClockId, clock_gettime};
use std::sync::OnceLock;
use std::time::Duration;

/// Environment variable with the path of a [`Course`]: for tests alone. The process then lives by that course instead of
/// the kernel's clocks. Edges that the kernel stamps are not of that course, so only simulated boards make sense.
pub const INJECTED: &str = "EG_TEST_CLOCKS";

/// Readings of one clock that are closer than this are taken as one moment.
const TOGETHER: Duration = Duration::from_micros(10);
/// Tries to read the clocks without being interrupted in between.
const TRIES: u32 = 8;

/// `CLOCK_MONOTONIC`: the time since some moment before the machine's start, without suspensions, at the rate that NTP
/// gives it.
pub fn monotonic() -> Duration {
    injected().map_or_else(|| read(ClockId::Monotonic), |course| course.at(host()).monotonic)
}

/// `CLOCK_MONOTONIC_RAW`: the same without NTP.
pub fn raw() -> Duration {
    injected().map_or_else(|| read(ClockId::MonotonicRaw), |course| course.at(host()).raw)
}

/// `CLOCK_REALTIME`: the date, since the Unix epoch; zero for a date before that.
pub fn date() -> Duration {
    injected().map_or_else(|| read(ClockId::Realtime), |course| course.at(host()).date)
}

/// All clocks at one moment. They are read one after the other, again when something came in between;
/// [`within`](Reading::within) tells how close they are.
pub fn all() -> Reading {
    if let Some(course) = injected() {
        return course.at(host());
    }
    let mut best = Reading { within: Duration::MAX, ..Reading::default() };
    for _ in 0..TRIES {
        let before = read(ClockId::Monotonic);
        let raw = read(ClockId::MonotonicRaw);
        let (boot, date) = (read(ClockId::Boottime), read(ClockId::Realtime));
        let monotonic = read(ClockId::Monotonic);
        let within = monotonic.saturating_sub(before);
        if within < best.within {
            best = Reading { monotonic, raw, boot, date, within };
        }
        if within <= TOGETHER {
            break;
        }
    }
    best
}

/// The path of the injected course. `None`: these are the kernel's clocks.
pub fn injected_path() -> Option<String> {
    std::env::var(INJECTED).ok().filter(|path| !path.is_empty())
}

/// Reads the injected course, when there is one. To be called once at the start: without, a course that cannot be read is
/// as none.
///
/// # Errors
/// [`CourseError`] when there is one and it makes no sense.
pub fn inject() -> Result<Option<&'static Course>, CourseError> {
    let Some(path) = injected_path() else { return Ok(None) };
    let course = Course::read(&path)?;
    Ok(COURSE.get_or_init(|| Some(course)).as_ref())
}

static COURSE: OnceLock<Option<Course>> = OnceLock::new();

fn injected() -> Option<&'static Course> {
    COURSE.get_or_init(|| injected_path().and_then(|path| Course::read(&path).ok())).as_ref()
}

/// The kernel's own clock, by which a course goes.
fn host() -> Duration {
    read(ClockId::Monotonic)
}

fn read(clock: ClockId) -> Duration {
    let time = clock_gettime(clock);
    let (seconds, nanos) = (u64::try_from(time.tv_sec), u32::try_from(time.tv_nsec));
    Duration::new(seconds.unwrap_or(0), nanos.unwrap_or(0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_clocks_of_this_machine_go_forward_and_are_read_together() {
        let (first, second) = (all(), all());

        assert!(second.monotonic >= first.monotonic && second.raw >= first.raw);
        assert!(second.boot + second.within >= second.monotonic, "{second:?}");
        assert!(second.within < Duration::from_secs(1), "{second:?}");
    }
}
