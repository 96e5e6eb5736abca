//! Output of the command: each finding as it comes, or all of them as JSON.

use crate::cli::exit::FAILED;
use crate::doctor::doctor_words;
use eg_page::{Checkup, Finding, Lang};
use std::process::ExitCode;

pub(super) struct Printer(Checkup);

impl Printer {
    pub(super) fn new(lang: Lang, json: bool) -> Option<Self> {
        let words = doctor_words().inspect_err(|error| anstream::eprintln!("{error}")).ok()?;
        Some(Self(Checkup::new(words, lang, json)))
    }

    pub(super) fn tell(&mut self, finding: Finding) {
        if let Some(lines) = self.0.tell(&finding) {
            anstream::println!("{lines}");
        }
    }

    /// Ends the report: all is well, or how much is to be mended.
    pub(super) fn end(self) -> ExitCode {
        let (last, is_well) = self.0.end();
        anstream::println!("{last}");
        if is_well { ExitCode::SUCCESS } else { ExitCode::from(FAILED) }
    }
}
