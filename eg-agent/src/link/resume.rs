//! The moment at which the machine is awake again. No timer of its own tells it: those stand still with the machine.
//!
//! The kernel cancels a timer on the date when that jumps, and a machine that was suspended finds it so when it wakes
//! (timerfd_create(2), `TFD_TIMER_CANCEL_ON_SET`). It costs nothing while nothing happens.

use rustix::time::{
    Itimerspec, TimerfdClockId, TimerfdFlags, TimerfdTimerFlags, Timespec, timerfd_create,
    timerfd_settime,
};
use std::io;
use std::os::fd::OwnedFd;
use tokio::io::Interest;
use tokio::io::unix::AsyncFd;

/// Waits for the end of a suspension. Where the system gives no timer it waits for ever, and the next look at the clocks
/// finds it out.
pub(super) struct Resume(Option<AsyncFd<OwnedFd>>);

impl Resume {
    /// Makes the timer; call it on a runtime.
    pub(super) fn new() -> Self {
        let timer = timer().inspect_err(|error| {
            tracing::debug!(%error, "the end of a suspension is found out late");
        });
        Self(timer.ok())
    }

    /// Resolves when the machine was suspended, or its date was set.
    pub(super) async fn happened(&mut self) {
        while let Some(timer) = &self.0 {
            let Ok(mut ready) = timer.readable().await else { break };
            let cancelled = rustix::io::read(timer.get_ref(), &mut [0; 8]);
            ready.clear_ready();
            if cancelled == Err(rustix::io::Errno::CANCELED) {
                if arm(timer.get_ref()).is_err() {
                    self.0 = None;
                }
                return;
            }
        }
        std::future::pending().await
    }
}

fn timer() -> io::Result<AsyncFd<OwnedFd>> {
    let flags = TimerfdFlags::CLOEXEC | TimerfdFlags::NONBLOCK;
    let timer = timerfd_create(TimerfdClockId::Realtime, flags)?;
    arm(&timer)?;
    watched(timer)
}

#[expect(
    deprecated,
    reason = "an OwnedFd stays what it is; the constructor that replaces this one is unsafe"
)]
fn watched(timer: OwnedFd) -> io::Result<AsyncFd<OwnedFd>> {
    AsyncFd::with_interest(timer, Interest::READABLE)
}

/// Sets the timer to a date that never comes.
fn arm(timer: &OwnedFd) -> io::Result<()> {
    let zero = Timespec { tv_sec: 0, tv_nsec: 0 };
    let never = Timespec { tv_sec: i64::from(i32::MAX) * 2, tv_nsec: 0 };
    let flags = TimerfdTimerFlags::ABSTIME | TimerfdTimerFlags::CANCEL_ON_SET;
    timerfd_settime(timer, flags, &Itimerspec { it_interval: zero, it_value: never })?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn nothing_happens_while_nothing_happens() {
        let mut resume = Resume::new();

        let happened = tokio::select! {
            biased;
            () = resume.happened() => true,
            () = std::future::ready(()) => false,
        };

        assert!(resume.0.is_some() && !happened);
    }
}
