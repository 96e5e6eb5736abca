//! Numbers of tests that passed, failed and were skipped, read from what nextest and cargo test print.

use std::fmt;
use std::ops::AddAssign;

/// Tests by their end.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Count {
    /// Tests that ran and kept their promise.
    pub(crate) passed: u64,
    /// Tests that ran and did not, hung ones and those that would not start included.
    pub(crate) failed: u64,
    /// Tests that did not run.
    pub(crate) skipped: u64,
}

impl Count {
    /// Reads the closing line of nextest, `Summary [ 1.2s] 5 tests run: 4 passed, 1 failed, 0 skipped`; any other line
    /// is `None`, those of cargo test too, which nextest shows of a test that failed.
    pub(crate) fn from_nextest(line: &str) -> Option<Self> {
        let line = plain(line);
        let rest = line.trim_start().strip_prefix("Summary [")?;
        let run = before(rest, "tests run:").or_else(|| before(rest, "test run:"))?;
        let passed = before(rest, "passed").unwrap_or(0);
        let skipped = before(rest, "skipped").unwrap_or(0);
        Some(Self { passed, failed: run.saturating_sub(passed), skipped })
    }

    /// Reads a closing line of cargo test, `test result: ok. 5 passed; 0 failed; 1 ignored; …`; any other line is
    /// `None`.
    pub(crate) fn from_cargo_test(line: &str) -> Option<Self> {
        let line = plain(line);
        let rest = line.strip_prefix("test result: ")?;
        let (passed, failed) = (before(rest, "passed")?, before(rest, "failed")?);
        Some(Self { passed, failed, skipped: before(rest, "ignored").unwrap_or(0) })
    }

    /// Reads the closing line of `cargo eg vm`, `cargo eg arm`, `cargo eg net`, `cargo eg torture` and others, `kernel checks: 5 passed, 0 failed, 0 skipped`; any
    /// other line is `None`.
    pub(crate) fn from_checks(line: &str) -> Option<Self> {
        let line = plain(line);
        let rest = [
            "kernel checks: ",
            "arm checks: ",
            "network checks: ",
            "sdk checks: ",
            "torture checks: ",
            "repository checks: ",
            "container checks: ",
            "workflow checks: ",
        ]
        .iter()
        .find_map(|name| line.strip_prefix(name))?;
        let (passed, failed) = (before(rest, "passed")?, before(rest, "failed")?);
        Some(Self { passed, failed, skipped: before(rest, "skipped")? })
    }
}

impl AddAssign for Count {
    fn add_assign(&mut self, other: Self) {
        self.passed += other.passed;
        self.failed += other.failed;
        self.skipped += other.skipped;
    }
}

impl fmt::Display for Count {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { passed, failed, skipped } = self;
        write!(f, "{passed} passed, {failed} failed, {skipped} skipped")
    }
}

/// The number that stands before a word: 4 in `…, 4 passed`, and 5 in `5/12 tests run:` of a run that was cut short.
fn before(text: &str, word: &str) -> Option<u64> {
    let (head, _) = text.split_once(&format!(" {word}"))?;
    let number = head.rsplit([' ', ',', ':', ';', ']']).next()?;
    number.split('/').next()?.parse().ok()
}

/// The line without its colours.
fn plain(line: &str) -> String {
    let mut text = String::with_capacity(line.len());
    let mut chars = line.chars();
    while let Some(c) = chars.next() {
        if c == '\u{1b}' {
            chars.by_ref().find(char::is_ascii_alphabetic);
        } else {
            text.push(c);
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_the_closing_line_of_nextest() {
        let line = "     Summary [   0.210s] 12 tests run: 11 passed (1 slow), 1 failed, 3 skipped";

        let count = Count::from_nextest(line);

        assert_eq!(count, Some(Count { passed: 11, failed: 1, skipped: 3 }));
    }

    #[test]
    fn counts_a_hung_test_as_failed() {
        let line = "Summary [ 60.0s] 5/12 tests run: 3 passed, 1 failed, 1 timed out, 7 skipped";

        let count = Count::from_nextest(line);

        assert_eq!(count, Some(Count { passed: 3, failed: 2, skipped: 7 }));
    }

    #[test]
    fn reads_what_the_network_checks_skipped() {
        let count = Count::from_checks("network checks: 1 passed, 0 failed, 1 skipped");

        assert_eq!(count, Some(Count { passed: 1, failed: 0, skipped: 1 }));
    }

    #[test]
    fn reads_one_test_and_colours() {
        let line =
            "\u{1b}[32;1m     Summary\u{1b}[0m [ 0.0s] \u{1b}[1m1\u{1b}[0m test run: 1 passed";

        let count = Count::from_nextest(line);

        assert_eq!(count, Some(Count { passed: 1, failed: 0, skipped: 0 }));
    }

    #[test]
    fn reads_the_closing_line_of_cargo_test() {
        let line = "test result: FAILED. 7 passed; 2 failed; 1 ignored; 0 measured; 0 filtered out";

        let count = Count::from_cargo_test(line);

        assert_eq!(count, Some(Count { passed: 7, failed: 2, skipped: 1 }));
    }

    #[test]
    fn counts_a_failed_test_once_though_nextest_shows_its_output() {
        let shown = "    test result: FAILED. 0 passed; 1 failed; 0 ignored; 0 measured";

        assert_eq!(Count::from_nextest(shown), None);
    }

    #[test]
    fn reads_what_it_wrote_of_the_kernel() {
        let count = Count { passed: 5, failed: 1, skipped: 2 };

        assert_eq!(Count::from_checks(&format!("kernel checks: {count}\n")), Some(count));
    }

    #[test]
    fn leaves_other_lines_alone() {
        assert_eq!(Count::from_cargo_test("test drivers::opens_once ... ok"), None);
        assert_eq!(Count::from_nextest("3 passed, 4 failed"), None);
    }
}
