//! Limit on the log lines that strangers cause, and on what such a line shows of what they chose.

use std::collections::BTreeMap;
use std::fmt::Display;
use std::mem;
use std::sync::{LazyLock, Mutex, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

/// Number of lines about one client in a minute that are written.
const LINES: u64 = 5;
/// Number of lines about all clients together in a minute that are written: a stranger may have many names.
const ALL_LINES: u64 = 60;
/// Largest number of clients that are counted; the lines of further ones count together.
const CLIENTS: usize = 256;
/// Longest text of a stranger that a line shows, in characters.
const LONGEST: usize = 100;
const MINUTE: Duration = Duration::from_secs(60);
/// Name under which clients beyond [`CLIENTS`] are counted.
const OTHERS: &str = "";

/// Lines about strangers of this process, since its first one.
static STRANGERS: LazyLock<(Instant, Mutex<LogLimit>)> =
    LazyLock::new(|| (Instant::now(), Mutex::default()));

/// Warns of what a stranger did, unless there are enough such lines in this minute. The line tells how many were left
/// out before it; of `who` and `told`, which strangers may choose, it shows an [`excerpt`].
pub fn complain(what: &'static str, who: impl Display, told: impl Display) {
    let who = excerpt(&who.to_string());
    if let Some(more) = may_log(&format!("{what} {who}")) {
        tracing::warn!(who, told = excerpt(&told.to_string()), more, "{what}");
    }
}

/// Counts a line that strangers cause, by this key. Returns the number of lines that were left out since the last one that
/// was written, or `None` if this one is to be left out too.
pub fn may_log(key: &str) -> Option<u64> {
    let (began, limit) = &*STRANGERS;
    limit.lock().unwrap_or_else(PoisonError::into_inner).pass(key, began.elapsed())
}

/// Returns the beginning of a text that a stranger chose: 100 characters at most, and control characters and marks of
/// direction escaped.
pub fn excerpt(text: &str) -> String {
    let mut short = String::new();
    for c in text.chars().take(LONGEST) {
        let turns = matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
        match c.is_control() || turns {
            true => short.extend(c.escape_default()),
            false => short.push(c),
        }
    }
    if text.chars().nth(LONGEST).is_some() {
        short.push('…');
    }
    short
}

/// Counter of the lines that each client causes.
#[derive(Debug, Default)]
pub struct LogLimit {
    clients: BTreeMap<String, Lines>,
    all: Lines,
}

#[derive(Debug, Default)]
struct Lines {
    since: Duration,
    count: u64,
    written: u64,
}

impl Lines {
    /// Begins a new minute if the last one is over, and returns the number of lines that it left out.
    fn turn(&mut self, now: Duration) -> u64 {
        if now.saturating_sub(self.since) < MINUTE {
            return 0;
        }
        let before = mem::replace(self, Self { since: now, ..Self::default() });
        before.count - before.written
    }
}

impl LogLimit {
    /// Counts a line about `client` at `now`, a time since any fixed moment. Returns the number of lines that were left out
    /// since the last one that was written, or `None` if this one is to be left out too.
    pub fn pass(&mut self, client: &str, now: Duration) -> Option<u64> {
        if !self.clients.contains_key(client) && self.clients.len() >= CLIENTS {
            self.forget(now);
        }
        let is_counted = self.clients.contains_key(client) || self.clients.len() < CLIENTS;
        let client = if is_counted { client } else { OTHERS };
        let fresh = || Lines { since: now, ..Lines::default() };
        let lines = self.clients.entry(client.to_owned()).or_insert_with(fresh);
        let left_out = lines.turn(now);
        self.all.turn(now);
        lines.count += 1;
        self.all.count += 1;
        if lines.written >= LINES || self.all.written >= ALL_LINES {
            // Told with the next line that is written.
            lines.count += left_out;
            return None;
        }
        lines.written += 1;
        self.all.written += 1;
        Some(left_out)
    }

    /// Forgets clients whose minute is over. What was left out of them counts with the others.
    fn forget(&mut self, now: Duration) {
        let mut left_out = 0;
        self.clients.retain(|client, lines| {
            let stays = client == OTHERS || now.saturating_sub(lines.since) < MINUTE;
            left_out += if stays { 0 } else { lines.count - lines.written };
            stays
        });
        let fresh = || Lines { since: now, ..Lines::default() };
        self.clients.entry(OTHERS.to_owned()).or_insert_with(fresh).count += left_out;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn second(second: u64) -> Duration {
        Duration::from_secs(second)
    }

    #[test]
    fn a_client_fills_no_log_and_what_was_left_out_is_told() {
        let mut limit = LogLimit::default();

        let written: Vec<_> = (0..20_000).filter_map(|_| limit.pass("a", second(1))).collect();

        assert_eq!(written, [0; 5]);
        assert_eq!(limit.pass("b", second(1)), Some(0), "another client");
        assert_eq!(limit.pass("a", second(61)), Some(19_995));
        assert_eq!(limit.pass("a", second(62)), Some(0));
    }

    #[test]
    fn names_that_never_end_take_no_memory_and_fill_no_log() {
        let mut limit = LogLimit::default();

        let written =
            (0..10_000).filter_map(|n| limit.pass(&n.to_string(), Duration::ZERO)).count();

        assert!(limit.clients.len() <= CLIENTS + 1);
        assert_eq!(u64::try_from(written), Ok(ALL_LINES));
    }

    #[test]
    fn a_flood_of_names_does_not_hide_who_comes_a_minute_later() {
        let mut limit = LogLimit::default();
        for n in 0..10_000 {
            limit.pass(&n.to_string(), second(1));
        }

        assert_eq!(limit.pass("late", second(62)), Some(0));
        assert!(limit.clients.contains_key("late"), "counted by itself");
        let told = limit.pass(OTHERS, second(63));
        assert_eq!(told, Some(10_000 - ALL_LINES), "what was left out is told with the others");
    }

    #[test]
    fn what_a_stranger_chose_is_short_and_moves_no_cursor() {
        let told = excerpt(&format!("\u{1b}[2J\r\n\u{202e}é{}", "x".repeat(70_000)));

        assert!(told.starts_with("\\u{1b}[2J\\r\\n\\u{202e}éx"), "{told}");
        assert!(told.ends_with("x…") && told.len() < 200);
    }
}
