//! Detects the row that a broker hangs up on. Pure.
//!
//! A broker that does not like a message closes the connection, and would do so for ever. After a connection that the
//! broker closed, the rows that may be to blame go alone; one that was alone on its way five times in a row when the
//! broker hung up is given up. A network that fails accuses nobody.

/// Times a broker may hang up on one row.
const STRIKES: u32 = 5;

#[derive(Debug, Default)]
pub(super) struct PoisonDetector {
    sent_through: i64,
    alone_through: i64,
    alone: Option<i64>,
    strikes: (i64, u32),
}

impl PoisonDetector {
    /// Tells whether this row must be sent alone and waited for.
    pub(super) fn is_suspect(&self, id: i64) -> bool {
        id <= self.alone_through
    }

    /// Notes that this row is on its way; `alone`: with no other.
    pub(super) fn sent(&mut self, id: i64, alone: bool) {
        self.sent_through = self.sent_through.max(id);
        self.alone = alone.then_some(id);
    }

    /// The broker took it.
    pub(super) fn arrived(&mut self, id: i64) {
        self.alone = None;
        if self.strikes.0 == id {
            self.strikes = (0, 0);
        }
    }

    /// Forgets the strikes: somebody else of this name was there, and it was for them that the broker hung up.
    pub(super) fn absolve(&mut self) {
        self.strikes = (0, 0);
    }

    /// The connection is gone; `hung_up`: the broker ended it. Gives the row to give up.
    pub(super) fn lost(&mut self, hung_up: bool) -> Option<i64> {
        let alone = self.alone.take();
        if !hung_up {
            return None;
        }
        self.alone_through = self.sent_through;
        let id = alone?;
        let before = if self.strikes.0 == id { self.strikes.1 } else { 0 };
        self.strikes = (id, before + 1);
        (before + 1 >= STRIKES).then(|| {
            self.strikes = (0, 0);
            id
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gives_up_a_row_after_the_broker_hung_up_on_it_five_times() {
        let mut poison = PoisonDetector::default();
        poison.sent(7, false);
        poison.sent(8, false);
        assert_eq!(poison.lost(true), None);

        let verdicts: Vec<Option<i64>> = (0..5)
            .map(|_| {
                poison.sent(7, true);
                poison.lost(true)
            })
            .collect();

        assert_eq!(verdicts, [None, None, None, None, Some(7)]);
        assert!(poison.is_suspect(8) && !poison.is_suspect(9));
    }

    #[test]
    fn gives_up_no_row_for_another_client_of_the_same_name() {
        let mut poison = PoisonDetector::default();

        for round in 0..50 {
            poison.sent(7, true);
            assert_eq!(poison.lost(true), None, "{round}");
            poison.absolve();
        }
    }

    #[test]
    fn accuses_nobody_when_the_network_fails_or_the_row_arrived() {
        let mut poison = PoisonDetector::default();

        for round in 0..20 {
            poison.sent(7, true);
            if round % 3 == 0 {
                poison.arrived(7);
            }
            assert_eq!(poison.lost(round % 2 == 0), None, "{round}");
        }
    }
}
