//! A rustc that builds for other machines, without rustup: Debian's `rustc-web`, unpacked and not installed, and the
//! standard library built out of its own sources.

use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, bail, ensure};

use super::Architecture;
use crate::debian::{self, Apt};
use crate::{install, step, tools};

/// The oldest rustc that builds EG: major and minor.
const OLDEST: &str = env!("CARGO_PKG_RUST_VERSION");

/// A rustc that lies ready, and what it builds for.
pub(crate) struct Toolchain {
    architecture: &'static Architecture,
    root: PathBuf,
}

impl Toolchain {
    /// Makes the toolchain that Debian offers now, out of the cache or fetched into it, some 140 MB.
    ///
    /// # Errors
    /// When it cannot be had: there is no apt, no network, or Debian's rustc is too old.
    pub(crate) fn ready(
        architecture: &'static Architecture,
        install: bool,
    ) -> anyhow::Result<Self> {
        architecture.install(install)?;
        let cache = cache();
        let root = match fetched(&cache, install) {
            Err(error) if install => {
                println!("once more with new package lists: {error:#}");
                install::update_debian(&tools::path())?;
                fetched(&cache, install)?
            }
            ended => ended?,
        };
        Ok(Self { architecture, root })
    }

    /// Where it builds to. Host programs of one rustc and of another would take turns in one folder.
    pub(crate) fn target(&self) -> PathBuf {
        cache()
    }

    /// Where the programs of a profile lie.
    pub(crate) fn built(&self, profile: &str) -> PathBuf {
        self.target().join(self.architecture.triple).join(crate::folder_of(profile))
    }

    /// Builds what cargo's arguments say.
    ///
    /// # Errors
    /// When it does not build.
    pub(crate) fn build(&self, arguments: &[&str]) -> anyhow::Result<()> {
        let Architecture { triple, gnu, .. } = *self.architecture;
        let libraries = self.root.join("usr/lib/x86_64-linux-gnu");
        let mut path = OsString::from(libraries);
        if let Some(callers) = std::env::var_os("LD_LIBRARY_PATH") {
            path.push(":");
            path.push(callers);
        }
        let shout = triple.replace('-', "_").to_uppercase();
        let snake = triple.replace('-', "_");
        let built = step::cargo()
            .args(["build", "--quiet", "--locked", "--target", triple])
            // Debian has no library of every architecture in step with its compiler; its sources always are.
            .arg("-Zbuild-std=std,panic_unwind")
            .args(arguments)
            .env("RUSTC_BOOTSTRAP", "1")
            .env("RUSTC", self.root.join("usr/bin/rustc"))
            .env("LD_LIBRARY_PATH", path)
            .env("CARGO_TARGET_DIR", self.target())
            .env(format!("CARGO_TARGET_{shout}_LINKER"), format!("{gnu}-gcc"))
            .env(format!("CC_{snake}"), format!("{gnu}-gcc"))
            .env(format!("AR_{snake}"), format!("{gnu}-ar"))
            .env("CARGO_PROFILE_DEV_DEBUG", "false")
            .env("CARGO_INCREMENTAL", "0")
            .status()
            .context("cannot start cargo")?;
        ensure!(built.success(), "it does not build for {}", self.architecture.name);
        Ok(())
    }
}

fn cache() -> PathBuf {
    crate::target().join("arm")
}

/// The unpacked compiler, as Debian offers it now.
fn fetched(cache: &Path, install: bool) -> anyhow::Result<PathBuf> {
    let apt = Apt::system();
    let version = apt.version("rustc-web")?;
    ensure!(is_new_enough(&version), "Debian's rustc is {version}, EG needs {OLDEST}");
    let root = cache.join("rustc");
    if fs::read_to_string(root.join("version")).is_ok_and(|kept| kept == version) {
        return Ok(root);
    }
    if !install {
        bail!("no rustc was fetched yet");
    }
    println!("rustc {version}: fetching compiler and sources of its library, some 140 MB, once");
    let (part, debs) = (cache.join("rustc.part"), cache.join("downloads"));
    for old in [&part, &root, &debs] {
        debian::remove(old)?;
    }
    let driver = apt.dependency("libstd-rust-web-dev", "libstd-rust-web-")?;
    let llvm = apt.dependency(&driver, "libllvm")?;
    for package in ["rustc-web", "libstd-rust-web-dev", &driver, &llvm, "rust-web-src"] {
        debian::unpack(&apt.download(package, &debs)?, &part)?;
    }
    let works = Command::new(part.join("usr/bin/rustc"))
        .arg("--version")
        .env("LD_LIBRARY_PATH", part.join("usr/lib/x86_64-linux-gnu"))
        .output()?;
    ensure!(works.status.success(), "rustc: {}", String::from_utf8_lossy(&works.stderr).trim());
    fs::write(part.join("version"), &version)?;
    fs::rename(&part, &root)?;
    debian::remove(&debs)?;
    Ok(root)
}

fn is_new_enough(version: &str) -> bool {
    let numbers = |text: &str| -> Option<(u32, u32)> {
        let (major, rest) = text.split_once('.')?;
        let minor: String = rest.chars().take_while(char::is_ascii_digit).collect();
        Some((major.parse().ok()?, minor.parse().ok()?))
    };
    numbers(version).is_some_and(|found| Some(found) >= numbers(OLDEST))
}

#[cfg(test)]
mod tests {
    use super::is_new_enough;

    #[test]
    fn a_rustc_is_judged_by_its_numbers_and_not_its_letters() {
        assert!(is_new_enough("1.96.0+dfsg1-1~deb12u2"));
        assert!(is_new_enough("1.100.0-1"));
        assert!(!is_new_enough("1.85.0+dfsg3-1~deb12u3"));
        assert!(!is_new_enough("unknown"));
    }
}
