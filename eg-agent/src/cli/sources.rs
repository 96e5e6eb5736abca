//! Sources of a command: the environment, and the files of its slots.

use crate::config::{Overrides, SlotConfig, read_slots};
use eg_config::{Problems, Source};
use std::collections::BTreeMap;
use std::path::PathBuf;

/// The process's environment, read once.
pub(super) type Environment = BTreeMap<String, String>;

/// Reads the files of one run, with every mistake of all of them and of the environment.
pub(super) fn read(
    files: &[PathBuf],
    overrides: &Result<Overrides, Problems>,
) -> Result<Vec<SlotConfig>, Problems> {
    let mut problems = Problems::default();
    let overrides = problems.keep(overrides.clone()).unwrap_or_default();
    let sources: Vec<Source> =
        files.iter().filter_map(|file| problems.keep(Source::read(file))).collect();
    match read_slots(sources, &overrides) {
        Ok(slots) => problems.or(slots),
        Err(more) => {
            problems.extend(more);
            Err(problems)
        }
    }
}
