//! The folder tree that a package is made of.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, ensure};

use super::Entry;
use crate::debian;

/// Oldest glibc that a system may have: that of Debian 12 and of Raspberry Pi OS beside it, which is linked with.
const GLIBC: &str = "2.36";

/// A tree that is being laid out.
pub(super) struct Tree(PathBuf);

impl Tree {
    /// An empty one.
    pub(super) fn new(folder: PathBuf) -> anyhow::Result<Self> {
        debian::remove(&folder)?;
        fs::create_dir_all(&folder)?;
        Ok(Self(folder))
    }

    /// Puts a program into it.
    pub(super) fn program(&self, from: &Path, to: &str) -> anyhow::Result<()> {
        self.put(from, to, 0o755)
    }

    /// Puts a file into it.
    pub(super) fn file(&self, from: &Path, to: &str) -> anyhow::Result<()> {
        self.put(from, to, 0o644)
    }

    /// Writes what dpkg reads: the package's own words filled in, its scripts, and the list of the operator's files.
    pub(super) fn control(
        &self,
        from: &Path,
        architecture: &str,
        entries: &[Entry],
    ) -> anyhow::Result<()> {
        let size: u64 = sizes(&self.0)?.div_ceil(1024);
        let control = fs::read_to_string(from.join("control"))?
            .replace("VERSION", env!("CARGO_PKG_VERSION"))
            .replace("ARCHITECTURE", architecture)
            .replace("SIZE", &size.to_string())
            .replace("GLIBC", GLIBC);
        let folder = self.0.join("DEBIAN");
        fs::create_dir_all(&folder)?;
        fs::write(folder.join("control"), control)?;
        let theirs = entries.iter().filter(|(_, to)| to.starts_with("etc/"));
        let theirs: String = theirs.map(|(_, to)| format!("/{to}\n")).collect();
        fs::write(folder.join("conffiles"), theirs)?;
        for script in ["preinst", "postinst", "prerm", "postrm"] {
            if from.join(script).exists() {
                self.put(&from.join(script), &format!("DEBIAN/{script}"), 0o755)?;
            }
        }
        Ok(())
    }

    /// Makes the package.
    pub(super) fn close(self, file: &Path) -> anyhow::Result<()> {
        let closed = Command::new("dpkg-deb")
            .args(["--build", "--root-owner-group", "-Zxz", "-z1"])
            .args([&self.0, file])
            .output()
            .context("dpkg-deb does not start: packages are made on Debian")?;
        let why = String::from_utf8_lossy(&closed.stderr);
        ensure!(closed.status.success(), "dpkg-deb --build: {}", why.trim());
        debian::remove(&self.0)
    }

    fn put(&self, from: &Path, to: &str, mode: u32) -> anyhow::Result<()> {
        let to = self.0.join(to);
        if let Some(folder) = to.parent() {
            fs::create_dir_all(folder)?;
        }
        fs::copy(from, &to).with_context(|| from.display().to_string())?;
        Ok(fs::set_permissions(&to, fs::Permissions::from_mode(mode))?)
    }
}

/// The bytes of all files under a folder.
fn sizes(folder: &Path) -> anyhow::Result<u64> {
    let mut sum = 0;
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let data = entry.metadata()?;
        sum += if data.is_dir() { sizes(&entry.path())? } else { data.len() };
    }
    Ok(sum)
}
