//! The bench's clock.

use crate::{Moment, clock};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

/// `CLOCK_MONOTONIC`, or a number that a test moves.
#[derive(Clone, Debug)]
pub(super) enum Time {
    Live,
    Virtual(Arc<AtomicU64>),
}

impl Time {
    /// Starts at one second, so that a test may look back from there.
    pub(super) fn frozen() -> Self {
        Self::Virtual(Arc::new(AtomicU64::new(1_000_000)))
    }

    pub(super) fn now(&self) -> Moment {
        match self {
            Self::Live => clock::now(),
            Self::Virtual(micros) => Moment(micros.load(Ordering::SeqCst)),
        }
    }

    pub(super) fn advance(&self, span: Duration) {
        match self {
            Self::Live => panic!("a live bench keeps real time; use Bench::virtual_time()"),
            Self::Virtual(micros) => {
                let span = u64::try_from(span.as_micros()).unwrap_or(u64::MAX);
                micros.fetch_add(span, Ordering::SeqCst);
            }
        }
    }
}
