//! The files that a run reads its slots from, at the start and again.

use crate::cli::sources::read;
use crate::config::{Overrides, SlotConfig};
use eg_config::Problems;
use std::path::PathBuf;

/// Paths and overrides that the slots are read from, at the start and again.
#[derive(Clone)]
pub(super) struct Files {
    pub(super) paths: Vec<PathBuf>,
    pub(super) overrides: Result<Overrides, Problems>,
}

impl Files {
    pub(super) fn read(&self) -> Result<Vec<SlotConfig>, Problems> {
        read(&self.paths, &self.overrides)
    }
}
