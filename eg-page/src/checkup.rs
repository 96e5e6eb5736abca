//! Findings of one look of a doctor, as they come, and how they end.

use crate::finding::{Finding, Soundness};
use crate::words::{Lang, Words};
use serde_json::{Value, json};

/// Findings of one look, for a terminal or for machines. The words have the keys of [`Finding`], `because`, and for the end
/// `done` and `to-mend`.
pub struct Checkup {
    words: Words,
    lang: Lang,
    json: bool,
    told: Vec<Value>,
    bad: usize,
}

impl Checkup {
    /// Begins a look that is told in a language, or as one JSON object at its end.
    pub fn new(words: Words, lang: Lang, json: bool) -> Self {
        Self { words, lang, json, told: Vec::new(), bad: 0 }
    }

    /// Takes a finding, and returns the lines to be printed now, if any.
    pub fn tell(&mut self, finding: &Finding) -> Option<String> {
        self.bad += usize::from(finding.soundness == Soundness::Bad);
        if self.json {
            self.told.push(finding.json(&self.words, self.lang));
            return None;
        }
        Some(finding.lines(&self.words, self.lang))
    }

    /// Ends the look: the last words to be printed, and whether nothing is to be mended.
    pub fn end(self) -> (String, bool) {
        let Self { words, lang, json, told, bad } = self;
        let last = if json {
            format!("{:#}", json!({ "ok": bad == 0, "findings": told }))
        } else if bad == 0 {
            format!("\u{1b}[1;32m✓ {}\u{1b}[0m", words.say(lang, "done"))
        } else {
            format!("\u{1b}[1;31m✗ {}\u{1b}[0m", words.tell(lang, "to-mend", [("n", bad.into())]))
        };
        (last, bad == 0)
    }
}
