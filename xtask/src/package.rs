//! `cargo eg package`: Debian packages of agent and core.
//!
//! A package is a folder tree and three small files, so it is laid out here and closed by dpkg-deb; what is in it lies
//! under `deploy/`.

mod tree;

use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use anyhow::{Context, bail, ensure};

use crate::arm::{ARM64, ARMHF, Toolchain};
use crate::{debian, step};
use tree::Tree;

/// Arguments of `cargo eg package`.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// The machine it is for: arm64 and armhf are Pis
    #[arg(long, value_parser = ["arm64", "armhf", "amd64"])]
    target: String,
    /// Profile of the build: `dist`, or another to have it sooner
    #[arg(long, default_value = "dist", value_parser = ["dist", "release", "dev"])]
    profile: String,
}

/// A package that was made.
pub(crate) struct Package {
    /// The folder it lies in.
    pub(crate) folder: PathBuf,
    /// The file.
    pub(crate) file: PathBuf,
    /// Paths that must be in the package.
    wanted: Vec<&'static str>,
}

/// A file of a package: where it comes from in this repository, and where it goes.
type Entry = (&'static str, &'static str);

/// Files of the agent beside its program.
const AGENT: [Entry; 7] = [
    ("deploy/systemd/eg-agent.service", "usr/lib/systemd/system/eg-agent.service"),
    ("deploy/systemd/eg-agent.sysusers", "usr/lib/sysusers.d/eg-agent.conf"),
    ("deploy/udev/60-eg.rules", "usr/lib/udev/rules.d/60-eg.rules"),
    ("deploy/debian/eg-agent/slot.yaml", "etc/eg/slot.yaml"),
    ("docs/deploy.md", "usr/share/doc/eg-agent/deploy.md"),
    ("docs/pairing.md", "usr/share/doc/eg-agent/pairing.md"),
    ("docs/tls.md", "usr/share/doc/eg-agent/tls.md"),
];

/// Files of the core beside its program.
const CORE: [Entry; 7] = [
    ("deploy/systemd/eg-core.service", "usr/lib/systemd/system/eg-core.service"),
    ("deploy/systemd/eg-core.sysusers", "usr/lib/sysusers.d/eg-core.conf"),
    ("deploy/debian/eg-core/core.yaml", "etc/eg/core.yaml"),
    ("configs/core.yaml", "usr/share/doc/eg-core/core.yaml"),
    ("docs/deploy.md", "usr/share/doc/eg-core/deploy.md"),
    ("docs/pairing.md", "usr/share/doc/eg-core/pairing.md"),
    ("docs/tls.md", "usr/share/doc/eg-core/tls.md"),
];

/// Builds both programs and makes their packages.
///
/// # Errors
/// When there is no toolchain, or something does not build.
pub(crate) fn run(args: &Args) -> anyhow::Result<ExitCode> {
    let profile = ["--profile", &args.profile];
    let built = match args.target.as_str() {
        "amd64" => {
            let programs = ["build", "--locked", "--package", "eg-agent", "--package", "eg-core"];
            let status = step::cargo().args(programs).args(profile).status()?;
            ensure!(status.success(), "it does not build");
            crate::target().join(crate::folder_of(&args.profile))
        }
        pi => {
            let architecture = if pi == ARM64.name { &ARM64 } else { &ARMHF };
            let toolchain = Toolchain::ready(architecture, true)?;
            let mut arguments = vec!["--package", "eg-agent", "--package", "eg-core"];
            arguments.extend(["--features", "eg-agent/rppal"]);
            arguments.extend(profile);
            toolchain.build(&arguments)?;
            toolchain.built(&args.profile)
        }
    };
    let folder = crate::target().join("debian");
    for package in [agent(&args.target, &built, &folder)?, core(&args.target, &built, &folder)?] {
        package.check()?;
        println!("{}", package.file.display());
    }
    Ok(ExitCode::SUCCESS)
}

/// Packages an agent that lies in `built`.
///
/// # Errors
/// When dpkg-deb is missing or refuses.
pub(crate) fn agent(architecture: &str, built: &Path, folder: &Path) -> anyhow::Result<Package> {
    make("eg-agent", "usr/bin/eg-agent", &AGENT, architecture, built, folder)
}

fn core(architecture: &str, built: &Path, folder: &Path) -> anyhow::Result<Package> {
    make("eg-core", "usr/bin/eg-core", &CORE, architecture, built, folder)
}

fn make(
    name: &str,
    program: &'static str,
    entries: &[Entry],
    architecture: &str,
    built: &Path,
    folder: &Path,
) -> anyhow::Result<Package> {
    let root = crate::root();
    let tree = Tree::new(folder.join(format!("{name}_{architecture}")))?;
    tree.program(&built.join(name), program)?;
    let mut wanted = vec![program];
    for (from, to) in entries {
        tree.file(&root.join(from), to)?;
        wanted.push(*to);
    }
    tree.control(&root.join("deploy/debian").join(name), architecture, entries)?;
    let version = env!("CARGO_PKG_VERSION");
    let file = folder.join(format!("{name}_{version}_{architecture}.deb"));
    tree.close(&file)?;
    Ok(Package { folder: folder.to_owned(), file, wanted })
}

impl Package {
    /// Looks into the file for all that must be there, and for what it says of itself.
    ///
    /// # Errors
    /// Names what is missing.
    pub(crate) fn check(&self) -> anyhow::Result<()> {
        let listed = Command::new("dpkg-deb").arg("--contents").arg(&self.file).output()?;
        let listed = String::from_utf8_lossy(&listed.stdout).into_owned();
        let missing: Vec<_> = self
            .wanted
            .iter()
            .filter(|wanted| !listed.lines().any(|line| line.ends_with(&format!(" ./{wanted}"))))
            .collect();
        ensure!(missing.is_empty(), "{} lacks {missing:?}", self.file.display());
        if let Some(line) = listed.lines().find(|line| !line.contains(" root/root ")) {
            bail!("not root's: {line}");
        }
        let field = |name: &str| -> anyhow::Result<String> {
            let asked =
                Command::new("dpkg-deb").arg("--field").arg(&self.file).arg(name).output()?;
            Ok(String::from_utf8_lossy(&asked.stdout).trim().to_owned())
        };
        let file = self.file.file_name().unwrap_or_default().to_string_lossy();
        let named = format!("_{}_{}.deb", field("Version")?, field("Architecture")?);
        ensure!(file.ends_with(&named), "{file} says of itself {named}");
        Ok(())
    }

    /// Unpacks it beside itself, and tells where.
    ///
    /// # Errors
    /// When that fails.
    pub(crate) fn unpacked(&self) -> anyhow::Result<PathBuf> {
        let to = self.file.with_extension("unpacked");
        debian::remove(&to)?;
        debian::unpack(&self.file, &to).context("what was packed does not unpack")?;
        Ok(to)
    }
}
