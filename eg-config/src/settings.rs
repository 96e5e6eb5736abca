//! Settings that their types allow and that cannot work.

use std::fmt;

use crate::path::KeyPath;
use crate::problems::Problems;
use crate::source::Source;

/// Settings that their types allow and that cannot work, each with its path inside the part of a file that a plugin
/// has to itself. Whoever knows the file makes [`Problems`] of them.
///
/// ```
/// use eg_config::{KeyPath, SettingProblems, Source};
///
/// let mut wrong = SettingProblems::default();
/// wrong.push("guard", "4 to 6, not 7");
/// wrong.push(KeyPath::from(["keys", "9"]), "the chip has keys 0 to 6");
///
/// let file = Source::text("slot.yaml", "config:\n  guard: 7\n  keys: { 9: { threshold: 3 } }\n");
/// let told = wrong.in_file(&file, &KeyPath::from(["config"])).to_string();
///
/// assert!(told.starts_with("slot.yaml:2:10: config.guard: 4 to 6, not 7"));
/// assert!(told.contains("slot.yaml:3:14: config.keys.9: the chip has keys 0 to 6"));
/// assert_eq!(wrong.to_string(), "guard: 4 to 6, not 7; keys.9: the chip has keys 0 to 6");
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SettingProblems(Vec<(KeyPath, String)>);

impl SettingProblems {
    /// One problem: the path to the setting, and what is wrong and what would work.
    pub fn of(path: impl Into<KeyPath>, problem: impl Into<String>) -> Self {
        Self(vec![(path.into(), problem.into())])
    }

    /// Adds a problem.
    pub fn push(&mut self, path: impl Into<KeyPath>, problem: impl Into<String>) {
        self.0.push((path.into(), problem.into()));
    }

    /// Takes the value of `checked`, or adds its problems and answers `None`.
    pub fn add<T>(&mut self, checked: Result<T, Self>) -> Option<T> {
        self.add_under(&KeyPath::root(), checked)
    }

    /// Takes the value of `checked`, or adds its problems as those of a part that stands under `path`.
    pub fn add_under<T>(&mut self, path: &KeyPath, checked: Result<T, Self>) -> Option<T> {
        match checked {
            Ok(value) => Some(value),
            Err(part) => {
                let wrong = part.0.into_iter().map(|(inner, problem)| (path.join(&inner), problem));
                self.0.extend(wrong);
                None
            }
        }
    }

    /// Each with its path.
    pub fn iter(&self) -> impl Iterator<Item = (&KeyPath, &str)> {
        self.0.iter().map(|(path, problem)| (path, problem.as_str()))
    }

    /// Tells whether there is no problem.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// `value` when there is no problem.
    ///
    /// # Errors
    /// Itself, when there is one.
    pub fn or<T>(self, value: T) -> Result<T, Self> {
        if self.is_empty() { Ok(value) } else { Err(self) }
    }

    /// Each at its place in `source`, whose part under `base` they are about. A setting that is not written is shown
    /// at the mapping that it is missing from.
    pub fn in_file(&self, source: &Source, base: &KeyPath) -> Problems {
        let at = |(path, problem): &(KeyPath, String)| source.problem_at(&base.join(path), problem);
        self.0.iter().map(at).collect()
    }
}

impl fmt::Display for SettingProblems {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (place, (path, problem)) in self.0.iter().enumerate() {
            let gap = if place > 0 { "; " } else { "" };
            let colon = if path.is_root() { "" } else { ": " };
            write!(out, "{gap}{path}{colon}{problem}")?;
        }
        Ok(())
    }
}

impl std::error::Error for SettingProblems {}
