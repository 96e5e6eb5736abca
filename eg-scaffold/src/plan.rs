//! Files to be written, all at once, when nothing is wrong with any of them.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::Context;

/// New files in one new folder, and changed ones elsewhere.
#[derive(Debug)]
pub struct Plan {
    folder: PathBuf,
    files: Vec<(PathBuf, String)>,
}

impl Plan {
    /// Returns an empty plan for a new folder.
    pub fn new(folder: PathBuf) -> Self {
        Self { folder, files: Vec::new() }
    }

    /// Adds a file of the new folder.
    pub fn add(&mut self, path: &str, text: String) {
        self.files.push((self.folder.join(path), text));
    }

    /// Adds a file that is there and gets another text.
    pub fn change(&mut self, path: PathBuf, text: String) {
        self.files.push((path, text));
    }

    /// Gives a file of the new folder another text; nothing if there is none of this path.
    pub fn edit(&mut self, path: &str, edit: impl FnOnce(&str) -> String) {
        let path = self.folder.join(path);
        if let Some((_, text)) = self.files.iter_mut().find(|(file, _)| *file == path) {
            *text = edit(text);
        }
    }

    /// Path of the new folder.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Paths of the files, in the order in which they were planned.
    pub fn files(&self) -> impl Iterator<Item = &Path> {
        self.files.iter().map(|(path, _)| path.as_path())
    }

    /// Writes everything: the new folder first, so that nothing names a crate that is not there.
    ///
    /// # Errors
    /// When a file cannot be written, with its name.
    pub fn write(&self) -> anyhow::Result<()> {
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
