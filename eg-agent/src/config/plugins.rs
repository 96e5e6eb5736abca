//! The driver libraries of a slot: what its file and the command line name, loaded.

use super::check::Checks;
use super::file::{Plugin, SlotFile};
use crate::library::{Catalog, Libraries};
use eg_config::Whereabouts;
use eg_hal::library::{Digest, libraries_in};
use std::path::Path;

/// The drivers that the slot may name.
#[derive(Debug)]
pub(super) struct Choice {
    pub(super) catalog: Catalog,
    /// A library was refused, so a driver that is missing may have been in there.
    pub(super) incomplete: bool,
}

/// Loads the libraries of the command line and of the file, and notes every one that is refused where it is named.
pub(super) fn choose(checks: &mut Checks<'_>, file: &SlotFile, libraries: &Libraries) -> Choice {
    let (catalog, problems) = libraries.catalog();
    let mut choice = Choice { catalog, incomplete: !problems.is_empty() };
    checks.problems.extend(problems);
    match (&file.plugins, &file.plugins_dir) {
        (Some(plugins), folder) => {
            for plugin in plugins {
                let pin = pin(checks, plugin);
                let in_folder = folder.as_ref().map(|folder| folder.join(&*plugin.file));
                let file = in_folder.unwrap_or_else(|| plugin.file.to_path_buf());
                choice.take(checks, &plugin.file, libraries, &file, pin);
            }
        }
        (None, Some(folder)) => match libraries_in(folder) {
            Ok(files) => {
                files.iter().for_each(|file| choice.take(checks, folder, libraries, file, None));
            }
            Err(error) => {
                choice.incomplete = true;
                checks.push(folder, format!("{}: {error}", folder.display()));
            }
        },
        (None, None) => {}
    }
    choice
}

fn pin(checks: &mut Checks<'_>, plugin: &Plugin) -> Option<Digest> {
    let text = plugin.sha256.as_ref()?;
    text.parse()
        .map_err(|error: eg_hal::library::NoDigest| checks.push(text, error.to_string()))
        .ok()
}

impl Choice {
    /// Adds what is in a file; a refusal is noted at the place that names it.
    fn take(
        &mut self,
        checks: &mut Checks<'_>,
        at: &impl Whereabouts,
        libraries: &Libraries,
        file: &Path,
        pin: Option<Digest>,
    ) {
        if let Err(refusal) = libraries.add(&mut self.catalog, file, pin) {
            self.incomplete = true;
            let message = format!("{}: {refusal}", file.display());
            checks.problems.push(checks.source.problem_at(at, message));
        }
    }
}
