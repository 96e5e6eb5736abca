//! Every mistake of a run.

use std::fmt;
use std::slice;
use std::vec;

use serde::Serialize;

use crate::problem::Problem;

/// Every mistake of a run, by file and position, each once.
///
/// Never empty where a function returns it as an error. Collect with [`push`](Self::push), `extend` and
/// [`keep`](Self::keep), then finish with [`or`](Self::or):
///
/// ```
/// use eg_config::{Anything, Problems, Source, read};
///
/// fn check(sources: &[Source]) -> Result<usize, Problems> {
///     let mut problems = Problems::default();
///     let read = sources.iter().filter_map(|s| problems.keep(read::<Anything>(s))).count();
///     problems.or(read)
/// }
/// # assert_eq!(check(&[Source::text("a.yaml", "a: 1")]).unwrap(), 1);
/// # assert_eq!(check(&[Source::text("a.yaml", "a: [")]).unwrap_err().len(), 1);
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Problems(Vec<Problem>);

impl Problems {
    /// Adds one, at its place, unless it is known already.
    pub fn push(&mut self, problem: Problem) {
        let place = self.0.partition_point(|known| key(known) <= key(&problem));
        let said = self
            .0
            .iter()
            .any(|known| key(known) == key(&problem) && known.message == problem.message);
        if !said {
            self.0.insert(place, problem);
        }
    }

    /// Takes the value of `result`, or adds its problems and answers `None`.
    pub fn keep<T>(&mut self, result: Result<T, Self>) -> Option<T> {
        match result {
            Ok(value) => Some(value),
            Err(problems) => {
                self.extend(problems);
                None
            }
        }
    }

    /// `value` when there is no problem.
    ///
    /// # Errors
    /// Itself, when there is one.
    pub fn or<T>(self, value: T) -> Result<T, Self> {
        if self.0.is_empty() { Ok(value) } else { Err(self) }
    }

    /// Tells whether there is no problem.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Returns the number of problems.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// The problems by file and position.
    pub fn iter(&self) -> slice::Iter<'_, Problem> {
        self.0.iter()
    }
}

fn key(problem: &Problem) -> (&str, Option<usize>, Option<usize>) {
    (&problem.file, problem.line, problem.column)
}

impl fmt::Display for Problems {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (place, problem) in self.0.iter().enumerate() {
            if place > 0 {
                out.write_str("\n\n")?;
            }
            fmt::Display::fmt(problem, out)?;
        }
        Ok(())
    }
}

impl std::error::Error for Problems {}

impl From<Problem> for Problems {
    fn from(problem: Problem) -> Self {
        Self(vec![problem])
    }
}

impl FromIterator<Problem> for Problems {
    fn from_iter<I: IntoIterator<Item = Problem>>(problems: I) -> Self {
        let mut all = Self::default();
        all.extend(problems);
        all
    }
}

impl Extend<Problem> for Problems {
    fn extend<I: IntoIterator<Item = Problem>>(&mut self, problems: I) {
        problems.into_iter().for_each(|problem| self.push(problem));
    }
}

impl IntoIterator for Problems {
    type Item = Problem;
    type IntoIter = vec::IntoIter<Problem>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

impl<'a> IntoIterator for &'a Problems {
    type Item = &'a Problem;
    type IntoIter = slice::Iter<'a, Problem>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}
