//! The file and the variables that the core's service goes by.

use crate::cli::settings::read_with;
use crate::config::CoreConfig;
use eg_config::{Problem, Problems};
use std::collections::BTreeMap;
use std::fs;
use std::io::ErrorKind;
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
        variables.extend(service(&folder.join(ENVIRONMENT))?);
    }
    let said = own.iter().filter(|(_, value)| !value.trim().is_empty());
    variables.extend(said.map(|(name, value)| (name.clone(), value.clone())));
    let config = read_with(file.as_deref(), &variables)?;
    Ok(Settings { file, config })
}

/// The variables of a service (systemd.exec(5), EnvironmentFile): one `NAME=value` a line, perhaps in quotes.
fn service(file: &Path) -> Result<BTreeMap<String, String>, Problems> {
    let text = match fs::read_to_string(file) {
        Ok(text) => text,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(BTreeMap::new()),
        Err(error) => {
            let name = file.display().to_string();
            return Err(Problem::with_file(name, format!("cannot read this file: {error}")).into());
        }
    };
    let lines = text.lines().map(str::trim).filter(|line| !line.starts_with(['#', ';']));
    let pairs = lines.filter_map(|line| line.split_once('='));
    Ok(pairs.map(|(name, value)| (name.trim().to_owned(), unquoted(value.trim()))).collect())
}

fn unquoted(value: &str) -> String {
    let inner = |quote| value.strip_prefix(quote)?.strip_suffix(quote);
    inner('"').or_else(|| inner('\'')).unwrap_or(value).to_owned()
}
