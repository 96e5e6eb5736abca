//! The course of injected clocks: a text that says how they go, by the clock of the machine that the test runs on.
//!
//! ```text
//! # µs of the machine's CLOCK_MONOTONIC, and the date then, in µs since the epoch
//! start 7120000000 1764012345678901
//! # µs after the start, what changes, by how much
//! 0 shift 86400000000
//! 0 crystal 40000
//! 5000000 slew 500000
//! 9000000 suspend 3000000
//! 20000000 date -3600000000
//! ```

use crate::reading::Reading;
use std::path::PathBuf;
use std::time::Duration;

/// A course that cannot be followed.
#[derive(Debug)]
pub enum CourseError {
    /// The file cannot be read.
    Read(PathBuf, std::io::Error),
    /// A line of it makes no sense: its number from 1, and what was wanted.
    Line(PathBuf, usize, &'static str),
}

impl std::fmt::Display for CourseError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Read(path, error) => write!(f, "{}: {error}", path.display()),
            Self::Line(path, line, wanted) => {
                write!(f, "{}:{line}: {wanted} is wanted", path.display())
            }
        }
    }
}

impl std::error::Error for CourseError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Read(_, error) => Some(error),
            Self::Line(..) => None,
        }
    }
}

/// Course of injected clocks. They begin as the machine's `CLOCK_MONOTONIC` and go at its rate; each line changes that.
///
/// | what | by how much |
/// |---|---|
/// | `crystal` | all clocks go so many ppb faster from then on, not added to an earlier `crystal` |
/// | `slew` | all but the raw clock go so many ppb faster still, as under NTP |
/// | `suspend` | for so many µs the monotonic clocks stand still |
/// | `shift` | the machine was started so many µs earlier |
/// | `date` | the date is set so many µs ahead |
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Course {
    /// Moment of the start, in nanoseconds of the machine's clock.
    start: i128,
    /// The date then, in nanoseconds.
    date: i128,
    /// Changes in the order of time, in nanoseconds after the start.
    steps: Vec<(i128, Change)>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Change {
    Crystal(i128),
    Slew(i128),
    Asleep(bool),
    Shift(i128),
    Date(i128),
}

impl Course {
    /// Reads a file.
    ///
    /// # Errors
    /// [`CourseError`] names the line.
    pub fn read(path: &str) -> Result<Self, CourseError> {
        let text =
            std::fs::read_to_string(path).map_err(|error| CourseError::Read(path.into(), error))?;
        Self::parse(&text).map_err(|(line, wanted)| CourseError::Line(path.into(), line, wanted))
    }

    /// Reads a text.
    ///
    /// # Errors
    /// The number of the line that makes no sense, from 1, and what was wanted.
    pub fn parse(text: &str) -> Result<Self, (usize, &'static str)> {
        let mut course = Self { start: 0, date: 0, steps: Vec::new() };
        for (number, line) in (1..).zip(text.lines()) {
            let words: Vec<&str> = line.split_whitespace().collect();
            let micros = |word: &str| word.parse::<i64>().map(|micros| i128::from(micros) * 1_000);
            let wrong = |_| (number, "a whole number of microseconds");
            match words.as_slice() {
                [] => {}
                [first, ..] if first.starts_with('#') => {}
                ["start", at, date] => {
                    course.start = micros(at).map_err(wrong)?;
                    course.date = micros(date).map_err(wrong)?;
                }
                [at, what, much] => {
                    let (at, much) = (micros(at).map_err(wrong)?, micros(much).map_err(wrong)?);
                    match *what {
                        "crystal" => course.steps.push((at, Change::Crystal(much / 1_000))),
                        "slew" => course.steps.push((at, Change::Slew(much / 1_000))),
                        "shift" => course.steps.push((at, Change::Shift(much))),
                        "date" => course.steps.push((at, Change::Date(much))),
                        "suspend" => {
                            course.steps.push((at, Change::Asleep(true)));
                            course.steps.push((at + much, Change::Asleep(false)));
                        }
                        _ => return Err((number, "crystal, slew, suspend, shift or date")),
                    }
                }
                _ => return Err((number, "when, what and by how much")),
            }
        }
        // Of two rates at one moment the later line stands.
        course.steps.sort_by_key(|(at, _)| *at);
        Ok(course)
    }

    /// Returns what the clocks show when the machine's `CLOCK_MONOTONIC` shows `machine`.
    pub fn at(&self, machine: Duration) -> Reading {
        let now = i128::try_from(machine.as_nanos()).unwrap_or(i128::MAX) - self.start;
        let (mut raw, mut monotonic, mut boot) = (self.start, self.start, self.start);
        let (mut date, mut since) = (self.date, 0);
        let (mut crystal, mut slew, mut asleep) = (0, 0, false);
        let end = (now, None);
        let steps = self.steps.iter().filter(|(at, _)| *at <= now);
        for (at, change) in steps.map(|(at, change)| (*at, Some(*change))).chain([end]) {
            let passed = at - since;
            let bare = passed + passed * crystal / 1_000_000_000;
            let bent = bare + bare * slew / 1_000_000_000;
            (boot, date) = (boot + bent, date + bent);
            if !asleep {
                (raw, monotonic) = (raw + bare, monotonic + bent);
            }
            since = at;
            match change {
                Some(Change::Crystal(rate)) => crystal = rate,
                Some(Change::Slew(rate)) => slew = rate,
                Some(Change::Asleep(is)) => asleep = is,
                Some(Change::Date(by)) => date += by,
                Some(Change::Shift(by)) => {
                    (raw, monotonic, boot) = (raw + by, monotonic + by, boot + by);
                }
                None => {}
            }
        }
        let span = |nanos: i128| Duration::from_nanos(u64::try_from(nanos).unwrap_or(0));
        Reading {
            monotonic: span(monotonic),
            raw: span(raw),
            boot: span(boot),
            date: span(date),
            within: Duration::ZERO,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn micros(span: Duration) -> u128 {
        span.as_micros()
    }

    #[test]
    fn drifts_is_bent_sleeps_and_is_set() {
        let text = "# a slot\nstart 1000000 50000000\n0 crystal 100000\n0 shift 7000000\n\
                    10000000 slew 500000\n20000000 slew 0\n30000000 suspend 5000000\n40000000 date 3000000\n";
        let course = Course::parse(text).unwrap();

        let at = |seconds: u64| course.at(Duration::from_secs(1 + seconds));

        assert_eq!(micros(at(10).raw), 18_001_000, "100 ppm for ten seconds");
        assert_eq!(at(10).monotonic, at(10).raw);
        assert_eq!(micros(at(20).monotonic - at(20).raw), 5_000, "500 ppm for ten seconds");
        assert_eq!(at(30).monotonic - at(30).raw, at(20).monotonic - at(20).raw);
        assert_eq!((at(33).raw, at(33).monotonic), (at(30).raw, at(30).monotonic));
        assert_eq!(micros(at(40).boot - at(40).monotonic), 5_000_500);
        assert_eq!(micros(at(41).date - at(39).date), 3_000_000 + 2_000_200);
    }

    #[test]
    fn names_the_line_that_makes_no_sense() {
        let wrong = [("0 drift 5", 1), ("\n0 slew fast", 2), ("start 5", 1)];

        for (text, line) in wrong {
            assert_eq!(Course::parse(text).unwrap_err().0, line, "{text:?}");
        }
    }
}
