//! A Debian as nobody has touched it yet: made by mmdebstrap once, kept under `target/clean`, unpacked for each use.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, ensure};

use crate::tools::{self, MMDEBSTRAP};
use crate::{debian, install};

/// The oldest Debian that packages are for.
const SUITE: &str = "bookworm";

/// An archive of such a system, without sources of packages.
pub(crate) struct Clean {
    /// The file, as `tar` reads it.
    pub(crate) archive: PathBuf,
}

/// Such a system in a folder; it goes when this goes.
pub(crate) struct Root(PathBuf);

impl Clean {
    /// The smallest Debian with these packages besides.
    ///
    /// # Errors
    /// When this is not root, or mmdebstrap or Debian cannot be had.
    pub(crate) fn ready(name: &str, packages: &[&str], install: bool) -> anyhow::Result<Self> {
        ensure!(rustix::process::geteuid().is_root(), "a clean Debian is made by root alone");
        install::ensure_present(&[&MMDEBSTRAP], &tools::path(), install)?;
        let folder = crate::target().join("clean");
        fs::create_dir_all(&folder)?;
        let archive = folder.join(format!("{name}.tar"));
        let key = folder.join(format!("{name}.key"));
        let wanted = format!("{SUITE} {}", packages.join(","));
        if archive.exists() && fs::read_to_string(&key).is_ok_and(|kept| kept == wanted) {
            return Ok(Self { archive });
        }
        ensure!(install, "no clean Debian was made yet");
        println!("making a clean Debian with {}, once", packages.join(", "));
        let part = folder.join(format!("{name}.part.tar"));
        let made = Command::new("mmdebstrap")
            .args(["--quiet", "--variant=minbase"])
            .arg(format!("--include={}", packages.join(",")))
            .arg("--customize-hook=rm -f \"$1\"/etc/apt/sources.list")
            .args([SUITE.as_ref(), part.as_os_str()])
            .output()?;
        let why = String::from_utf8_lossy(&made.stderr);
        ensure!(made.status.success(), "mmdebstrap: {}", why.trim());
        fs::rename(&part, &archive)?;
        fs::write(key, wanted)?;
        Ok(Self { archive })
    }

    /// Unpacks it into a folder, which is emptied first.
    ///
    /// # Errors
    /// When tar fails.
    pub(crate) fn unpacked(&self, folder: &Path) -> anyhow::Result<Root> {
        debian::remove(folder)?;
        fs::create_dir_all(folder)?;
        let root = Root(folder.to_owned());
        let unpacked = Command::new("tar")
            .args(["--extract", "--numeric-owner", "--preserve-permissions", "--file"])
            .arg(&self.archive)
            .arg("--directory")
            .arg(folder)
            .status()?;
        ensure!(unpacked.success(), "tar: {unpacked}");
        Ok(root)
    }
}

impl Root {
    /// Its folder.
    pub(crate) fn path(&self) -> &Path {
        &self.0
    }

    /// Runs a line of shell in it as its root, and gives what it said on both outputs.
    ///
    /// # Errors
    /// When the line ends with another code than 0.
    pub(crate) fn sh(&self, line: &str) -> anyhow::Result<String> {
        let ran = Command::new("chroot")
            .arg(&self.0)
            .args(["/bin/sh", "-c", &format!("exec 2>&1; {line}")])
            .env_clear()
            .env("PATH", "/usr/sbin:/usr/bin:/sbin:/bin")
            .envs([("LC_ALL", "C.UTF-8"), ("DEBIAN_FRONTEND", "noninteractive")])
            .output()
            .context("chroot does not start")?;
        let said = String::from_utf8_lossy(&ran.stdout).into_owned();
        ensure!(ran.status.success(), "{line}: {}: {}", ran.status, said.trim());
        Ok(said)
    }
}

impl Drop for Root {
    fn drop(&mut self) {
        drop(debian::remove(&self.0));
    }
}
