//! What agents and the broker need so that slots are let in.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::plan::SLOTS;

/// Secrets of the slots, where this core asks for any.
#[derive(Debug, Default)]
pub(super) struct Secrets {
    files: Option<PathBuf>,
    /// Lines for the settings of Mosquitto.
    pub(super) mosquitto: String,
}

impl Secrets {
    /// Returns `true` if a slot speaks for itself alone here.
    pub(super) fn are_asked_for(&self) -> bool {
        self.files.is_some()
    }

    /// Returns the file with the secret of a slot.
    pub(super) fn file(&self, slot: &str) -> Option<PathBuf> {
        let folder = self.files.as_ref()?;
        let is_of = |path: &PathBuf| {
            path.file_name().is_some_and(|name| name.to_string_lossy().contains(slot))
        };
        let files = fs::read_dir(folder).ok()?.flatten().map(|entry| entry.path());
        files.filter(|path| path.is_file()).find(is_of)
    }

    /// Returns the secret of a slot.
    pub(super) fn of(&self, slot: &str) -> Option<String> {
        Some(fs::read_to_string(self.file(slot)?).ok()?.trim().to_owned())
    }
}

/// Returns the name of a slot: 0 is `slot-01`, and [`SLOTS`] the one that nobody compares.
pub(super) fn name(number: usize) -> String {
    format!("slot-{:02}", number + 1)
}

/// Has the core make the secrets of all slots in advance. A core that asks for none is left alone.
///
/// # Errors
/// When the core knows how and does not.
pub(super) fn prepare(core: &Path, db: &Path, folder: &Path) -> anyhow::Result<Secrets> {
    let knows = Command::new(core).args(["slots", "batch", "--help"]).output()?;
    if !knows.status.success() {
        return Ok(Secrets::default());
    }
    let files = folder.join("secrets");
    let mut batch = Command::new(core);
    batch.args(["slots", "batch", &format!("{}..{}", name(0), name(SLOTS)), "--out"]).arg(&files);
    let made = batch.env("DB_PATH", db).output()?;
    let said = String::from_utf8_lossy(&made.stderr);
    anyhow::ensure!(made.status.success(), "eg-core slots batch: {said}");
    Ok(Secrets { files: Some(files), mosquitto: String::new() })
}
