//! Waiting for a device: for its file descriptors, for a nudge from elsewhere, or for time to pass.

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::io::Errno;
use std::io;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::time::Duration;

/// The file descriptors whose readiness means that a device has something to read. Drop it together with the device:
/// it keeps the device's lines open.
#[derive(Debug, Default)]
pub struct Waits(Vec<OwnedFd>);

/// End of a wait. Neither field set: the time is over, or a signal came.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Woken {
    /// The device has something to read, or hung up.
    pub device: bool,
    /// The nudge's descriptor is readable.
    pub nudge: bool,
}

impl Waits {
    /// Adds one more descriptor to wait for.
    ///
    /// # Errors
    /// When the process has no descriptor left.
    pub fn add(&mut self, fd: BorrowedFd<'_>) -> io::Result<()> {
        self.0.push(fd.try_clone_to_owned()?);
        Ok(())
    }

    /// `true` if one of them is readable, or hung up, now.
    pub fn ready(&self) -> bool {
        let mut all: Vec<PollFd<'_>> =
            self.0.iter().map(|fd| PollFd::from_borrowed_fd(fd.as_fd(), PollFlags::IN)).collect();
        matches!(poll(&mut all, Some(&Timespec { tv_sec: 0, tv_nsec: 0 })), Ok(1..))
    }

    /// Blocks until the device or the nudge is ready, or `timeout` is over; `None` waits for ever. A signal ends the wait
    /// as a timeout would.
    ///
    /// # Errors
    /// When the kernel refuses to wait.
    pub fn wait(&self, nudge: BorrowedFd<'_>, timeout: Option<Duration>) -> io::Result<Woken> {
        let mut all: Vec<PollFd<'_>> = Vec::with_capacity(self.0.len() + 1);
        all.extend(self.0.iter().map(|fd| PollFd::from_borrowed_fd(fd.as_fd(), PollFlags::IN)));
        all.push(PollFd::from_borrowed_fd(nudge, PollFlags::IN));
        let timeout = timeout.map(|span| Timespec {
            tv_sec: i64::try_from(span.as_secs()).unwrap_or(i64::MAX),
            tv_nsec: span.subsec_nanos().into(),
        });
        match poll(&mut all, timeout.as_ref()) {
            Ok(_) => {
                let ready = |fds: &[PollFd<'_>]| fds.iter().any(|fd| !fd.revents().is_empty());
                let (device, nudge) = all.split_at(self.0.len());
                Ok(Woken { device: ready(device), nudge: ready(nudge) })
            }
            Err(Errno::INTR) => Ok(Woken::default()),
            Err(error) => Err(error.into()),
        }
    }
}
