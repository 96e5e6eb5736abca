//! Secrets and rules with which slots are let in, for agents and the broker.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::thread;
use std::time::Duration;

use super::plan::SLOTS;

/// Secrets of slots and core, where this core asks for any.
#[derive(Debug, Default)]
pub(super) struct Secrets {
    files: Option<PathBuf>,
    /// Folder of the files of Mosquitto.
    mosquitto: Option<PathBuf>,
}

impl Secrets {
    /// Returns `true` if a slot speaks for itself alone here.
    pub(super) fn are_asked_for(&self) -> bool {
        self.files.is_some()
    }

    /// Returns the settings of Mosquitto that let in whom these say: of its listener, and of all.
    pub(super) fn for_mosquitto(&self) -> (&'static str, String) {
        match &self.mosquitto {
            None => ("", "allow_anonymous true\n".to_owned()),
            Some(files) => {
                let file = |name: &str| files.join(name).display().to_string();
                let (passwords, rules) = (file("passwords"), file("acl.conf"));
                let all =
                    format!("allow_anonymous false\npassword_file {passwords}\nacl_file {rules}\n");
                ("use_username_as_clientid true\n", all)
            }
        }
    }

    /// Gives a core the secret with which Mosquitto knows it.
    pub(super) fn for_core(&self) -> Option<PathBuf> {
        Some(self.mosquitto.as_ref()?.join("core.secret"))
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

/// Adopts a slot on the core's machine, as soon as it waits for that. A slot that does not wait within `patience` needs no
/// adoption, or its core has changed meanwhile.
pub(super) fn adopt(core: &Path, db: &Path, slot: usize, patience: Duration) {
    let until = eg_clock::monotonic() + patience;
    while eg_clock::monotonic() < until {
        let mut adopt = Command::new(core);
        adopt.args(["slots", "adopt", &name(slot), "--db"]).arg(db);
        if adopt.output().is_ok_and(|told| told.status.success()) {
            return;
        }
        thread::sleep(Duration::from_millis(300));
    }
}

/// Has the core make the secrets of all slots in advance, and the files of Mosquitto where that is the broker. A core that
/// asks for none is left alone.
///
/// # Errors
/// When the core knows how and does not.
pub(super) fn prepare(
    core: &Path,
    settings: &Path,
    folder: &Path,
    mosquitto: bool,
) -> anyhow::Result<Secrets> {
    let ask = |words: &[&str]| -> anyhow::Result<bool> {
        Ok(Command::new(core).args(words).arg("--help").output()?.status.success())
    };
    let make = |words: &[&str], out: &Path| -> anyhow::Result<()> {
        let mut command = Command::new(core);
        command.args(words).arg("--out").arg(out).arg("--config").arg(settings);
        let made = command.output()?;
        let said = String::from_utf8_lossy(&made.stderr);
        anyhow::ensure!(made.status.success(), "eg-core {}: {said}", words.join(" "));
        Ok(())
    };
    let mut secrets = Secrets::default();
    if ask(&["slots", "batch"])? {
        let files = folder.join("secrets");
        make(&["slots", "batch", &format!("{}..{}", name(0), name(SLOTS))], &files)?;
        secrets.files = Some(files);
    }
    if mosquitto && ask(&["mosquitto-config"])? {
        let files = folder.join("mosquitto");
        make(&["mosquitto-config"], &files)?;
        secrets.mosquitto = Some(files);
    }
    Ok(secrets)
}
