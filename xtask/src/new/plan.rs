//! Files to be written, all at once, when nothing is wrong with any of them.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::Context;

/// New files in one new folder, and changed ones elsewhere.
pub(crate) struct Plan {
    folder: PathBuf,
    files: Vec<(PathBuf, String)>,
}

impl Plan {
    pub(crate) fn new(folder: PathBuf) -> Self {
        Self { folder, files: Vec::new() }
    }

    /// A file of the new folder.
    pub(crate) fn add(&mut self, path: &str, text: String) {
        self.files.push((self.folder.join(path), text));
    }

    /// A file that is there and gets another text.
    pub(crate) fn change(&mut self, path: PathBuf, text: String) {
        self.files.push((path, text));
    }

    pub(crate) fn folder(&self) -> &Path {
        &self.folder
    }

    /// What is written, in the order in which it was planned.
    pub(crate) fn files(&self) -> impl Iterator<Item = &Path> {
        self.files.iter().map(|(path, _)| path.as_path())
    }

    /// Writes everything: the new folder first, so that nothing names a crate that is not there.
    pub(crate) fn write(&self) -> anyhow::Result<()> {
        for (path, text) in &self.files {
            let write = || {
                fs::create_dir_all(path.parent().unwrap_or(path))?;
                fs::write(path, text)
            };
            write().with_context(|| format!("cannot write {}", path.display()))?;
        }
        Ok(())
    }
}
