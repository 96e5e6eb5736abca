//! Verdict on the checks in the machine: what they said, and what those are worth that said nothing.

use crate::count::Count;

/// End of one check, with the reason when it failed.
pub(crate) type End = Result<(), String>;

/// The checks that must report, and what they reported so far.
#[derive(Debug)]
pub(crate) struct Verdicts {
    checks: Vec<(String, Option<End>)>,
    running: Option<String>,
}

/// Meaning of a line of the machine's.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Line<'l> {
    /// A check begins.
    Begins(&'l str),
    /// A check ended.
    Ended(&'l str, End),
    /// Something else.
    Other(&'l str),
}

impl<'l> Line<'l> {
    /// Reads `check NAME`, `ok NAME` and `FAILED NAME: reason`; the serial line ends its lines with CR LF.
    pub(crate) fn read(line: &'l str) -> Self {
        let line = line.trim_end();
        match line.split_once(' ') {
            Some(("check", name)) => Self::Begins(name),
            Some(("ok", name)) => Self::Ended(name, Ok(())),
            Some(("FAILED", rest)) => {
                let (name, why) = rest.split_once(": ").unwrap_or((rest, "no reason given"));
                Self::Ended(name, Err(why.to_owned()))
            }
            Some(_) | None => Self::Other(line),
        }
    }
}

impl Verdicts {
    /// None of these checks has reported.
    pub(crate) fn of(names: Vec<String>) -> Self {
        Self { checks: names.into_iter().map(|name| (name, None)).collect(), running: None }
    }

    /// Notes a line. A check that ended twice, or that nobody wanted, is a failure under its name.
    pub(crate) fn hear(&mut self, line: &Line<'_>) {
        match line {
            Line::Begins(name) => self.running = Some((*name).to_owned()),
            Line::Ended(name, end) => match self.checks.iter_mut().find(|check| check.0 == *name) {
                Some((_, told @ None)) => *told = Some(end.clone()),
                Some((_, told)) => *told = Some(Err("it reported twice".to_owned())),
                None => {
                    let end = Some(Err("it is in no list".to_owned()));
                    self.checks.push(((*name).to_owned(), end));
                }
            },
            Line::Other(_) => {}
        }
    }

    /// Ends the checks that did not report: they failed, and `why` says how the machine ended. Gives their names.
    pub(crate) fn close(&mut self, why: &str) -> Vec<(String, String)> {
        let mut silent = Vec::new();
        for (name, end) in self.checks.iter_mut().filter(|(_, end)| end.is_none()) {
            let began = self.running.as_ref() == Some(name);
            let what = if began { "did not end" } else { "never began" };
            let reason = format!("it {what}: {why}");
            *end = Some(Err(reason.clone()));
            silent.push((name.clone(), reason));
        }
        silent
    }

    /// Counts the checks that kept their promise and those that did not; one that said nothing did not.
    pub(crate) fn count(&self) -> Count {
        let passed = self.checks.iter().filter(|(_, end)| matches!(end, Some(Ok(())))).count();
        let failed = self.checks.len() - passed;
        Count { passed: passed as u64, failed: failed as u64, skipped: 0 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn after(lines: &[&str]) -> Verdicts {
        let names = ["gpio/press", "i2c/nack", "spi/loop"].map(str::to_owned);
        let mut verdicts = Verdicts::of(names.into());
        lines.iter().for_each(|line| verdicts.hear(&Line::read(line)));
        verdicts
    }

    #[test]
    fn every_check_that_reports_ok_passes() {
        let mut verdicts =
            after(&["check gpio/press", "ok gpio/press\r", "ok i2c/nack", "ok spi/loop"]);

        assert_eq!(verdicts.close("off"), []);
        assert_eq!(verdicts.count(), Count { passed: 3, failed: 0, skipped: 0 });
    }

    #[test]
    fn a_check_that_says_nothing_failed() {
        let mut verdicts = after(&["check gpio/press", "ok gpio/press", "check i2c/nack"]);

        let silent = verdicts.close("the time was up");

        let reasons: Vec<_> = silent.iter().map(|(name, why)| format!("{name}: {why}")).collect();
        let wanted = [
            "i2c/nack: it did not end: the time was up",
            "spi/loop: it never began: the time was up",
        ];
        assert_eq!(reasons, wanted);
        assert_eq!(verdicts.count(), Count { passed: 1, failed: 2, skipped: 0 });
    }

    #[test]
    fn a_failure_keeps_its_reason() {
        let line = Line::read("FAILED gpio/press: wanted 2, found 1: [(0, true)]\r\n");

        let why = Err("wanted 2, found 1: [(0, true)]".to_owned());
        assert_eq!(line, Line::Ended("gpio/press", why));
    }

    #[test]
    fn nobody_passes_twice_or_unasked() {
        let verdicts = after(&["ok gpio/press", "ok gpio/press", "ok i2c/nack", "ok own/idea"]);

        assert_eq!(verdicts.count(), Count { passed: 1, failed: 3, skipped: 0 });
    }

    #[test]
    fn the_kernels_words_are_no_verdict() {
        assert_eq!(Line::read("okay then"), Line::Other("okay then"));
        assert_eq!(Line::read(""), Line::Other(""));
    }
}
