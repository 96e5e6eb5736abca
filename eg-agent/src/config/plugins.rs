//! The driver libraries of a slot: what its file and the command line name, loaded.

use super::checks::Checks;
use super::file::{Plugin, SlotFile};
use crate::library::{Catalog, Libraries};
use eg_config::{KeyPath, Locate, Located};
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
///
/// A name that is doubtful, or whose digest is, is not touched: `is_sound` tells whether what stands at a path was read
/// as it is written.
pub(super) fn choose(
    checks: &mut Checks<'_>,
    file: &SlotFile,
    is_sound: impl Fn(&KeyPath) -> bool,
    libraries: &Libraries,
) -> Choice {
    let (catalog, problems) = libraries.catalog();
    let mut choice = Choice { catalog, incomplete: !problems.is_empty() };
    checks.problems.extend(problems);
    match (&file.plugins, &file.plugins_dir) {
        (Some(plugins), folder) => {
            let known = folder.as_ref().is_none_or(Located::is_certain);
            for (place, plugin) in plugins.iter().enumerate() {
                let known = known && is_sound(&KeyPath::from("plugins").index(place));
                let pin = pin(checks, plugin);
                let Some(pin) = pin.filter(|_| known && plugin.file.is_certain()) else {
                    choice.incomplete = true;
                    continue;
                };
                let in_folder = folder.as_ref().map(|folder| folder.join(&*plugin.file));
                let file = in_folder.unwrap_or_else(|| plugin.file.to_path_buf());
                choice.take(checks, &plugin.file, libraries, &file, pin);
            }
        }
        (None, Some(folder)) if !folder.is_certain() => choice.incomplete = true,
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

/// The digest that the file must have, if any; nothing when that is wrong.
fn pin(checks: &mut Checks<'_>, plugin: &Plugin) -> Option<Option<Digest>> {
    let Some(text) = &plugin.sha256 else { return Some(None) };
    let digest = text.parse::<Digest>();
    digest.map(Some).map_err(|error| checks.push(text, error.to_string())).ok()
}

impl Choice {
    /// Adds what is in a file; a refusal is noted at the place that names it.
    fn take(
        &mut self,
        checks: &mut Checks<'_>,
        at: &impl Locate,
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
