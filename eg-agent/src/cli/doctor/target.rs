//! The core that the doctor tries, and the file or variable that names it.

use crate::cli::sources::Environment;
use crate::config::{CoreAddress, MQTT_PORT, Overrides, core_of, identity_of};
use crate::pairing::SecretFile;
use eg_config::{Problems, Source, read_environment};
use eg_proto::{SlotId, Topics};
use std::path::{Path, PathBuf};

/// Folder of the packages: it holds the slot's file, and the environment of its service beside it.
pub(super) const FOLDER: &str = "/etc/eg";
const SLOT: &str = "slot.yaml";
const ENVIRONMENT: &str = "agent.env";
/// Working folder of the packages' service.
const STATE: &str = "/var/lib/eg";
/// The core, when nobody says where it is.
const THIS_MACHINE: &str = "127.0.0.1";

/// The core to try.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Target {
    pub(super) core: CoreAddress,
    /// The slot's file that names it.
    pub(super) file: Option<PathBuf>,
    /// The slot's file, whoever names the core.
    pub(super) path: Option<PathBuf>,
    /// Variables of the slot's service and of this process.
    pub(super) overrides: Overrides,
    /// The same, for the file to use.
    pub(super) variables: Environment,
    /// The slot of that file.
    pub(super) slot: Option<Identity>,
    /// Folder that the agent works in, where that is not the one of this command.
    pub(super) work: Option<PathBuf>,
}

impl Target {
    /// The path as the agent sees it.
    pub(super) fn at_work(&self, path: &Path) -> PathBuf {
        self.work.as_ref().map_or_else(|| path.to_path_buf(), |work| work.join(path))
    }
}

/// A slot, as its broker knows it.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Identity {
    pub(super) slot: SlotId,
    pub(super) topics: Topics,
    pub(super) secret: SecretFile,
    /// Boards for people, as the agent tells them.
    pub(super) boards: Vec<String>,
    /// `true` if the slot obeys the topics of the older stack.
    pub(super) compat: bool,
}

impl Identity {
    /// Reads who the slot of a file is; `None` where the file does not say it. A secret whose path is relative is where
    /// the service of the packages runs, when the file is that of the packages.
    fn of(
        file: &Path,
        variables: &Environment,
        overrides: &Overrides,
        folder: &Path,
    ) -> Option<Self> {
        let source = Source::read_with(file, variables.clone()).ok()?;
        let (slot, topics, secret, boards, compat) = identity_of(&source, overrides).ok()?;
        let packaged = file.parent() == Some(folder);
        let secret = if packaged { secret.under(Path::new(STATE)) } else { secret };
        Some(Self { slot, topics, secret, boards, compat })
    }
}

/// Finds the core that the command line and the environment name: a host, a slot's file, or nothing, which is the file
/// in `folder`. `CORE_HOST` and `MQTT_PORT` win over a file, those of the process over those of its service.
///
/// # Errors
/// Every mistake in what says where the core is.
pub(super) fn target(
    said: Option<&str>,
    port: Option<u16>,
    environment: &Environment,
    folder: &Path,
) -> Result<Target, Problems> {
    let packaged = folder.join(SLOT);
    let file = match said {
        Some(said) if is_file(said) => Some(PathBuf::from(said)),
        Some(host) => {
            let port = port.or(Overrides::of_environment(environment)?.core_port);
            let tls = Overrides::of_environment(environment)?.core_tls.unwrap_or(false);
            let port = port.unwrap_or(MQTT_PORT);
            let core = CoreAddress { host: host.to_owned(), port, tls };
            return Ok(Target {
                core,
                file: None,
                path: None,
                overrides: Overrides::default(),
                variables: Environment::new(),
                slot: None,
                work: None,
            });
        }
        None => packaged.exists().then_some(packaged),
    };
    let beside = file.as_deref().and_then(Path::parent).unwrap_or(folder);
    let mut variables = read_environment(&beside.join(ENVIRONMENT))?;
    let own = environment.iter().filter(|(_, value)| !value.trim().is_empty());
    variables.extend(own.map(|(name, value)| (name.clone(), value.clone())));
    let mut overrides = Overrides::of_environment(&variables)?;
    overrides.core_port = port.or(overrides.core_port);
    let host = overrides.core_host.clone();
    let slot = file.as_ref().and_then(|file| Identity::of(file, &variables, &overrides, folder));
    let packaged = file.as_deref().and_then(Path::parent) == Some(folder);
    let work = packaged.then(|| PathBuf::from(STATE));
    let (core, names_it) = core(file.as_deref(), host, &variables, &overrides)?;
    let named_by = file.clone().filter(|_| names_it);
    Ok(Target { core, file: named_by, path: file, overrides, variables, slot, work })
}

/// The core, and whether the file names it.
fn core(
    file: Option<&Path>,
    host: Option<String>,
    variables: &Environment,
    overrides: &Overrides,
) -> Result<(CoreAddress, bool), Problems> {
    match (file, host) {
        (Some(file), None) => {
            Ok((core_of(&Source::read_with(file, variables.clone())?, overrides)?, true))
        }
        (Some(file), Some(host)) if overrides.core_port.is_none() => {
            // The file may still say the port.
            let core = core_of(&Source::read_with(file, variables.clone())?, overrides);
            let (port, tls) = core.map_or((MQTT_PORT, false), |core| (core.port, core.tls));
            Ok((CoreAddress { host, port, tls }, false))
        }
        (_, host) => {
            let host = host.unwrap_or_else(|| THIS_MACHINE.to_owned());
            let port = overrides.core_port.unwrap_or(MQTT_PORT);
            let tls = overrides.core_tls.unwrap_or(false);
            Ok((CoreAddress { host, port, tls }, false))
        }
    }
}

/// A name that ends as YAML does or leads through folders, or that is there.
fn is_file(said: &str) -> bool {
    said.contains('/')
        || said.ends_with(".yaml")
        || said.ends_with(".yml")
        || Path::new(said).is_file()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    const SLOT_FILE: &str = "slot: slot-01\ncore: { host: from-file, port: 2000 }\nhal: linux\ndevices:\n  d: { driver: button-row, config: { inputs: [GPIO99] } }\n";

    /// Finds the core with these files in the packages' folder.
    fn tried(
        slot: Option<&str>,
        service: Option<&str>,
        said: Option<&str>,
        own: &[(&str, &str)],
    ) -> Result<String, String> {
        let folder = tempfile::tempdir().unwrap();
        for (name, text) in [(SLOT, slot), (ENVIRONMENT, service)] {
            if let Some(text) = text {
                fs::write(folder.path().join(name), text).unwrap();
            }
        }
        let own =
            own.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        let target = target(said, None, &own, folder.path());
        target
            .map(|Target { core, file, .. }| {
                format!(
                    "{}:{}{}",
                    core.host,
                    core.port,
                    if file.is_some() { " by its file" } else { "" }
                )
            })
            .map_err(|problems| problems.to_string())
    }

    #[test]
    fn the_core_of_the_slot_is_tried_whatever_its_boards_are_like() {
        assert_eq!(tried(Some(SLOT_FILE), None, None, &[]).unwrap(), "from-file:2000 by its file");
        assert_eq!(tried(None, None, None, &[]).unwrap(), "127.0.0.1:1883");
    }

    #[test]
    fn what_the_service_and_the_shell_say_wins() {
        let service = Some("# said\nCORE_HOST=\"from-service\"\nMQTT_PORT = 3000\n");

        assert_eq!(tried(Some(SLOT_FILE), service, None, &[]).unwrap(), "from-service:3000");
        assert_eq!(tried(Some(SLOT_FILE), Some("CORE_HOST=s"), None, &[]).unwrap(), "s:2000");
        assert_eq!(
            tried(Some(SLOT_FILE), Some("MQTT_PORT=4"), None, &[]).unwrap(),
            "from-file:4 by its file"
        );
        let own = [("CORE_HOST", "from-shell"), ("MQTT_PORT", " ")];
        assert_eq!(tried(Some(SLOT_FILE), service, None, &own).unwrap(), "from-shell:3000");
        assert_eq!(tried(None, service, None, &[]).unwrap(), "from-service:3000");
        assert_eq!(
            tried(Some(SLOT_FILE), service, Some("host.local"), &[]).unwrap(),
            "host.local:1883"
        );
    }

    #[test]
    fn a_file_is_a_file_and_a_host_is_a_host() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("board.yaml");
        fs::write(&file, SLOT_FILE).unwrap();

        let read = tried(None, None, file.to_str(), &[]).unwrap();
        let lost = tried(None, None, Some("no-such.yaml"), &[]).unwrap_err();

        assert_eq!(read, "from-file:2000 by its file");
        assert!(lost.starts_with("no-such.yaml: cannot read this file"), "{lost}");
        assert_eq!(tried(None, None, Some("192.168.1.27"), &[]).unwrap(), "192.168.1.27:1883");
    }

    #[test]
    fn a_file_without_a_core_is_told_with_its_place() {
        let told = tried(Some("slot: slot-01\ncore: { host: }\ndevices: {}\n"), None, None, &[]);

        let told = told.unwrap_err();
        assert!(told.contains("slot.yaml:2:") && told.contains("nothing stands here"), "{told}");
    }
}
