//! Pulse of the engine: whether it comes round. The link speaks for the core only as long as it does.

use eg_proto::Timestamp;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

/// Longest round of an engine that lives. A slot that hears nothing for some seconds more takes the core for lost.
const STUCK: Duration = Duration::from_secs(3);
/// Mark of an engine that waits for work.
const RESTS: i64 = i64::MAX;
/// Mark of an engine whose thread has ended.
const ENDED: i64 = i64::MIN;

/// Pulse, felt by the link and given by the engine's thread.
#[derive(Debug)]
pub(crate) struct Pulse {
    /// Time at which the round began that runs now, µs, or a mark.
    since: AtomicI64,
}

impl Default for Pulse {
    fn default() -> Self {
        Self { since: AtomicI64::new(RESTS) }
    }
}

impl Pulse {
    /// Notes that the engine begins to work.
    pub(crate) fn works(&self, now: Timestamp) {
        self.since.store(now.0, Ordering::Relaxed);
    }

    /// Notes that the engine waits for work.
    pub(crate) fn rests(&self) {
        self.since.store(RESTS, Ordering::Relaxed);
    }

    /// Notes that the engine's thread has ended.
    pub(crate) fn ends(&self) {
        self.since.store(ENDED, Ordering::Relaxed);
    }

    /// Returns `true` unless the engine has ended, or been at one round for longer than [`STUCK`].
    pub(super) fn beats(&self, now: Timestamp) -> bool {
        match self.since.load(Ordering::Relaxed) {
            RESTS => true,
            ENDED => false,
            since => now.since(Timestamp(since)) < STUCK,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_engine_lives_while_it_rests_or_works_for_a_moment() {
        let pulse = Pulse::default();
        let at = |seconds: i64| Timestamp(seconds * 1_000_000);
        let felt = |seconds| pulse.beats(at(seconds));

        let resting = felt(1_000);
        pulse.works(at(1_000));
        let working = [felt(1_002), felt(1_003)];
        pulse.rests();
        let again = felt(1_003);
        pulse.ends();

        assert_eq!((resting, working, again, felt(1_003)), (true, [true, false], true, false));
    }
}
