//! Times that presses took, as the agent of a slot measured them.

mod histogram;

pub use histogram::Histogram;

use serde::{Deserialize, Serialize};

/// Times that presses of a slot took since its agent's start, by stage.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Latency {
    /// From an edge until its event was handed to the connection. What waited through an outage does not count.
    #[serde(default)]
    pub sent: Spread,
    /// From there until the core's acknowledgement: the event is stored.
    #[serde(default)]
    pub acked: Spread,
    /// From an edge, at whatever slot, until an output of this slot was written that answers it.
    #[serde(default)]
    pub lamp: Spread,
}

/// Distribution of times, µs. Quantiles are at most an eighth too high.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Spread {
    /// Number of times.
    #[serde(default)]
    pub n: u64,
    /// Time that half of them kept.
    #[serde(default)]
    pub p50_us: u64,
    /// Time that 95 of 100 kept.
    #[serde(default)]
    pub p95_us: u64,
    /// Time that 99 of 100 kept.
    #[serde(default)]
    pub p99_us: u64,
    /// The longest.
    #[serde(default)]
    pub max_us: u64,
    /// Number of times by octave: at place i those from 16·2^i µs up to twice that, shorter ones at place 0 and longer
    /// ones at the last, which is 19. Empty octaves at the end are left out.
    #[serde(default)]
    pub octaves: Vec<u64>,
}

impl Spread {
    /// Largest number of octaves.
    pub const OCTAVES: usize = 20;

    /// Returns the time, µs, below which the times of an octave are.
    pub fn end_us(octave: usize) -> u64 {
        32 << octave.min(Self::OCTAVES - 1)
    }

    /// Removes what a stranger may have put in beyond the octaves that there are.
    pub fn bounded(mut self) -> Self {
        self.octaves.truncate(Self::OCTAVES);
        self
    }
}

impl Latency {
    /// Returns the stages in the order in which a press passes them, each with its name on the wire.
    pub fn stages(&self) -> [(&'static str, &Spread); 3] {
        [("sent", &self.sent), ("acked", &self.acked), ("lamp", &self.lamp)]
    }

    /// Removes what a stranger may have put in beyond the octaves that there are.
    pub fn bounded(self) -> Self {
        let Self { sent, acked, lamp } = self;
        Self { sent: sent.bounded(), acked: acked.bounded(), lamp: lamp.bounded() }
    }
}
