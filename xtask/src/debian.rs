//! Debian's packages, fetched and unpacked without being installed: for this machine's architecture, or for another one's
//! with package lists of its own.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, ensure};

/// A way to ask apt.
pub(crate) struct Apt {
    /// Settings of apt, where they are not the system's.
    config: Option<PathBuf>,
}

impl Apt {
    /// The system's, with the lists that were fetched last.
    pub(crate) fn system() -> Self {
        Self { config: None }
    }

    /// One for packages of another architecture: from Debian as the system knows it, with lists under `folder`.
    ///
    /// # Errors
    /// When the system does not get packages from Debian.
    pub(crate) fn foreign(architecture: &str, folder: &Path) -> anyhow::Result<Self> {
        let listed =
            ["--format", "$(ORIGIN) $(SITE) $(CODENAME) $(COMPONENT)", "Created-By: Packages"];
        let listed = Command::new("apt-get").arg("indextargets").args(listed).output();
        let listed = listed.context("apt-get does not start: this is no Debian")?;
        let sources = sources_in(&String::from_utf8_lossy(&listed.stdout), architecture);
        ensure!(!sources.is_empty(), "no packages come from Debian here");
        let folder = std::path::absolute(folder)?;
        for part in ["lists/partial", "cache/archives/partial"] {
            fs::create_dir_all(folder.join(part))?;
        }
        fs::write(folder.join("sources.list"), sources)?;
        fs::write(folder.join("status"), "")?;
        let at = folder.display();
        let settings = format!(
            "APT::Architecture \"{architecture}\";
APT::Architectures {{ \"{architecture}\"; }};
Dir::State::Lists \"{at}/lists\";
Dir::State::Status \"{at}/status\";
Dir::Cache \"{at}/cache\";
Dir::Etc::SourceList \"{at}/sources.list\";
Dir::Etc::SourceParts \"-\";
APT::Sandbox::User \"root\";
"
        );
        let config = folder.join("apt.conf");
        fs::write(&config, settings)?;
        Ok(Self { config: Some(config) })
    }

    /// Fetches the lists of an [`Apt::foreign`] anew; those of the system are [`install`](crate::install)'s.
    ///
    /// # Errors
    /// In apt's words.
    pub(crate) fn update(&self) -> anyhow::Result<()> {
        let updated = self.command("apt-get").args(["update", "--quiet=2"]).output()?;
        let why = String::from_utf8_lossy(&updated.stderr);
        ensure!(updated.status.success(), "apt-get update: {}", why.trim());
        Ok(())
    }

    fn command(&self, program: &str) -> Command {
        let mut command = Command::new(program);
        command.env("LC_ALL", "C");
        if let Some(config) = &self.config {
            command.env("APT_CONFIG", config);
        }
        command
    }
}

/// The lines of a list of sources, out of `Debian SITE CODENAME COMPONENT` lines; those of others are left out.
fn sources_in(listed: &str, architecture: &str) -> String {
    let mut lines: Vec<_> = listed
        .lines()
        .filter_map(|line| line.strip_prefix("Debian "))
        .map(|source| format!("deb [arch={architecture}] {source}\n"))
        .collect();
    lines.sort_unstable();
    lines.dedup();
    lines.concat()
}

impl Apt {
    /// The first dependency of a package with that beginning.
    pub(crate) fn dependency(&self, package: &str, beginning: &str) -> anyhow::Result<String> {
        let depends = self.ask(&["depends", "--important", package])?;
        let found = depends_in(&depends).find(|name| name.starts_with(beginning));
        found.map(str::to_owned).with_context(|| format!("{package} depends on no {beginning}…"))
    }

    /// The version that would be fetched.
    pub(crate) fn version(&self, package: &str) -> anyhow::Result<String> {
        let shown = self.ask(&["show", "--no-all-versions", package])?;
        let version = shown.lines().find_map(|line| line.strip_prefix("Version: "));
        Ok(version.with_context(|| format!("{package} has no version"))?.to_owned())
    }

    fn ask(&self, arguments: &[&str]) -> anyhow::Result<String> {
        let asked = self.command("apt-cache").args(arguments).output();
        let asked = asked.context("apt-cache does not start: this is no Debian")?;
        ensure!(
            asked.status.success() && !asked.stdout.is_empty(),
            "apt-cache {}: {}",
            arguments.join(" "),
            String::from_utf8_lossy(&asked.stderr).trim()
        );
        Ok(String::from_utf8_lossy(&asked.stdout).into_owned())
    }

    /// Fetches a package into a folder and tells where it lies.
    pub(crate) fn download(&self, package: &str, folder: &Path) -> anyhow::Result<PathBuf> {
        fs::create_dir_all(folder)?;
        // As root, apt would fetch as a user of its own, who may not write here.
        let fetched = self
            .command("apt-get")
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
}

/// The packages named in what `apt-cache depends` prints.
fn depends_in(text: &str) -> impl Iterator<Item = &str> {
    text.lines().filter_map(|line| line.trim_start().strip_prefix("Depends: "))
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

/// Removes a folder with all that is in it, if it is there.
pub(crate) fn remove(folder: &Path) -> anyhow::Result<()> {
    match fs::remove_dir_all(folder) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            Err(error).with_context(|| format!("cannot remove {}", folder.display()))
        }
        Ok(()) | Err(_) => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn takes_the_sources_of_debian_and_of_nobody_else() {
        let listed = "Debian http://one/debian bookworm main\nOther http://two stable main\n\
                      Debian http://one/debian bookworm main\n";

        assert_eq!(
            sources_in(listed, "arm64"),
            "deb [arch=arm64] http://one/debian bookworm main\n"
        );
    }

    #[test]
    fn reads_what_a_package_depends_on() {
        let text = "linux-headers-6.1.0-56-amd64\n  Depends: linux-headers-6.1.0-56-common\n \
                    Depends: linux-kbuild-6.1\n  Suggests: linux-doc\n";

        let names: Vec<_> = depends_in(text).collect();

        assert_eq!(names, ["linux-headers-6.1.0-56-common", "linux-kbuild-6.1"]);
    }
}
