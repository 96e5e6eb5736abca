//! An apt repository of our packages: a folder that any static host serves, and its check (`cargo eg repository`).

mod check;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, ensure};

pub(crate) use check::{Args, run};

/// Architectures that packages are made for, as Debian calls them.
pub(crate) const ARCHITECTURES: [&str; 3] = ["amd64", "arm64", "armhf"];

/// Name by which sources name what is published: there is one line of versions.
const SUITE: &str = "stable";

/// The public half of the key, beside the packages.
const KEY: &str = "eg.asc";

/// Who signs a repository.
pub(crate) enum Signature {
    /// The owner of this key in gpg's keyring, by fingerprint or address.
    By(String),
    /// Nobody: apt takes from it only what is said to be trusted.
    None,
}

/// A repository in a folder.
pub(crate) struct Repository {
    folder: PathBuf,
}

impl Repository {
    /// The repository in a folder, which may be empty or not there yet.
    ///
    /// # Errors
    /// When the folder cannot be made.
    pub(crate) fn at(folder: &Path) -> anyhow::Result<Self> {
        fs::create_dir_all(folder).with_context(|| folder.display().to_string())?;
        Ok(Self { folder: folder.canonicalize()? })
    }

    /// Puts packages into the pool, beside those of earlier versions. What was published once stays as it is.
    ///
    /// # Errors
    /// When another file of that name is there.
    pub(crate) fn add(&self, packages: &[PathBuf]) -> anyhow::Result<()> {
        for package in packages {
            let file = package.file_name().context("a package without a name")?;
            let name = file.to_string_lossy();
            let name = name.split('_').next().unwrap_or_default();
            let pool = self.folder.join("pool/main/e").join(name);
            fs::create_dir_all(&pool)?;
            let to = pool.join(file);
            let is_other = to.exists() && fs::read(&to)? != fs::read(package)?;
            ensure!(
                !is_other,
                "{} is there already and is another; a version is published once, raise it or remove the file",
                to.display()
            );
            fs::copy(package, &to).with_context(|| package.display().to_string())?;
        }
        Ok(())
    }

    /// Writes the lists that apt reads, signs them, and puts the key and the installer beside them.
    ///
    /// # Errors
    /// When a program is missing, or gpg has no such key.
    pub(crate) fn publish(&self, signature: &Signature) -> anyhow::Result<()> {
        let suite = self.folder.join("dists").join(SUITE);
        crate::debian::remove(&suite)?;
        for architecture in ARCHITECTURES {
            self.list(architecture, &suite)?;
        }
        let settings = [
            "Origin=EG".to_owned(),
            "Label=EG".to_owned(),
            format!("Suite={SUITE}"),
            format!("Codename={SUITE}"),
            format!("Architectures={}", ARCHITECTURES.join(" ")),
            "Components=main".to_owned(),
        ];
        let mut release = self.apt_ftparchive();
        for setting in settings {
            release.arg("-o").arg(format!("APT::FTPArchive::Release::{setting}"));
        }
        let release = output(release.arg("release").arg(&suite))?;
        fs::write(suite.join("Release"), release)?;
        fs::copy(crate::root().join("deploy/install.sh"), self.folder.join("install.sh"))?;
        match signature {
            Signature::By(key) => self.sign(key, &suite),
            Signature::None => Ok(()),
        }
    }

    /// The list of one architecture, plain and packed.
    fn list(&self, architecture: &str, suite: &Path) -> anyhow::Result<()> {
        let folder = suite.join(format!("main/binary-{architecture}"));
        fs::create_dir_all(&folder)?;
        let mut listing = self.apt_ftparchive();
        listing.args(["--arch", architecture, "packages", "pool"]);
        let packages = folder.join("Packages");
        fs::write(&packages, output(&mut listing)?)?;
        output(Command::new("gzip").args(["--keep", "--no-name", "-9"]).arg(&packages))?;
        Ok(())
    }

    fn sign(&self, key: &str, suite: &Path) -> anyhow::Result<()> {
        let release = suite.join("Release");
        sign(key, "--clearsign", &release, &suite.join("InRelease"))?;
        sign(key, "--detach-sign", &release, &suite.join("Release.gpg"))?;
        let mut export = Command::new("gpg");
        export.args(["--batch", "--armor", "--export", key]);
        let public = output(&mut export)?;
        ensure!(!public.is_empty(), "gpg has no key {key}");
        Ok(fs::write(self.folder.join(KEY), public)?)
    }

    fn apt_ftparchive(&self) -> Command {
        let mut command = Command::new("apt-ftparchive");
        command.arg("-qq").current_dir(&self.folder);
        command
    }
}

/// Signs a file with a key of gpg's keyring, in letters that can be mailed.
///
/// # Errors
/// When gpg is missing or has no such key.
pub(crate) fn sign(key: &str, how: &str, file: &Path, to: &Path) -> anyhow::Result<()> {
    let mut signing = Command::new("gpg");
    signing.args(["--batch", "--yes", "--armor", "--digest-algo", "SHA512", "--local-user", key]);
    signing.arg("--output").arg(to).arg(how).arg(file);
    output(&mut signing).map(drop)
}

/// What a program prints.
fn output(command: &mut Command) -> anyhow::Result<Vec<u8>> {
    let program = command.get_program().to_string_lossy().into_owned();
    let ended = command.output().with_context(|| format!("{program} does not start"))?;
    let why = String::from_utf8_lossy(&ended.stderr);
    ensure!(ended.status.success(), "{program}: {}", why.trim());
    Ok(ended.stdout)
}
