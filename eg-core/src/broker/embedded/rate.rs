//! Rate of one client: who sends more is read more slowly, and loses nothing.

use std::time::Duration;

use tokio::time::Instant;

/// Rate that one connection may keep up, and what it may send at once beyond it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rate {
    /// Number of packets a second; acknowledgements are not counted.
    pub packets: u32,
    /// Number of packets that may come at once.
    pub packets_at_once: u32,
    /// Number of bytes a second.
    pub bytes: u32,
    /// Number of bytes that may come at once.
    pub bytes_at_once: u32,
}

impl Default for Rate {
    /// Returns a rate that a full outbox of 100,000 events passes at once (18 MB in arrays), and a slot that
    /// sends 24,000 events a second does not.
    fn default() -> Self {
        let (kilo, mega) = (1_024, 1_024 * 1_024);
        Self {
            packets: 1_000,
            packets_at_once: 10_000,
            bytes: 512 * kilo,
            bytes_at_once: 32 * mega,
        }
    }
}

/// Token buckets of one connection. What was read already is a debt, which has to be waited off.
#[derive(Debug)]
pub(super) struct Bucket {
    rate: Rate,
    packets: f64,
    bytes: f64,
    at: Instant,
}

impl Bucket {
    pub(super) fn new(rate: Rate, now: Instant) -> Self {
        let (packets, bytes) = (f64::from(rate.packets_at_once), f64::from(rate.bytes_at_once));
        Self { rate, packets, bytes, at: now }
    }

    /// Takes what was read; returns the time to wait before more is read, usually none.
    pub(super) fn take(&mut self, now: Instant, packets: usize, bytes: usize) -> Duration {
        let passed = now.duration_since(self.at).as_secs_f64();
        self.at = now;
        #[expect(clippy::cast_precision_loss, reason = "a chunk has some thousand bytes")]
        let fill = |level: &mut f64, rate: u32, most: u32, taken: usize| {
            let rate = f64::from(rate.max(1));
            *level = (*level + passed * rate).min(f64::from(most)) - taken as f64;
            (-*level / rate).max(0.0)
        };
        let Rate { packets: often, packets_at_once, bytes: fast, bytes_at_once } = self.rate;
        let packets = fill(&mut self.packets, often, packets_at_once, packets);
        let bytes = fill(&mut self.bytes, fast, bytes_at_once, bytes);
        Duration::from_secs_f64(packets.max(bytes))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Reads so many packets of so many bytes as fast as it may; returns the time that it takes.
    fn takes(packets: usize, bytes: usize) -> Duration {
        let start = Instant::now();
        let mut bucket = Bucket::new(Rate::default(), start);
        let now = (0..packets).fold(start, |now, _| now + bucket.take(now, 1, bytes));
        now - start
    }

    #[test]
    fn a_full_outbox_is_sent_again_at_once() {
        assert_eq!(takes(200, 90_000), Duration::ZERO);
    }

    #[test]
    fn a_slot_that_went_mad_is_slowed() {
        // 120,000 events in messages of their own, and in arrays.
        assert!(takes(120_000, 180) > Duration::from_secs(100));
        assert!(takes(1_000, 90_000) > Duration::from_secs(100));
    }

    #[test]
    fn who_was_slowed_is_not_when_it_has_calmed_down() {
        let start = Instant::now();
        let mut bucket = Bucket::new(Rate::default(), start);
        bucket.take(start, 20_000, 0);

        let waits = bucket.take(start + Duration::from_secs(20), 1, 100);

        assert_eq!(waits, Duration::ZERO);
    }
}
