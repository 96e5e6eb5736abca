//! Path to a value in a file, by keys and indices.

use std::fmt;

/// The way from the top of a file to a value, printed as `devices.panel.config.inputs[2]`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct KeyPath(Vec<Step>);

#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum Step {
    Key(String),
    Index(usize),
}

impl KeyPath {
    /// The whole file.
    pub const fn root() -> Self {
        Self(Vec::new())
    }

    /// The value under `key`.
    #[must_use]
    pub fn key(&self, key: impl Into<String>) -> Self {
        self.step(Step::Key(key.into()))
    }

    /// The value at `index` of a list, from 0.
    #[must_use]
    pub fn index(&self, index: usize) -> Self {
        self.step(Step::Index(index))
    }

    /// The value that `inner` leads to from here.
    #[must_use]
    pub fn join(&self, inner: &Self) -> Self {
        Self(self.0.iter().chain(&inner.0).cloned().collect())
    }

    /// Tells whether the path leads to the same value as `other`, or to one around or inside it.
    pub fn touches(&self, other: &Self) -> bool {
        self.0.iter().zip(&other.0).all(|(one, other)| one == other)
    }

    /// Tells whether the path leads through an item of a list below `outer`.
    pub fn is_in_list(&self, outer: &Self) -> bool {
        self.0.iter().skip(outer.0.len()).any(|step| matches!(step, Step::Index(_)))
    }

    /// Tells whether this is the whole file.
    pub fn is_root(&self) -> bool {
        self.0.is_empty()
    }

    fn step(&self, step: Step) -> Self {
        let mut steps = self.0.clone();
        steps.push(step);
        Self(steps)
    }

    pub(crate) fn steps(&self) -> &[Step] {
        &self.0
    }

    pub(crate) fn from_steps(steps: Vec<Step>) -> Self {
        Self(steps)
    }
}

/// A path of keys, outermost first.
impl<K: Into<String>> FromIterator<K> for KeyPath {
    fn from_iter<I: IntoIterator<Item = K>>(keys: I) -> Self {
        Self(keys.into_iter().map(|key| Step::Key(key.into())).collect())
    }
}

/// The path to one key.
impl From<&str> for KeyPath {
    fn from(key: &str) -> Self {
        Self::root().key(key)
    }
}

/// A path of keys, outermost first.
impl<const N: usize> From<[&str; N]> for KeyPath {
    fn from(keys: [&str; N]) -> Self {
        keys.into_iter().collect()
    }
}

impl fmt::Display for KeyPath {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (place, step) in self.0.iter().enumerate() {
            match step {
                Step::Index(index) => write!(out, "[{index}]")?,
                Step::Key(key) => {
                    if place > 0 {
                        out.write_str(".")?;
                    }
                    if is_plain(key) { out.write_str(key)? } else { write!(out, "{key:?}")? }
                }
            }
        }
        Ok(())
    }
}

fn is_plain(key: &str) -> bool {
    !key.is_empty()
        && key
            .chars()
            .all(|c| c.is_alphanumeric() || matches!(c, '-' | '_' | '/' | ':' | '+' | '#'))
}

#[cfg(test)]
mod tests {
    use super::KeyPath;

    #[test]
    fn prints_keys_with_dots_and_indices_in_brackets() {
        let path = KeyPath::from(["devices", "panel", "config", "inputs"]).index(2);

        assert_eq!(path.to_string(), "devices.panel.config.inputs[2]");
        assert_eq!(KeyPath::root().index(0).key("a.b").to_string(), r#"[0]."a.b""#);
    }
}
