//! The kernel of the machine and its modules: fetched and built once, kept under `target/vm`.

use std::fs;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, ensure};

use super::binary::slim;
use super::packages::{BUSYBOX, Packages};
use crate::debian::{self, Apt};

/// Debian's own modules that the checks need, in the order of loading, and where they lie.
const MODULES: [(&str, &str); 4] = [
    ("configfs", "fs/configfs"),
    ("i2c-dev", "drivers/i2c"),
    ("evdev", "drivers/input"),
    ("uinput", "drivers/input/misc"),
];

/// Modules that we build, in the order of loading; gpio-sim is the kernel's own, which Debian does not build.
const OURS: [&str; 3] = ["gpio-sim", "eg_i2c_regs", "eg_spi_loop"];

/// A kernel that lies ready.
pub(crate) struct Kernel {
    abi: String,
    folder: PathBuf,
    key: String,
}

impl Kernel {
    /// Returns `true` if this kernel lies in `cache`.
    pub(crate) fn is_kept(cache: &Path, packages: &Packages) -> bool {
        fs::read_to_string(cache.join("kernel/key")).is_ok_and(|kept| kept == packages.key())
    }

    /// The kernel that Debian offers now, out of `cache` or fetched into it.
    ///
    /// # Errors
    /// When it cannot be had: there is no apt, or no network.
    pub(crate) fn ready(cache: &Path, packages: &Packages) -> anyhow::Result<Self> {
        let folder = cache.join("kernel");
        let (abi, key) = (packages.abi.clone(), packages.key());
        if Self::is_kept(cache, packages) {
            println!("kernel {key}: in {}", folder.display());
            return Ok(Self { abi, folder, key });
        }
        println!("kernel {key}: fetching image, headers and sources, some 230 MB, once");
        let (part, debs) = (cache.join("kernel.part"), cache.join("downloads"));
        for old in [&part, &folder, &debs] {
            debian::remove(old)?;
        }
        fetch(packages, &debs, &part)?;
        fs::write(part.join("key"), &key)?;
        fs::rename(&part, &folder)?;
        debian::remove(&debs)?;
        Ok(Self { abi, folder, key })
    }

    /// Debian's package of it.
    pub(crate) fn package(&self) -> String {
        format!("linux-image-{}", self.abi)
    }

    /// The kernel itself.
    pub(crate) fn image(&self) -> PathBuf {
        self.folder.join(format!("vmlinuz-{}", self.abi))
    }

    /// The static shell.
    pub(crate) fn busybox(&self) -> PathBuf {
        self.folder.join("busybox")
    }

    /// Builds our modules if they changed, and gives all modules with their content, in the order of loading.
    ///
    /// # Errors
    /// When one does not build.
    pub(crate) fn modules(
        &self,
        cache: &Path,
        sources: &Path,
    ) -> anyhow::Result<Vec<(String, Vec<u8>)>> {
        let built = self.build(&cache.join("modules"), sources)?;
        let debians = MODULES.iter().map(|(name, _)| (*name, &self.folder));
        let all = debians.chain(OURS.iter().map(|name| (*name, &built)));
        all.map(|(name, folder)| Ok((name.to_owned(), module(folder, name)?))).collect()
    }

    fn build(&self, build: &Path, sources: &Path) -> anyhow::Result<PathBuf> {
        let mut files = files_in(&self.folder.join("source"))?;
        files.extend(files_in(sources)?);
        let mut hasher = DefaultHasher::new();
        (&self.key, &files).hash(&mut hasher);
        let stamp = format!("{:016x}", hasher.finish());
        let is_built = OURS.iter().all(|name| build.join(format!("{name}.ko")).exists());
        if is_built && fs::read_to_string(build.join("stamp")).is_ok_and(|kept| kept == stamp) {
            return Ok(build.to_owned());
        }
        println!("building {} for {}", OURS.join(", "), self.abi);
        debian::remove(build)?;
        fs::create_dir_all(build)?;
        for (name, content) in files {
            fs::write(build.join(name), content)?;
        }
        let headers = self.headers()?;
        let made = Command::new("make")
            .args(["--silent", "--jobs=2", "CC=gcc", "modules"])
            .arg(format!("M={}", build.display()))
            .arg("-C")
            .arg(headers)
            .output()
            .context("make does not start")?;
        ensure!(
            made.status.success(),
            "the modules do not build: {}",
            String::from_utf8_lossy(&made.stderr)
        );
        fs::write(build.join("stamp"), stamp)?;
        Ok(build.to_owned())
    }

    /// The folder to build against. Its makefile names the common headers where a package would have put them.
    fn headers(&self) -> anyhow::Result<PathBuf> {
        let folder = fs::canonicalize(self.folder.join("headers/usr/src"))?;
        let (mine, common) = (format!("linux-headers-{}", self.abi), "-common/Makefile");
        let named = fs::read_to_string(folder.join(&mine).join("Makefile"))?;
        let common = named
            .split_whitespace()
            .find(|word| word.ends_with(common))
            .and_then(|path| path.rsplit('/').nth(1))
            .with_context(|| format!("the makefile of {mine} names no common headers: {named}"))?;
        let common = folder.join(common).join("Makefile");
        let makefile = format!("include {}\n", common.display());
        fs::write(folder.join(&mine).join("Makefile"), makefile)?;
        Ok(folder.join(mine))
    }
}

fn fetch(packages: &Packages, debs: &Path, into: &Path) -> anyhow::Result<()> {
    let modules: Vec<_> =
        MODULES.iter().map(|(name, folder)| format!("*/kernel/{folder}/{name}.ko*")).collect();
    let apt = Apt::system();
    let mut wanted = vec!["*/boot/vmlinuz-*"];
    wanted.extend(modules.iter().map(String::as_str));
    debian::pick(&apt.download(&packages.image, debs)?, into, &wanted)?;
    debian::pick(&apt.download(BUSYBOX, debs)?, into, &["*/bin/busybox"])?;
    for headers in &packages.headers {
        debian::unpack(&apt.download(headers, debs)?, &into.join("headers"))?;
    }
    let source = into.join("source");
    let wanted =
        ["*/drivers/gpio/gpio-sim.c", "*/drivers/gpio/gpiolib.h", "*/kernel/irq/irq_sim.c"];
    debian::pick_source(&apt.download(&packages.source, debs)?, &source, &wanted)?;
    // A module of two files may not have the name of one of them.
    fs::rename(source.join("gpio-sim.c"), source.join("gpio_sim_core.c"))?;
    Ok(())
}

/// The files right in a folder, by name, with their content.
fn files_in(folder: &Path) -> anyhow::Result<Vec<(String, Vec<u8>)>> {
    let mut files = Vec::new();
    let entries = fs::read_dir(folder).with_context(|| folder.display().to_string())?;
    for entry in entries {
        let path = entry?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        files.push((name, fs::read(path)?));
    }
    files.sort();
    Ok(files)
}

/// A module's content without its debugging half; newer Debians compress their own.
fn module(folder: &Path, name: &str) -> anyhow::Result<Vec<u8>> {
    let plain = folder.join(format!("{name}.ko"));
    let packed = folder.join(format!("{name}.ko.xz"));
    if !plain.exists() && packed.exists() {
        let status = Command::new("xz").args(["--decompress", "--keep"]).arg(&packed).status()?;
        ensure!(status.success(), "xz: {status}");
    }
    slim("strip", &plain, &folder.join(format!("{name}.slim")))
}
