//! Contact bounce: a change that comes to rest after some to and fro.

use std::time::Duration;

/// Bounce of the contacts on a wire.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bounce {
    /// Longest duration; most tactile switches come to rest within 5 ms, worn ones take 20 ms.
    pub span: Duration,
    /// Most times that the contact parts again.
    pub times: u32,
    /// Seed of the chance: the same seed bounces the same.
    pub seed: u64,
}

impl Bounce {
    /// Bounces as often as a worn button does, within `span`.
    pub fn within(span: Duration) -> Self {
        Self { span, times: 5, seed: 1 }
    }
}

/// A bounce with its chance.
#[derive(Debug)]
pub(super) struct Chatter {
    bounce: Bounce,
    state: u64,
}

impl Chatter {
    pub(super) fn new(bounce: Bounce) -> Self {
        Self { bounce, state: bounce.seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1 }
    }

    /// Times of the further edges after the first one of a change: to and fro, so an even number of them.
    pub(super) fn chatter(&mut self) -> Vec<Duration> {
        let micros = u64::try_from(self.bounce.span.as_micros()).unwrap_or(u64::MAX).max(1);
        let parts = 1 + self.chance() % u64::from(self.bounce.times.max(1));
        let mut after: Vec<_> = (0..2 * parts).map(|_| 1 + self.chance() % micros).collect();
        after.sort_unstable();
        after.into_iter().map(Duration::from_micros).collect()
    }

    /// xorshift64*.
    fn chance(&mut self) -> u64 {
        self.state ^= self.state >> 12;
        self.state ^= self.state << 25;
        self.state ^= self.state >> 27;
        self.state.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 16
    }
}
