//! `cargo eg package`: Debian packages of agent and core.
//!
//! A package is a folder tree and three small files, so it is laid out here and closed by dpkg-deb; what is in it lies
//! under `deploy/`.

mod tree;

use std::fs::DirEntry;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use anyhow::{Context, bail, ensure};

use crate::arm::{ARM64, ARMHF, Toolchain};
use crate::repository::{ARCHITECTURES, Repository, Signature};
use crate::{debian, step};
use tree::Tree;

/// Arguments of `cargo eg package`.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// The machines they are for: arm64 and armhf are Pis
    #[arg(long, value_delimiter = ',', value_parser = ARCHITECTURES, required_unless_present = "from")]
    target: Vec<String>,
    /// Profile of the build: `dist`, or another to have it sooner
    #[arg(long, default_value = "dist", value_parser = ["dist", "release", "dev"])]
    profile: String,
    /// Publish the packages in the apt repository in this folder, which any static host serves
    #[arg(long, value_name = "DIR", requires = "who")]
    repository: Option<PathBuf>,
    /// Build nothing, and publish the packages of this version that lie in this folder
    #[arg(long, value_name = "DIR", requires = "repository", conflicts_with = "target")]
    from: Option<PathBuf>,
    /// The key of gpg's keyring that signs the repository, by fingerprint or address
    #[arg(long, value_name = "KEY", env = "EG_SIGNING_KEY", group = "who")]
    sign: Option<String>,
    /// Leave the repository unsigned: apt takes from it only where its sources say `trusted=yes`
    #[arg(long, group = "who")]
    unsigned: bool,
}

/// The machine that this runs on, where programs are built with its own compiler.
pub(crate) const HERE: &str = "amd64";

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
const AGENT: [Entry; 17] = [
    ("deploy/systemd/eg-agent.service", "usr/lib/systemd/system/eg-agent.service"),
    ("deploy/systemd/eg-agent.sysusers", "usr/lib/sysusers.d/eg-agent.conf"),
    ("deploy/systemd/eg-kiosk.service", "usr/lib/systemd/system/eg-kiosk.service"),
    ("deploy/systemd/eg-kiosk.sysusers", "usr/lib/sysusers.d/eg-kiosk.conf"),
    ("deploy/commands/eg-kiosk", "usr/lib/eg-agent/eg-kiosk"),
    ("deploy/commands/eg-status", "usr/lib/eg-agent/eg-status"),
    ("deploy/commands/eg-logs", "usr/lib/eg-agent/eg-logs"),
    ("deploy/commands/eg-test", "usr/lib/eg-agent/eg-test"),
    ("deploy/udev/60-eg.rules", "usr/lib/udev/rules.d/60-eg.rules"),
    ("deploy/debian/eg-agent/slot.yaml", "etc/eg/slot.yaml"),
    ("configs/slot.schema.json", "usr/share/doc/eg-agent/slot.schema.json"),
    ("docs/deploy.md", "usr/share/doc/eg-agent/deploy.md"),
    ("docs/pairing.md", "usr/share/doc/eg-agent/pairing.md"),
    ("docs/tls.md", "usr/share/doc/eg-agent/tls.md"),
    ("deploy/completions/eg-agent.bash", "usr/share/bash-completion/completions/eg-agent"),
    ("deploy/completions/_eg-agent", "usr/share/zsh/vendor-completions/_eg-agent"),
    ("deploy/completions/eg-agent.fish", "usr/share/fish/vendor_completions.d/eg-agent.fish"),
];

/// Files of the core beside its program.
const CORE: [Entry; 16] = [
    ("deploy/systemd/eg-core.service", "usr/lib/systemd/system/eg-core.service"),
    ("deploy/systemd/eg-core.sysusers", "usr/lib/sysusers.d/eg-core.conf"),
    ("deploy/systemd/eg-core-backup.service", "usr/lib/systemd/system/eg-core-backup.service"),
    ("deploy/systemd/eg-core-backup.timer", "usr/lib/systemd/system/eg-core-backup.timer"),
    ("deploy/commands/eg-status", "usr/lib/eg-core/eg-status"),
    ("deploy/commands/eg-logs", "usr/lib/eg-core/eg-logs"),
    ("deploy/commands/eg-test", "usr/lib/eg-core/eg-test"),
    ("deploy/debian/eg-core/core.yaml", "etc/eg/core.yaml"),
    ("configs/core.schema.json", "usr/share/doc/eg-core/core.schema.json"),
    ("configs/core.yaml", "usr/share/doc/eg-core/core.yaml"),
    ("docs/deploy.md", "usr/share/doc/eg-core/deploy.md"),
    ("docs/pairing.md", "usr/share/doc/eg-core/pairing.md"),
    ("docs/tls.md", "usr/share/doc/eg-core/tls.md"),
    ("deploy/completions/eg-core.bash", "usr/share/bash-completion/completions/eg-core"),
    ("deploy/completions/_eg-core", "usr/share/zsh/vendor-completions/_eg-core"),
    ("deploy/completions/eg-core.fish", "usr/share/fish/vendor_completions.d/eg-core.fish"),
];

/// Builds both programs, makes their packages, and publishes them.
///
/// # Errors
/// When there is no toolchain, something does not build, or a repository is not ours to change.
pub(crate) fn run(args: &Args) -> anyhow::Result<ExitCode> {
    let mut packages = args.from.as_deref().map_or_else(|| Ok(Vec::new()), of_this_version)?;
    for target in &args.target {
        packages.extend(built(target, &args.profile)?);
    }
    packages.iter().for_each(|file| println!("{}", file.display()));
    if let Some(folder) = &args.repository {
        let repository = Repository::at(folder)?;
        repository.add(&packages)?;
        // Without a key it was said that there is none.
        let signature = args.sign.clone().filter(|_| !args.unsigned);
        repository.publish(&signature.map_or(Signature::None, Signature::By))?;
        println!("published in {}", folder.display());
    }
    Ok(ExitCode::SUCCESS)
}

/// Where packages are made.
pub(crate) fn folder() -> PathBuf {
    crate::target().join("debian")
}

/// The packages of this version in a folder.
///
/// # Errors
/// When there is none.
pub(crate) fn of_this_version(folder: &Path) -> anyhow::Result<Vec<PathBuf>> {
    let version = concat!("_", env!("CARGO_PKG_VERSION"), "_");
    let entries = std::fs::read_dir(folder).with_context(|| folder.display().to_string())?;
    let files = entries.flatten().map(|entry| entry.path());
    let is_ours = |file: &PathBuf| {
        let name = file.file_name().unwrap_or_default().to_string_lossy();
        name.ends_with(".deb") && name.contains(version)
    };
    let mut packages: Vec<_> = files.filter(is_ours).collect();
    packages.sort_unstable();
    ensure!(!packages.is_empty(), "no packages of this version in {}", folder.display());
    Ok(packages)
}

/// Builds both programs for a machine and makes their packages.
///
/// # Errors
/// When there is no toolchain, or something does not build.
pub(crate) fn built(target: &str, profile: &str) -> anyhow::Result<Vec<PathBuf>> {
    let chosen = ["--profile", profile];
    let built = match target {
        HERE => {
            let programs = ["build", "--locked", "--package", "eg-agent", "--package", "eg-core"];
            let status = step::cargo().args(programs).args(chosen).status()?;
            ensure!(status.success(), "it does not build");
            crate::target().join(crate::folder_of(profile))
        }
        pi => {
            let architecture = if pi == ARM64.name { &ARM64 } else { &ARMHF };
            let toolchain = Toolchain::ready(architecture, true)?;
            let mut arguments = vec!["--package", "eg-agent", "--package", "eg-core"];
            arguments.extend(["--features", "eg-agent/rppal"]);
            arguments.extend(chosen);
            toolchain.build(&arguments)?;
            toolchain.built(profile)
        }
    };
    let folder = folder();
    let packages = [agent(target, &built, &folder)?, core(target, &built, &folder)?];
    packages.iter().try_for_each(Package::check)?;
    Ok(packages.map(|package| package.file).into())
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
        // What is under usr/lib/PACKAGE are commands.
        let is_command = to.starts_with(&format!("usr/lib/{name}/"));
        let put = if is_command { Tree::program } else { Tree::file };
        put(&tree, &root.join(from), to)?;
        wanted.push(*to);
    }
    for page in manual(&root.join("deploy/man"), name)? {
        tree.file(&page.path(), &format!("usr/share/man/man1/{}", page.file_name().display()))?;
    }
    tree.control(&root.join("deploy/debian").join(name), architecture, entries)?;
    let version = env!("CARGO_PKG_VERSION");
    let file = folder.join(format!("{name}_{version}_{architecture}.deb"));
    tree.close(&file)?;
    Ok(Package { folder: folder.to_owned(), file, wanted })
}

/// The pages of a program's manual: one of its own, and one of each command.
fn manual(folder: &Path, program: &str) -> anyhow::Result<Vec<DirEntry>> {
    let pages = std::fs::read_dir(folder).with_context(|| folder.display().to_string())?;
    let pages = pages.collect::<Result<Vec<_>, _>>()?;
    let is_own = |page: &DirEntry| page.file_name().to_string_lossy().starts_with(program);
    let pages: Vec<_> = pages.into_iter().filter(is_own).collect();
    ensure!(!pages.is_empty(), "no page of {program} in {}", folder.display());
    Ok(pages)
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
