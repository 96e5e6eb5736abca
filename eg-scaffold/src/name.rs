//! The name of a new crate.

use std::fmt;
use std::str::FromStr;

/// Words that are no crate's name because they are Rust's.
const KEYWORDS: [&str; 40] = [
    "abstract", "as", "async", "await", "become", "box", "break", "const", "continue", "crate",
    "do", "dyn", "else", "enum", "extern", "false", "final", "fn", "for", "if", "impl", "in",
    "let", "loop", "match", "mod", "move", "mut", "pub", "ref", "return", "self", "static",
    "struct", "super", "test", "trait", "true", "type", "use",
];

/// Lower-case words of letters and digits, joined by hyphens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Name(String);

impl Name {
    /// Returns the name of the crate: `rotary-knob`.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Returns the identifier: `rotary_knob`.
    pub fn ident(&self) -> String {
        self.0.replace('-', "_")
    }

    /// Fills the name into a template: `{{name}}`, `{{ident}}` and `{{Type}}`.
    pub(crate) fn fill(&self, text: &str) -> String {
        text.replace("{{name}}", self.as_str())
            .replace("{{ident}}", &self.ident())
            .replace("{{Type}}", &self.type_name())
    }

    /// Returns the name of a type: `RotaryKnob`.
    pub fn type_name(&self) -> String {
        let word = |word: &str| {
            let (first, rest) = word.split_at(1);
            first.to_uppercase() + rest
        };
        self.0.split('-').map(word).collect()
    }
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A text that is no [`Name`], and what would be one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NameError(String);

impl fmt::Display for NameError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for NameError {}

impl FromStr for Name {
    type Err = NameError;

    fn from_str(text: &str) -> Result<Self, NameError> {
        let plain = |word: &str| {
            !word.is_empty() && word.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit())
        };
        if !text.starts_with(|c: char| c.is_ascii_lowercase()) || !text.split('-').all(plain) {
            return Err(NameError(format!(
                "\"{text}\" is no name; write lower-case letters, digits and hyphens, e.g. rotary-knob"
            )));
        }
        if KEYWORDS.contains(&text) {
            return Err(NameError(format!("\"{text}\" is a word of Rust; add what it is for")));
        }
        Ok(Self(text.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::Name;

    #[test]
    fn a_name_is_a_crate_an_identifier_and_a_type() {
        let name: Name = "knob-2-wide".parse().unwrap();

        assert_eq!((name.as_str(), &*name.ident()), ("knob-2-wide", "knob_2_wide"));
        assert_eq!(name.type_name(), "Knob2Wide");
    }

    #[test]
    fn what_is_no_name_is_refused() {
        for text in ["", "Knob", "knob_2", "-knob", "knob-", "2knob", "a--b", "../knob", "match"] {
            assert!(text.parse::<Name>().is_err(), "{text}");
        }
    }
}
