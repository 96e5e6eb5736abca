//! Time for which a device's thread was ready and did not run: from the wire that woke it to the look at its device.
//!
//! What a chip tells has no stamp of its own; it happened a little before the thread looked. On a machine that is busy
//! that little is not little, and the scheduler counts it: the second number of `/proc/thread-self/schedstat` is the time
//! that a thread waited for a processor, in nanoseconds (Linux, Documentation/scheduler/sched-stats.rst).
//!
//! Between the wire and the thread stand threads of the kernel, such as the one that carries what a serial port receives.
//! They wait as well, and nobody tells how long; but where one thread waits so do the others, so what this one waited
//! lately counts for some time.

use std::fs::File;
use std::os::unix::fs::FileExt;
use std::time::Duration;

/// Time that a thread waited for a processor. It belongs to the thread that opened it.
pub(super) struct Waking {
    schedstat: Option<File>,
    before: Duration,
    /// The longest that it waited lately, less and less of it.
    lately: Duration,
}

impl Waking {
    /// Opens the count of the thread that calls. A kernel that does not count leaves it at the usual.
    pub(super) fn of_this_thread() -> Self {
        let schedstat = File::open("/proc/thread-self/schedstat");
        if let Err(error) = &schedstat {
            tracing::debug!(%error, "this kernel does not tell how long threads wait for a processor");
        }
        Self { schedstat: schedstat.ok(), before: Duration::ZERO, lately: Duration::ZERO }
    }

    /// The thread goes to sleep.
    pub(super) fn sleeps(&mut self) {
        self.before = self.waited();
    }

    /// Returns how long the threads in between may have waited since [`sleeps`](Self::sleeps), as this one did itself.
    pub(super) fn late(&mut self) -> Duration {
        let late = self.waited().saturating_sub(self.before);
        self.lately = late.max(self.lately * 7 / 8);
        self.lately
    }

    fn waited(&self) -> Duration {
        let mut text = [0; 96];
        let read = self.schedstat.as_ref().and_then(|file| file.read_at(&mut text, 0).ok());
        let text = read.and_then(|length| text.get(..length)).unwrap_or_default();
        parse(text).unwrap_or_default()
    }
}

/// The time on a run queue, of `<time on a processor> <time on a run queue> <times that it ran>`.
fn parse(text: &[u8]) -> Option<Duration> {
    let nanos = std::str::from_utf8(text).ok()?.split_whitespace().nth(1)?;
    Some(Duration::from_nanos(nanos.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_the_scheduler_counts() {
        assert_eq!(parse(b"81381 64765 2\n"), Some(Duration::from_nanos(64_765)));
        assert_eq!((parse(b""), parse(b"1"), parse(b"1 x 2")), (None, None, None));
    }

    #[test]
    fn a_thread_that_others_push_aside_was_late_by_what_they_ran() {
        let mut waking = Waking::of_this_thread();
        waking.sleeps();
        let stop = std::sync::Arc::new(std::sync::atomic::AtomicBool::new(false));
        let busy = || {
            let stop = std::sync::Arc::clone(&stop);
            move || while !stop.load(std::sync::atomic::Ordering::Relaxed) {}
        };
        let count = 4 * std::thread::available_parallelism().map_or(4, usize::from);
        let others: Vec<_> = (0..count).map(|_| std::thread::spawn(busy())).collect();

        // Four of these want each processor: this thread has to wait for its turn.
        let end = eg_clock::monotonic() + Duration::from_secs(20);
        while waking.late() < Duration::from_millis(5) && eg_clock::monotonic() < end {}
        let late = waking.late();
        stop.store(true, std::sync::atomic::Ordering::Relaxed);
        others.into_iter().for_each(|other| other.join().unwrap());

        assert!(late >= Duration::from_millis(5), "{late:?}");
    }
}
