//! One device's watchdog: a call into its driver that does not return costs this device and nothing else.
//!
//! A timer of the kernel (`timerfd_create(2)`) runs while the driver is called, and only then; the thread that waits for
//! it sleeps until a call takes too long. A thread cannot be ended from outside, so a device whose driver hangs is given
//! up, and taken up again when the driver comes back.

use eg_hal::{Moment, catch_panic, clock};
use rustix::io::retry_on_intr;
use rustix::time::{
    Itimerspec, TimerfdClockId, TimerfdFlags, TimerfdTimerFlags, Timespec, timerfd_create,
    timerfd_settime,
};
use std::os::fd::OwnedFd;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use std::{fmt, io};

/// Stack of a watchdog's thread, in bytes: it says a word and sleeps.
const STACK: usize = 256 << 10;

/// Watches the calls into one driver; the default watches nothing. Clones are the same.
#[derive(Clone, Debug, Default)]
pub(crate) struct Watchdog(Option<Arc<Inner>>);

/// Hears that the driver hangs, and in which words, or that it is back.
type Tell = dyn Fn(Option<&str>) + Send + Sync;

struct Inner {
    timer: OwnedFd,
    hang_timeout: Duration,
    call: Mutex<Option<Call>>,
    closed: AtomicBool,
    /// Called under the lock of `call`, so that its words are never late.
    tell: Box<Tell>,
}

/// A call that has not returned.
#[derive(Clone, Copy, Debug)]
struct Call {
    what: &'static str,
    since: Moment,
    given_up: bool,
}

impl Watchdog {
    /// Gives a driver up when a call takes longer than `hang_timeout`.
    ///
    /// # Errors
    /// When the process has no descriptor or thread left.
    pub(crate) fn new(
        hang_timeout: Duration,
        tell: impl Fn(Option<&str>) + Send + Sync + 'static,
    ) -> io::Result<Self> {
        let timer = timerfd_create(TimerfdClockId::Monotonic, TimerfdFlags::CLOEXEC)?;
        let (call, closed, tell) = (Mutex::default(), AtomicBool::default(), Box::new(tell));
        let inner = Arc::new(Inner { timer, hang_timeout, call, closed, tell });
        let watched = Arc::clone(&inner);
        let thread = std::thread::Builder::new().name("watchdog".to_owned());
        thread.stack_size(STACK).spawn(move || watched.watch())?;
        Ok(Self(Some(inner)))
    }

    /// Calls into the driver.
    ///
    /// # Errors
    /// In words, when it panicked, or came back after it had been given up. What it brought is dropped then.
    pub(crate) fn call<T>(
        &self,
        what: &'static str,
        call: impl FnOnce() -> T,
    ) -> Result<T, String> {
        self.begin(what);
        let done = catch_panic(call);
        let taken = self.end();
        match (done, taken) {
            (Err(said), _) => Err(format!("the driver panicked: {said}")),
            (Ok(done), None) => Ok(done),
            (Ok(late), Some(taken)) => {
                self.begin("close");
                drop(catch_panic(|| drop(late)));
                self.end();
                Err(format!("the driver came back from {what} only after {taken:.1?}"))
            }
        }
    }

    /// Watches no more: its thread ends.
    pub(crate) fn close(&self) {
        let Some(inner) = &self.0 else { return };
        inner.closed.store(true, Ordering::SeqCst);
        inner.set(Duration::from_nanos(1));
    }

    fn begin(&self, what: &'static str) {
        let Some(inner) = &self.0 else { return };
        *inner.call() = Some(Call { what, since: clock::now(), given_up: false });
        inner.set(inner.hang_timeout);
    }

    /// Returns the time of the call, if it had been given up.
    fn end(&self) -> Option<Duration> {
        let inner = self.0.as_ref()?;
        inner.set(Duration::ZERO);
        let mut call = inner.call();
        let ended = call.take().filter(|call| call.given_up)?;
        (inner.tell)(None);
        Some(clock::now().since(ended.since))
    }
}

impl Inner {
    fn call(&self) -> MutexGuard<'_, Option<Call>> {
        self.call.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Zero stops the timer.
    fn set(&self, after: Duration) {
        let zero = Timespec { tv_sec: 0, tv_nsec: 0 };
        let it_value = Timespec {
            tv_sec: i64::try_from(after.as_secs()).unwrap_or(i64::MAX),
            tv_nsec: after.subsec_nanos().into(),
        };
        let once = Itimerspec { it_interval: zero, it_value };
        if let Err(error) = timerfd_settime(&self.timer, TimerfdTimerFlags::empty(), &once) {
            tracing::error!(%error, "a driver's call is not watched");
        }
    }

    fn watch(&self) {
        // Blocks until the timer runs out. An error other than a signal would be one for good.
        while retry_on_intr(|| rustix::io::read(&self.timer, &mut [0; 8])).is_ok() {
            if self.closed.load(Ordering::SeqCst) {
                return;
            }
            self.give_up(clock::now());
        }
    }

    /// The timer may have run out for a call that is over: the one that is under way decides.
    fn give_up(&self, now: Moment) {
        let mut call = self.call();
        if let Some(call) = call.as_mut()
            && !call.given_up
            && now.since(call.since) >= self.hang_timeout
        {
            call.given_up = true;
            let what = call.what;
            let waited = now.since(call.since);
            (self.tell)(Some(&format!(
                "the driver hangs: it has not come back from {what} for {waited:.1?}; the device is left alone until it does"
            )));
        }
    }
}

impl fmt::Debug for Inner {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("Watchdog").field("call", &*self.call()).finish_non_exhaustive()
    }
}
