//! Files that people write.

use eg_agent::config::{Overrides, read_slot};
use eg_config::{Problems, Source};
use eg_core::config::{CoreConfig, Environment};
use eg_core::rehearse::Script;
use eg_hal::sim::scenario::Scenario;
use std::path::Path;

/// Reads a text as a file. It is taken, or every mistake lies within the text and can be printed.
fn read<T>(input: &[u8], read: impl FnOnce(Source) -> Result<T, Problems>) {
    let Ok(text) = std::str::from_utf8(input) else { return };
    let Err(problems) = read(Source::text("fuzz.yaml", text)) else { return };

    assert!(!problems.is_empty(), "refused without a reason");
    for problem in &problems {
        // A carriage return ends a line of YAML too (YAML 1.2.2, section 5.4).
        let lines = text.split(['\n', '\r']).count();
        assert!(
            problem.line.is_none_or(|line| line <= lines),
            "line {:?} of {lines}",
            problem.line
        );
        assert!(!format!("{problem:#}").is_empty());
    }
}

/// Takes the file of a core.
pub(crate) fn core(input: &[u8]) {
    read(input, |source| CoreConfig::from_source(&source, &Environment::default()));
}

/// Takes the file of a slot, with the settings of every driver. Libraries that it names are not there.
pub(crate) fn slot(input: &[u8]) {
    read(input, |source| read_slot(source, &Overrides::default()));
}

/// Takes a show.
pub(crate) fn show(input: &[u8]) {
    read(input, |source| eg_core::show::read(&source));
}

/// Takes the script of a rehearsal; no file of a slot that it names is there.
pub(crate) fn rehearsal(input: &[u8]) {
    read(input, |source| Script::of(&source, Path::new("/nonexistent")));
}

/// Takes a scenario.
pub(crate) fn scenario(input: &[u8]) {
    read(input, |source| Scenario::read(&source));
}
