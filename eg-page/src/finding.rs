//! One thing that a doctor looked at, in words of both languages.

use crate::causes::say;
use crate::words::{Lang, Words};
use serde::Serialize;
use serde_json::{Value, json};

/// State of what was looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Soundness {
    /// As it should be.
    Good,
    /// Works, and somebody should look at it.
    Doubtful,
    /// Does not work.
    Bad,
}

/// One thing that was looked at. Its words have the key of the check: `KEY` where it is good, else `failed-KEY`, and
/// `try-KEY` for what to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// Name of the check, for machines and for the words.
    pub check: &'static str,
    /// State of what was looked at.
    pub soundness: Soundness,
    blanks: Vec<(&'static str, String)>,
    cause: Option<String>,
}

impl Finding {
    /// Something that is as it should be.
    pub fn good(check: &'static str) -> Self {
        Self { check, soundness: Soundness::Good, blanks: Vec::new(), cause: None }
    }

    /// Something that works, and that somebody should look at.
    pub fn doubtful(check: &'static str) -> Self {
        Self { soundness: Soundness::Doubtful, ..Self::good(check) }
    }

    /// Something that does not work.
    pub fn bad(check: &'static str) -> Self {
        Self { soundness: Soundness::Bad, ..Self::good(check) }
    }

    /// Fills in a blank of the words.
    #[must_use]
    pub fn with(mut self, blank: &'static str, value: impl ToString) -> Self {
        self.blanks.push((blank, value.to_string()));
        self
    }

    /// Adds the cause in the system's words.
    #[must_use]
    pub fn because(self, cause: impl ToString) -> Self {
        Self { cause: Some(cause.to_string()), ..self }
    }

    /// Tells whether both say the same of the same thing, for different devices.
    pub fn is_about_the_same(&self, other: &Self) -> bool {
        let of = |it: &Self| {
            it.blanks.iter().filter(|(name, _)| *name != "device").cloned().collect::<Vec<_>>()
        };
        self.check == other.check && self.soundness == other.soundness && of(self) == of(other)
    }

    /// Tells what was found, in a language.
    pub fn found(&self, words: &Words, lang: Lang) -> String {
        match self.soundness {
            Soundness::Good => self.tell(words, lang, self.check),
            Soundness::Doubtful | Soundness::Bad => {
                self.tell(words, lang, &format!("failed-{}", self.check))
            }
        }
    }

    /// Tells what to do, in a language; nothing where all is well.
    pub fn advice(&self, words: &Words, lang: Lang) -> Option<String> {
        let is_good = self.soundness == Soundness::Good;
        (!is_good).then(|| self.tell(words, lang, &format!("try-{}", self.check)))
    }

    /// The cause, in a language where its words are known in it.
    pub fn cause(&self, lang: Lang) -> Option<String> {
        let cause = self.cause.as_deref()?;
        Some(lang.of(&say(cause)).to_owned())
    }

    /// The lines of a terminal: what was found, its cause and what to do. Colours are escape sequences (ECMA-48, 8.3.117),
    /// which a printer for pipes takes out.
    pub fn lines(&self, words: &Words, lang: Lang) -> String {
        let mark = match self.soundness {
            Soundness::Good => "\u{1b}[32m✓\u{1b}[0m",
            Soundness::Doubtful => "\u{1b}[33m!\u{1b}[0m",
            Soundness::Bad => "\u{1b}[31m✗\u{1b}[0m",
        };
        let mut lines = format!("{mark} {}", self.found(words, lang));
        if let Some(cause) = self.cause(lang) {
            let told = words.tell(lang, "because", [("cause", cause.into())]);
            lines.push_str(&format!("\n  {told}"));
        }
        if let Some(advice) = self.advice(words, lang) {
            lines.push_str(&format!("\n\u{1b}[36m→\u{1b}[0m {advice}"));
        }
        lines
    }

    /// The finding as an object: `check`, `state`, `found`, `cause`, `try`.
    pub fn json(&self, words: &Words, lang: Lang) -> Value {
        json!({
            "check": self.check,
            "state": self.soundness,
            "found": self.found(words, lang),
            "cause": self.cause(lang),
            "try": self.advice(words, lang),
        })
    }

    fn tell(&self, words: &Words, lang: Lang, key: &str) -> String {
        // A count chooses among the forms of a noun.
        let blanks = self.blanks.iter().map(|(blank, value)| match value.parse::<u32>() {
            Ok(count) if *blank == "n" => (*blank, count.into()),
            Ok(_) | Err(_) => (*blank, value.as_str().into()),
        });
        words.tell(lang, key, blanks)
    }
}
