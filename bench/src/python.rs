//! A Python of our own with paho, for the stack that EG replaces.

use anyhow::{Context, Result, ensure};
use std::path::{Path, PathBuf};
use std::process::Command;

/// The client library, at the version that was measured.
const PAHO: &str = "paho-mqtt==2.1.0";

/// Returns a Python with paho in this folder; it is made at the first time, with a package of PyPI.
///
/// # Errors
/// When there is no Python with `venv`, or the package cannot be had.
pub(crate) fn ready(folder: &Path) -> Result<PathBuf> {
    let python = folder.join("bin/python");
    let has_paho = || {
        let asked = Command::new(&python).args(["-c", "import paho.mqtt.client"]).output();
        asked.is_ok_and(|asked| asked.status.success())
    };
    if !has_paho() {
        let made = Command::new("python3").args(["-m", "venv"]).arg(folder).output();
        let made = made.context("no python3")?;
        ensure!(made.status.success(), "{}", String::from_utf8_lossy(&made.stdout).trim());
        let install = ["-m", "pip", "install", "--quiet", PAHO];
        let installed = Command::new(&python).args(install).output()?;
        ensure!(installed.status.success(), "{}", String::from_utf8_lossy(&installed.stderr));
    }
    Ok(python)
}

/// Returns the path of a script of this crate.
pub(crate) fn script(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("python").join(name)
}
