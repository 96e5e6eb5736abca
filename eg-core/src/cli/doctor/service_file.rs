//! The file and the variables that the core's service goes by.

use crate::cli::settings::read_with;
use crate::config::CoreConfig;
use eg_config::{Problems, read_environment};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// File of the packages, with the variables of its service beside it.
const PACKAGED: &str = "/etc/eg/core.yaml";
const ENVIRONMENT: &str = "core.env";
/// Journal of the packages' service, which sets this variable itself.
const PACKAGED_DB: (&str, &str) = ("DB_PATH", "/var/lib/eg/eg.db");

/// Settings of a core, and where they stand.
pub(super) struct Settings {
    pub(super) file: Option<PathBuf>,
    pub(super) config: CoreConfig,
}

/// Reads the settings as the service does: the file that is said or that of the packages, `core.env` beside it, and the
/// variables of this process, each over the one before.
pub(super) fn settings(
    said: Option<&Path>,
    own: &BTreeMap<String, String>,
) -> Result<Settings, Problems> {
    let packaged = Path::new(PACKAGED);
    let file = said.map(Path::to_path_buf).or_else(|| packaged.exists().then(|| packaged.into()));
    let mut variables = BTreeMap::new();
    if file.as_deref() == Some(packaged) {
        let (name, value) = PACKAGED_DB;
        variables.insert(name.to_owned(), value.to_owned());
    }
    if let Some(folder) = file.as_deref().and_then(Path::parent) {
        variables.extend(read_environment(&folder.join(ENVIRONMENT))?);
    }
    let said = own.iter().filter(|(_, value)| !value.trim().is_empty());
    variables.extend(said.map(|(name, value)| (name.clone(), value.clone())));
    let config = read_with(file.as_deref(), &variables)?;
    Ok(Settings { file, config })
}
