//! Limit on what one client can make the core write to its log.

use std::collections::BTreeMap;
use std::time::Duration;

/// Number of lines of one client in a minute that are written.
const LINES: u64 = 5;
/// Largest number of clients that are counted; the lines of further ones count together.
const CLIENTS: usize = 256;
const MINUTE: Duration = Duration::from_secs(60);
/// Name under which clients beyond [`CLIENTS`] are counted.
const OTHERS: &str = "";

/// Counter of the lines that each client causes.
#[derive(Debug, Default)]
pub(crate) struct LogLimit {
    clients: BTreeMap<String, Lines>,
}

#[derive(Debug)]
struct Lines {
    since: Duration,
    count: u64,
}

impl LogLimit {
    /// Counts a line about `client` at `now`, a time since any fixed moment. Returns the number of lines that were left out
    /// since the last one that was written, or `None` if this one is to be left out too.
    pub(crate) fn pass(&mut self, client: &str, now: Duration) -> Option<u64> {
        if !self.clients.contains_key(client) && self.clients.len() >= CLIENTS {
            let over = |lines: &Lines| now.saturating_sub(lines.since) >= MINUTE;
            self.clients.retain(|_, lines| lines.count > LINES || !over(lines));
        }
        let is_counted = self.clients.contains_key(client) || self.clients.len() < CLIENTS;
        let client = if is_counted { client } else { OTHERS };
        let fresh = || Lines { since: now, count: 0 };
        let lines = self.clients.entry(client.to_owned()).or_insert_with(fresh);
        let mut left_out = 0;
        if now.saturating_sub(lines.since) >= MINUTE {
            left_out = lines.count.saturating_sub(LINES);
            *lines = fresh();
        }
        lines.count += 1;
        (lines.count <= LINES).then_some(left_out)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_client_fills_no_log_and_what_was_left_out_is_told() {
        let mut limit = LogLimit::default();
        let second = Duration::from_secs;

        let written: Vec<_> = (0..20_000).filter_map(|_| limit.pass("a", second(1))).collect();

        assert_eq!(written, [0; 5]);
        assert_eq!(limit.pass("b", second(1)), Some(0), "another client");
        assert_eq!(limit.pass("a", second(61)), Some(19_995));
        assert_eq!(limit.pass("a", second(62)), Some(0));
    }

    #[test]
    fn names_that_never_end_take_no_memory() {
        let mut limit = LogLimit::default();

        let written =
            (0..10_000).filter_map(|n| limit.pass(&n.to_string(), Duration::ZERO)).count();

        assert!(limit.clients.len() <= CLIENTS + 1);
        assert!(written <= CLIENTS + 5, "{written}");
    }
}
