//! A machine whose files of the kernel are read.

use rustix::fs::{Access, access};
use serde::Serialize;
use std::fs;
use std::io;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

/// A machine, by the root of its files.
#[derive(Clone, Debug)]
pub struct Machine {
    root: PathBuf,
}

/// Reason why a file of a device does not open.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, thiserror::Error)]
#[error("{cause}")]
pub struct NoAccess {
    /// Words of the system.
    pub cause: String,
    /// Group whose members may open it, where it is a right that is missing.
    pub group: Option<String>,
    /// `true` if it is a right that is missing.
    pub denied: bool,
    /// `true` if there is no such file.
    pub missing: bool,
}

impl Default for Machine {
    fn default() -> Self {
        Self { root: PathBuf::from("/") }
    }
}

impl Machine {
    /// A machine whose `/dev`, `/sys`, `/proc` and `/etc` are in this folder.
    pub fn under(root: impl Into<PathBuf>) -> Self {
        Self { root: root.into() }
    }

    /// The file of this machine at an absolute path.
    pub fn path(&self, path: &str) -> PathBuf {
        self.root.join(path.trim_start_matches('/'))
    }

    /// The text of a file, without the space and the zero at its end; `None` where it cannot be read.
    pub fn read(&self, path: &str) -> Option<String> {
        let text = fs::read(self.path(path)).ok()?;
        let text = String::from_utf8_lossy(&text);
        Some(text.trim_end_matches(['\0', '\n', ' ']).to_owned())
    }

    /// The names in a folder, with their numbers in order; empty where there is no such folder.
    pub fn names(&self, folder: &str) -> Vec<String> {
        let entries = fs::read_dir(self.path(folder)).into_iter().flatten().flatten();
        let names = entries.filter_map(|entry| entry.file_name().into_string().ok());
        let mut names: Vec<_> = names.collect();
        names.sort_by_key(|name| numbers(name));
        names
    }

    /// The last part of what a link points to.
    pub fn target(&self, link: &str) -> Option<String> {
        let target = fs::read_link(self.path(link)).ok()?;
        target.file_name()?.to_str().map(str::to_owned)
    }

    /// Model of the machine, `Raspberry Pi 4 Model B Rev 1.4`; `None` where no device tree tells it.
    pub fn model(&self) -> Option<String> {
        self.read("/proc/device-tree/model")
    }

    /// Tells whether the machine is a Raspberry Pi.
    pub fn is_pi(&self) -> bool {
        self.model().is_some_and(|model| model.starts_with("Raspberry Pi"))
    }

    /// Tells whether a device's file could be opened for reading and writing. It is not opened: that may reset what hangs
    /// on it.
    ///
    /// # Errors
    /// [`NoAccess`], with the group whose members may where that is all that is missing.
    pub fn access(&self, path: &str) -> Result<(), NoAccess> {
        let place = self.path(path);
        let tried = access(&place, Access::READ_OK | Access::WRITE_OK);
        tried.map_err(|error| self.no_access(&place, &error.into()))
    }

    /// The reason of a refusal, for the group of the file.
    pub(super) fn no_access(&self, place: &Path, error: &io::Error) -> NoAccess {
        let denied = error.kind() == io::ErrorKind::PermissionDenied;
        let group = || self.group(fs::metadata(place).ok()?.gid());
        let missing = error.kind() == io::ErrorKind::NotFound;
        NoAccess { cause: error.to_string(), group: denied.then(group).flatten(), denied, missing }
    }

    /// Name of a group; root's is none that a user is put into.
    fn group(&self, number: u32) -> Option<String> {
        if number == 0 {
            return None;
        }
        let groups = self.read("/etc/group")?;
        let lines = groups.lines().map(|line| line.split(':').collect::<Vec<_>>());
        let mut named = lines.filter_map(|parts| Some((*parts.first()?, *parts.get(2)?)));
        let wanted = number.to_string();
        named.find(|(_, gid)| *gid == wanted).map(|(name, _)| name.to_owned())
    }
}

/// Splits a name into its words and numbers, so that `i2c-10` comes after `i2c-2`.
fn numbers(name: &str) -> Vec<(String, u64)> {
    let mut parts = vec![(String::new(), 0_u64)];
    let mut in_number = false;
    for letter in name.chars() {
        match (letter.to_digit(10), parts.last_mut()) {
            (Some(digit), Some((_, number))) => {
                *number = number.saturating_mul(10).saturating_add(digit.into());
                in_number = true;
            }
            (None, Some((word, _))) if !in_number => word.push(letter),
            (_, _) => {
                parts.push((letter.to_string(), 0));
                in_number = false;
            }
        }
    }
    parts
}
