//! Intake: messages that arrive are stored, and reach their session in their turn.

mod inputs;
mod release;

use crate::ingest::{Delivery, Streams};
use eg_page::LogLimit;
use eg_proto::Timestamp;

/// Deliveries that are not stored yet, and the numbered streams of slots.
#[derive(Default)]
pub(in crate::engine) struct Intake {
    pub(in crate::engine) streams: Streams,
    /// Deliveries of a round that was rolled back.
    pub(in crate::engine) waiting: Vec<Delivery>,
    /// Time at which a round that was rolled back is tried again; `None` while everything is stored.
    pub(in crate::engine) retry: Option<Timestamp>,
    /// Limit on the log lines about messages that cannot be read.
    pub(in crate::engine) complaints: LogLimit,
}

impl Intake {
    /// Returns the deliveries of a round: those that a refused round left, then those that came since.
    pub(in crate::engine) fn collect(&mut self, came: Vec<Delivery>) -> Vec<Delivery> {
        let mut all = std::mem::take(&mut self.waiting);
        all.extend(came);
        all
    }

    /// Keeps the deliveries of a refused round, which is tried again at `retry`.
    pub(in crate::engine) fn keep(&mut self, came: Vec<Delivery>, retry: Timestamp) {
        self.waiting = came;
        self.retry = Some(retry);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn delivery(at: i64) -> Delivery {
        Delivery { at: Timestamp(at), what: Vec::new(), token: None }
    }

    #[test]
    fn deliveries_of_a_refused_round_come_first_in_the_next_one() {
        let mut intake = Intake::default();

        let refused = intake.collect(vec![delivery(1), delivery(2)]);
        intake.keep(refused, Timestamp(9));
        let next = intake.collect(vec![delivery(3)]);

        let times: Vec<_> = next.iter().map(|delivery| delivery.at.0).collect();
        assert_eq!(times, [1, 2, 3]);
        assert_eq!(intake.retry, Some(Timestamp(9)));
        assert!(intake.collect(Vec::new()).is_empty());
    }
}
