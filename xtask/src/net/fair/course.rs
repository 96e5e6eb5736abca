//! The clocks that a process is given: a file that `EG_TEST_CLOCKS` names.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::time::Duration;

use anyhow::Context;

/// The clocks of one process, as they are to go.
pub(super) struct Course {
    start: Duration,
    date: Duration,
    /// Error of the crystal, in ppb.
    pub(super) crystal: i64,
    steps: String,
}

impl Course {
    /// Clocks that were started `earlier` and err by so many ppb, from `start` of this machine's clock on.
    pub(super) fn new(start: Duration, earlier: Duration, crystal: i64) -> Self {
        let date = eg_clock::date();
        let mut course = Self { start, date, crystal, steps: String::new() };
        let micros = i64::try_from(earlier.as_micros()).unwrap_or(i64::MAX);
        course.at(Duration::ZERO, "shift", micros);
        course.at(Duration::ZERO, "crystal", crystal);
        course
    }

    /// Adds a change at this time after the start.
    pub(super) fn at(&mut self, at: Duration, what: &str, much: i64) {
        // Writing to a string does not fail.
        let _ = writeln!(self.steps, "{} {what} {much}", at.as_micros());
    }

    /// Writes the file. Of two rates at one moment the later stands.
    pub(super) fn write(&self, path: &Path) -> anyhow::Result<()> {
        let Self { start, date, steps, .. } = self;
        let text = format!("start {} {}\n{steps}", start.as_micros(), date.as_micros());
        eg_clock::Course::parse(&text)
            .map_err(|(line, why)| anyhow::anyhow!("line {line}: {why}"))?;
        fs::write(path, text).with_context(|| format!("cannot write {}", path.display()))
    }
}
