//! Files for a Mosquitto that serves as the broker: its passwords and its rules, equal in effect to those of the
//! built-in broker.
//!
//! Mosquitto 2 reads them again at SIGHUP, and then lets go of clients whose password is gone.

use super::acl::{Acl, ClientIdentity, OLD_READS, OLD_SPEAKS, SPEAKS};
use super::identities::Adopted;
use eg_proto::{MosquittoHash, PAIRING_USER, Secret, SlotId};
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io;
use std::path::{Path, PathBuf};

/// Settings that ship, as `deploy/mosquitto/mosquitto.conf`.
const SETTINGS: &str = include_str!("../../../deploy/mosquitto/mosquitto.conf");

/// Name of the file of passwords.
pub const PASSWORDS: &str = "passwords";
/// Name of the file of rules.
pub const RULES: &str = "acl.conf";
/// Name of the file with the core's own secret.
pub const CORE_SECRET: &str = "core.secret";

/// Files of one Mosquitto.
#[derive(Clone, Debug)]
pub struct MosquittoFiles {
    folder: PathBuf,
    core: String,
    compat: bool,
}

impl MosquittoFiles {
    /// Names the files in a folder, for a core with this device id. With `compat`, clients without a password may do
    /// what the old contract needs.
    pub fn new(folder: impl Into<PathBuf>, core: impl Into<String>, compat: bool) -> Self {
        Self { folder: folder.into(), core: core.into(), compat }
    }

    /// Returns the path of one of the files.
    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    /// Writes `mosquitto.conf`, and draws the core's secret unless there is one. Blocks on the disk.
    ///
    /// # Errors
    /// The folder or a file cannot be written.
    pub fn write_settings(&self) -> io::Result<()> {
        std::fs::create_dir_all(&self.folder)?;
        if !self.path(CORE_SECRET).exists() {
            let secret = Secret::from_random(rand::random());
            replace(&self.path(CORE_SECRET), &format!("{}\n", secret.expose()), 0o600)?;
        }
        replace(&self.path("mosquitto.conf"), &self.settings(), 0o644)
    }

    /// Writes the passwords and the rules for these slots. Returns `true` if either has changed, so that Mosquitto has
    /// to read them again. Blocks on the disk.
    ///
    /// # Errors
    /// A file cannot be read or written, or the core's secret is not there yet.
    pub fn write(&self, acl: &Acl, adopted: &BTreeMap<SlotId, Adopted>) -> io::Result<bool> {
        let secret = std::fs::read_to_string(self.path(CORE_SECRET))?;
        let before = std::fs::read_to_string(self.path(PASSWORDS)).unwrap_or_default();
        let passwords = self.passwords(secret.trim(), adopted, &before);
        let rules = self.rules(acl, adopted);
        let mut changed = passwords != before;
        if changed {
            replace(&self.path(PASSWORDS), &passwords, 0o640)?;
        }
        if std::fs::read_to_string(self.path(RULES)).ok().as_ref() != Some(&rules) {
            replace(&self.path(RULES), &rules, 0o640)?;
            changed = true;
        }
        Ok(changed)
    }

    fn settings(&self) -> String {
        let mut said = String::from(
            "# Written by eg-core mosquitto-config; changes are lost when it runs again.\n",
        );
        for line in SETTINGS.lines().filter(|line| !line.starts_with("allow_anonymous")) {
            said += line;
            said.push('\n');
            // A client is called what its user is called, so that nobody takes another's place. Mosquitto would then
            // let nobody in who has no user name.
            if line.starts_with("listener ") && !self.compat {
                said += "use_username_as_clientid true\n";
            }
        }
        let (passwords, rules) = (self.path(PASSWORDS), self.path(RULES));
        let _ = write!(
            said,
            "\nallow_anonymous {}\npassword_file {}\nacl_file {}\n",
            self.compat,
            passwords.display(),
            rules.display()
        );
        said
    }

    /// Returns the file of passwords. Hashes that stand in `before` and still fit are kept, so that nothing changes
    /// without a reason.
    fn passwords(&self, secret: &str, adopted: &BTreeMap<SlotId, Adopted>, before: &str) -> String {
        let own = |user: &str, password: &str| {
            let kept = before.lines().find_map(|line| line.strip_prefix(user)?.strip_prefix(':'));
            let kept = kept.and_then(|hash| MosquittoHash::try_from(hash.to_owned()).ok());
            let kept = kept.filter(|hash| hash.fits(password));
            let hash = kept.unwrap_or_else(|| MosquittoHash::of(password, rand::random()));
            format!("{user}:{}\n", hash.as_str())
        };
        let mut lines = own(&self.core, secret) + &own(PAIRING_USER, PAIRING_USER);
        for (slot, adopted) in adopted {
            match &adopted.mosquitto {
                Some(hash) => {
                    let _ = writeln!(lines, "{slot}:{}", hash.as_str());
                }
                None => {
                    tracing::warn!(%slot, "its agent made no hash for Mosquitto; adopt it again to let it in there")
                }
            }
        }
        lines
    }

    fn rules(&self, acl: &Acl, adopted: &BTreeMap<SlotId, Adopted>) -> String {
        let mut lines =
            String::from("# Written by eg-core; changes are lost with the next adoption.\n");
        if self.compat {
            self.guests(acl, adopted, &mut lines);
        }
        let base = acl.topics().base();
        let _ = write!(lines, "\nuser {}\ntopic readwrite #\n", self.core);
        // Mosquitto cannot tell who waits from another who waits: the code on both pages can.
        let _ = write!(
            lines,
            "\nuser {PAIRING_USER}\ntopic write {base}/pair/+\ntopic read {base}/pair/+/answer\ntopic read {base}/core/hello\n"
        );
        for slot in adopted.keys() {
            let identity = ClientIdentity::Slot(slot.clone());
            let _ = write!(lines, "\nuser {slot}\n");
            for topic in acl.writes(&identity) {
                let _ = writeln!(lines, "topic write {topic}");
            }
            for filter in acl.reads(&identity) {
                let _ = writeln!(lines, "topic read {filter}");
            }
        }
        lines
    }

    /// Adds what clients without a password may do. What is denied here is denied both ways: Mosquitto has no other
    /// denial, so guests do not read an adopted slot's `status` either.
    fn guests(&self, acl: &Acl, adopted: &BTreeMap<SlotId, Adopted>, lines: &mut String) {
        let base = acl.topics().base();
        let denied = adopted.keys().map(SlotId::as_str).chain([self.core.as_str()]);
        for id in denied {
            let _ = writeln!(lines, "topic deny {base}/dev/{id}/#");
        }
        let _ = writeln!(lines, "topic deny {base}/pair/#");
        for topic in acl.writes(&ClientIdentity::Guest) {
            let _ = writeln!(lines, "topic write {topic}");
        }
        for end in SPEAKS.iter().chain(&OLD_SPEAKS) {
            let _ = writeln!(lines, "topic write {base}/dev/+/{end}");
        }
        let _ = writeln!(lines, "topic read #");
        debug_assert!(OLD_READS.iter().all(|end| SPEAKS.contains(end)));
    }
}

/// Writes a file beside its place and moves it there, so that Mosquitto never reads half of it.
fn replace(path: &Path, text: &str, mode: u32) -> io::Result<()> {
    use std::io::Write as _;
    let mut beside = path.as_os_str().to_owned();
    beside.push(".new");
    let beside = PathBuf::from(beside);
    let mut open = std::fs::OpenOptions::new();
    open.create(true).write(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut open, mode);
    let mut file = open.open(&beside)?;
    // Whatever the umask is: Mosquitto reads them by its group.
    #[cfg(unix)]
    file.set_permissions(std::os::unix::fs::PermissionsExt::from_mode(mode))?;
    file.write_all(text.as_bytes())?;
    file.sync_all()?;
    std::fs::rename(&beside, path)
}

#[cfg(test)]
mod tests {
    use super::*;
    use eg_proto::{Timestamp, Topics};

    fn adopted(secret: &Secret) -> Adopted {
        Adopted {
            sha256: secret.digest(),
            mosquitto: Some(secret.mosquitto([3; 12])),
            machine: String::new(),
            label: String::new(),
            at: Timestamp(0),
            by: String::new(),
        }
    }

    #[test]
    fn files_that_need_not_change_do_not() {
        let folder = tempfile::tempdir().unwrap();
        let files = MosquittoFiles::new(folder.path(), "core-01", false);
        let acl = Acl::new(Topics::default());
        let slots =
            BTreeMap::from([("slot-01".parse().unwrap(), adopted(&Secret::from_random([1; 26])))]);

        files.write_settings().unwrap();
        assert!(files.write(&acl, &slots).unwrap());
        let secret = std::fs::read(files.path(CORE_SECRET)).unwrap();
        files.write_settings().unwrap();

        assert!(!files.write(&acl, &slots).unwrap());
        assert_eq!(std::fs::read(files.path(CORE_SECRET)).unwrap(), secret);
        assert!(files.write(&acl, &BTreeMap::new()).unwrap());
    }

    #[cfg(unix)]
    #[test]
    fn the_core_s_secret_is_its_own_and_no_secret_of_a_slot_stands_anywhere() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let files = MosquittoFiles::new(folder.path(), "core-01", false);
        let secret = Secret::from_random([2; 26]);
        let slots = BTreeMap::from([("slot-01".parse().unwrap(), adopted(&secret))]);

        files.write_settings().unwrap();
        files.write(&Acl::new(Topics::default()), &slots).unwrap();

        let mode = std::fs::metadata(files.path(CORE_SECRET)).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
        for entry in std::fs::read_dir(folder.path()).unwrap() {
            let text = std::fs::read_to_string(entry.unwrap().path()).unwrap();
            assert!(!text.contains(secret.expose()));
        }
    }
}
