//! The core's YAML file on a command line: `check core.yaml`, or `check --config core.yaml`.

use std::path::{Path, PathBuf};

#[derive(Debug, clap::Args)]
pub(super) struct ConfigFile {
    /// The core's YAML file.
    #[arg(value_name = "FILE")]
    file: Option<PathBuf>,
    /// The same, as a flag.
    #[arg(long, value_name = "FILE", conflicts_with = "file")]
    config: Option<PathBuf>,
}

impl ConfigFile {
    pub(super) fn path(&self) -> Option<&Path> {
        self.file.as_deref().or(self.config.as_deref())
    }
}
