//! The descriptor that makes a virtual port wait like a real one.

use crate::BoardError;
use rustix::event::{EventfdFlags, eventfd};
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::sync::Arc;

/// An eventfd: readable from [`raise`](Self::raise) until [`lower`](Self::lower). Whoever fills a queue raises it under
/// the queue's lock, whoever empties the queue lowers it there, so readiness and queue never disagree.
#[derive(Clone, Debug)]
pub(super) struct Signal(Arc<OwnedFd>);

impl Signal {
    pub(super) fn new(what: &str) -> Result<Self, BoardError> {
        let flags = EventfdFlags::CLOEXEC | EventfdFlags::NONBLOCK;
        let fd = eventfd(0, flags).map_err(|cause| BoardError::Refused {
            what: what.to_owned(),
            cause: cause.to_string(),
        })?;
        Ok(Self(Arc::new(fd)))
    }

    pub(super) fn raise(&self) {
        // Fails only when the counter is full, and then it is readable already.
        let _ = rustix::io::write(&*self.0, &1_u64.to_ne_bytes());
    }

    pub(super) fn lower(&self) {
        // Fails only when the counter is zero, and then it is not readable already.
        let _ = rustix::io::read(&*self.0, &mut [0; 8]);
    }

    pub(super) fn fd(&self) -> BorrowedFd<'_> {
        self.0.as_fd()
    }
}
