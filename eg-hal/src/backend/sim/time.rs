//! The bench's clock, and what happens when its time comes.

use super::agenda::{Action, Agenda};
use crate::{Moment, catch_panic, clock};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;
use std::time::Duration;

/// A clock with an agenda. Clones are the same clock.
#[derive(Clone, Debug)]
pub(crate) struct Time {
    hands: Hands,
    agenda: Agenda,
}

/// `CLOCK_MONOTONIC`, or a number of nanoseconds that tests, drivers and buses move.
#[derive(Clone, Debug)]
enum Hands {
    Live,
    Virtual(Arc<AtomicU64>),
}

impl Time {
    pub(super) fn live() -> Self {
        Self { hands: Hands::Live, agenda: Agenda::new() }
    }

    /// Starts at one second, so that a test may look back from there.
    pub(super) fn frozen() -> Self {
        let hands = Hands::Virtual(Arc::new(AtomicU64::new(1_000_000_000)));
        Self { hands, agenda: Agenda::new() }
    }

    pub(super) fn now(&self) -> Moment {
        Moment::from_nanos(self.nanos())
    }

    /// Nanoseconds since the clock began; whole microseconds on a live bench.
    pub(super) fn nanos(&self) -> u64 {
        match &self.hands {
            Hands::Live => clock::now().0.saturating_mul(1_000),
            Hands::Virtual(nanos) => nanos.load(Ordering::SeqCst),
        }
    }

    /// Moves virtual hands, and carries out on the way what is due, each at its moment.
    pub(super) fn advance(&self, span: Duration) {
        match &self.hands {
            Hands::Live => panic!("a live bench keeps real time; use Bench::virtual_time()"),
            Hands::Virtual(nanos) => {
                let end = self.nanos().saturating_add(in_nanos(span));
                while let Some((at, action)) = self.agenda.take(Moment::from_nanos(end)) {
                    nanos.fetch_max(at.0.saturating_mul(1_000), Ordering::SeqCst);
                    action();
                }
                nanos.fetch_max(end, Ordering::SeqCst);
            }
        }
    }

    /// Lets time pass: virtual hands are moved, real time is slept through. An empty span does nothing at all.
    pub(crate) fn pass(&self, span: Duration) {
        if span.is_zero() {
            return;
        }
        match &self.hands {
            Hands::Live => thread::sleep(span),
            Hands::Virtual(_) => self.advance(span),
        }
    }

    /// Has something done when this much time has passed. A panic of it is its own on a live bench, and the test's under
    /// virtual time.
    pub(super) fn after(&self, span: Duration, action: impl FnOnce() + Send + 'static) {
        let live = self.is_live();
        let action: Action =
            if live { Box::new(|| drop(catch_panic(action))) } else { Box::new(action) };
        self.agenda.at(self.now() + span, action, live);
    }

    /// `true` if this time is `CLOCK_MONOTONIC`.
    pub(super) fn is_live(&self) -> bool {
        matches!(self.hands, Hands::Live)
    }
}

pub(super) fn in_nanos(span: Duration) -> u64 {
    u64::try_from(span.as_nanos()).unwrap_or(u64::MAX)
}
