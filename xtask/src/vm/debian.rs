//! Debian's packages: which ones make the machine, and what is taken out of them. Nothing of this is installed.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, ensure};

/// The packages of one kernel, and of the shell beside it. The kernel's number moves with security updates, so these
/// names are asked for, never written down.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Packages {
    /// `6.1.0-56-amd64`.
    pub(crate) abi: String,
    /// `linux-image-6.1.0-56-amd64`.
    pub(crate) image: String,
    /// What a module is built against: headers, common headers, build scripts.
    pub(crate) headers: Vec<String>,
    /// `linux-source-6.1`.
    pub(crate) source: String,
    /// The version of the image: another version of the same number is another kernel.
    pub(crate) version: String,
}

/// A static shell with what `init` calls.
pub(crate) const BUSYBOX: &str = "busybox-static";

impl Packages {
    /// Those that Debian offers here now.
    pub(crate) fn offered() -> anyhow::Result<Self> {
        let image = dependency("linux-image-amd64", "linux-image-")?;
        let abi = image.trim_start_matches("linux-image-").trim_end_matches("-unsigned").to_owned();
        let headers = format!("linux-headers-{abi}");
        let common = dependency(&headers, "linux-headers-")?;
        let scripts = dependency(&headers, "linux-kbuild-")?;
        let source = dependency("linux-source", "linux-source-")?;
        let shown = ask(&["show", "--no-all-versions", &image])?;
        let version = shown.lines().find_map(|line| line.strip_prefix("Version: "));
        let version = version.with_context(|| format!("{image} has no version"))?.to_owned();
        Ok(Self { abi, image, headers: vec![headers, common, scripts], source, version })
    }

    /// Tells one set of packages from another.
    pub(crate) fn key(&self) -> String {
        format!("{} {}", self.abi, self.version)
    }
}

/// The first dependency of a package with that beginning.
fn dependency(package: &str, beginning: &str) -> anyhow::Result<String> {
    let depends = ask(&["depends", "--important", package])?;
    let found = depends_in(&depends).find(|name| name.starts_with(beginning));
    found.map(str::to_owned).with_context(|| format!("{package} depends on no {beginning}…"))
}

/// The packages named in what `apt-cache depends` prints.
fn depends_in(text: &str) -> impl Iterator<Item = &str> {
    text.lines().filter_map(|line| line.trim_start().strip_prefix("Depends: "))
}

fn ask(arguments: &[&str]) -> anyhow::Result<String> {
    let asked = Command::new("apt-cache")
        .args(arguments)
        .env("LC_ALL", "C")
        .output()
        .context("apt-cache does not start: this is no Debian")?;
    ensure!(
        asked.status.success() && !asked.stdout.is_empty(),
        "apt-cache {}: {}",
        arguments.join(" "),
        String::from_utf8_lossy(&asked.stderr).trim()
    );
    Ok(String::from_utf8_lossy(&asked.stdout).into_owned())
}

/// Fetches a package into a folder and tells where it lies.
pub(crate) fn download(package: &str, folder: &Path) -> anyhow::Result<PathBuf> {
    fs::create_dir_all(folder)?;
    // As root, apt would fetch as a user of its own, who may not write here.
    let fetched = Command::new("apt-get")
        .args(["download", "--quiet=2", "--option=APT::Sandbox::User=root", package])
        .current_dir(folder)
        .output()
        .context("apt-get does not start")?;
    let why = String::from_utf8_lossy(&fetched.stderr);
    ensure!(fetched.status.success(), "apt-get download {package}: {}", why.trim());
    let beginning = format!("{package}_");
    let files = fs::read_dir(folder)?.flatten().map(|entry| entry.path());
    let mut files = files.filter(|path| {
        path.file_name().is_some_and(|name| name.to_string_lossy().starts_with(&beginning))
    });
    files.next().with_context(|| format!("apt-get brought no {package}"))
}

/// Unpacks a whole package.
pub(crate) fn unpack(package: &Path, folder: &Path) -> anyhow::Result<()> {
    fs::create_dir_all(folder)?;
    let status = Command::new("dpkg-deb").arg("--extract").args([package, folder]).status();
    let status = status.context("dpkg-deb does not start")?;
    ensure!(status.success(), "dpkg-deb --extract {}: {status}", package.display());
    Ok(())
}

/// Takes the files that match out of a package, without their folders.
pub(crate) fn pick(package: &Path, folder: &Path, patterns: &[&str]) -> anyhow::Result<()> {
    let script = r#"dpkg-deb --fsys-tarfile "$0" | tar -x $FLAT -C "$@""#;
    shell(script, package, folder, patterns)
}

/// Takes files out of the archive of sources that a package carries. It ends with the last of them: unpacking the
/// kernel's sources to their end takes thrice as long.
pub(crate) fn pick_source(package: &Path, folder: &Path, patterns: &[&str]) -> anyhow::Result<()> {
    let script = r#"dpkg-deb --fsys-tarfile "$0" | tar -xO --wildcards '*/linux-source-*.tar.xz' \
        | tar -xJ $FLAT -C "$@""#;
    shell(script, package, folder, patterns)
}

/// A pipe ends as its last command does; those before it may find that nobody listens any more, and say so.
fn shell(script: &str, package: &Path, folder: &Path, patterns: &[&str]) -> anyhow::Result<()> {
    fs::create_dir_all(folder)?;
    let flat = "--occurrence=1 --wildcards --transform=s,.*/,,";
    let done = Command::new("sh")
        .args(["-c", script])
        .args([package, folder])
        .args(patterns)
        .env("FLAT", flat)
        .output()?;
    ensure!(
        done.status.success(),
        "{} has no {}: {}",
        package.display(),
        patterns.join(", "),
        String::from_utf8_lossy(&done.stderr).trim()
    );
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_a_package_depends_on() {
        let text = "linux-headers-6.1.0-56-amd64\n  Depends: linux-headers-6.1.0-56-common\n \
                    Depends: linux-kbuild-6.1\n  Suggests: linux-doc\n";

        let names: Vec<_> = depends_in(text).collect();

        assert_eq!(names, ["linux-headers-6.1.0-56-common", "linux-kbuild-6.1"]);
    }
}
