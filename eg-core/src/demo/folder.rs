//! Folder of the demo's files.

use anyhow::{Context, Result};
use std::path::{Path, PathBuf};
use tempfile::TempDir;

/// Name of the journal's file in the demo's folder.
pub(super) const JOURNAL: &str = "eg.db";

/// Folder of the demo's files: one that is kept, or a temporary one that is removed with this value.
pub(super) enum Folder {
    Kept(PathBuf),
    Temporary(TempDir),
}

impl Folder {
    pub(super) fn open(wanted: Option<PathBuf>) -> Result<Self> {
        match wanted {
            Some(folder) => {
                let told = format!("cannot make the folder {}", folder.display());
                std::fs::create_dir_all(&folder).context(told)?;
                Ok(Self::Kept(folder))
            }
            None => Ok(Self::Temporary(tempfile::tempdir().context("no temporary folder")?)),
        }
    }

    pub(super) fn path(&self) -> &Path {
        match self {
            Self::Kept(folder) => folder,
            Self::Temporary(folder) => folder.path(),
        }
    }
}
