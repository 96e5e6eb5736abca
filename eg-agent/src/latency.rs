//! Times that presses took, by stage: from the edge to the connection, from there to the core's acknowledgement, and from
//! an edge to the output that answers it.

use eg_proto::{Histogram, Latency};

/// Times of the presses of a slot since the agent's start.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Latencies {
    /// From an edge until its event was handed to the connection.
    pub sent: Histogram,
    /// From there until the core's acknowledgement.
    pub acked: Histogram,
    /// From an edge until an output was written that answers it.
    pub lamp: Histogram,
}

impl Latencies {
    /// Returns the number of times that were measured, over all stages.
    pub(crate) fn count(&self) -> u64 {
        self.sent.count() + self.acked.count() + self.lamp.count()
    }

    /// Returns the times as the core is told them; `None` before the first.
    pub(crate) fn told(&self) -> Option<Latency> {
        let [sent, acked, lamp] = [&self.sent, &self.acked, &self.lamp].map(Histogram::told);
        (self.count() > 0).then_some(Latency { sent, acked, lamp })
    }
}
