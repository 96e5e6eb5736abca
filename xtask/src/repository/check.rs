//! `cargo eg repository`: packages as they are now, published in a folder, installed from it in a clean Debian.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use anyhow::{Context, ensure};

use super::{KEY, output};
use crate::checks::{self, Check};
use crate::clean::{Clean, Root};
use crate::terminal::Terminal;
use crate::tools::{self, APT_FTPARCHIVE, GPG};
use crate::{debian, install, package};

/// Arguments of `cargo eg repository`.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// Fail where no clean Debian can be had, instead of counting the checks as skipped
    #[arg(long)]
    require: bool,
    /// Install and fetch nothing
    #[arg(long, env = "EG_NO_INSTALL")]
    no_install: bool,
    /// Profile of the packages
    #[arg(long, default_value = "dev", value_parser = ["dist", "release", "dev"])]
    profile: String,
}

/// Where the repository lies in the clean system.
const PLACE: &str = "srv/eg";

/// Whose throwaway key signs it.
const OWNER: &str = "EG check <eg@localhost>";

/// What an administrator writes by hand, as docs/deploy.md has it.
const BY_HAND: &str = "echo 'deb [signed-by=/etc/apt/keyrings/eg.asc] file:/srv/eg stable main' \
                       > /etc/apt/sources.list.d/eg.list";

/// Promises of a repository.
const CHECKS: [Check<Published>; 4] = [
    ("a_clean_debian_installs_the_core_by_a_line_of_sources", by_hand),
    ("the_installer_adds_the_repository_and_installs_the_agent", by_installer),
    ("a_repository_that_another_key_signed_is_refused", another_key),
    ("a_package_that_was_changed_afterwards_is_refused", changed),
];

/// A signed repository, and the system that installs from it.
struct Published {
    repository: PathBuf,
    clean: Clean,
    folder: PathBuf,
}

/// Makes, publishes, installs. Its last line counts what held.
///
/// # Errors
/// When something of ours does not build.
pub(crate) fn run(args: &Args) -> anyhow::Result<ExitCode> {
    let terminal = Terminal::of_stdout();
    let clean = install::ensure_present(&[&GPG, &APT_FTPARCHIVE], &tools::path(), !args.no_install)
        .and_then(|()| Clean::ready("install", &["systemd"], !args.no_install));
    let count = match clean {
        Ok(clean) => {
            package::built(package::HERE, &args.profile)?;
            let published = Published::of(clean)?;
            checks::run(&published, &CHECKS, terminal)
        }
        Err(why) => checks::skip(&why, CHECKS.len(), args.require, terminal),
    };
    Ok(checks::close("repository", count))
}

impl Published {
    fn of(clean: Clean) -> anyhow::Result<Self> {
        let folder = crate::target().join("repository");
        debian::remove(&folder)?;
        let keys = folder.join("keys");
        fs::create_dir_all(&keys)?;
        new_key(&keys)?;
        let place = folder.join("published");
        let mut publishing = Command::new(std::env::current_exe()?);
        // By the command that a release uses: the keyring is named by gpg's own variable.
        publishing.args(["package", "--from"]).arg(package::folder());
        publishing.arg("--repository").arg(&place).args(["--sign", OWNER]);
        output(publishing.env("GNUPGHOME", &keys)).context("cargo eg package --repository")?;
        Ok(Self { repository: place, clean, folder })
    }

    /// A clean system that has the repository as a folder.
    fn system(&self) -> anyhow::Result<Root> {
        let root = self.clean.unpacked(&self.folder.join("root"))?;
        let to = root.path().join(PLACE);
        let copied = Command::new("cp").arg("-r").args([&self.repository, &to]).status()?;
        ensure!(copied.success(), "cp: {copied}");
        root.sh("mkdir -p /etc/apt/keyrings && chmod -R a+rX /srv")?;
        Ok(root)
    }
}

impl Drop for Published {
    /// Ends gpg's helpers, which wait for a next signature.
    fn drop(&mut self) {
        for keys in ["keys", "others"] {
            let mut end = Command::new("gpgconf");
            end.args(["--kill", "gpg-agent"]).env("GNUPGHOME", self.folder.join(keys));
            drop(output(&mut end));
        }
    }
}

/// Makes a key without a passphrase in a keyring of its own.
fn new_key(folder: &Path) -> anyhow::Result<()> {
    let mut making = Command::new("gpg");
    making.args(["--batch", "--passphrase", "", "--quick-generate-key", OWNER, "ed25519", "sign"]);
    making.env("GNUPGHOME", folder);
    let private = std::os::unix::fs::PermissionsExt::from_mode(0o700);
    fs::set_permissions(folder, private)?;
    output(&mut making).map(drop)
}

fn by_hand(published: &Published) -> anyhow::Result<()> {
    let root = published.system()?;
    root.sh(&format!("cp /srv/eg/{KEY} /etc/apt/keyrings/ && {BY_HAND}"))?;
    root.sh("apt-get update && apt-get install --yes eg-core")?;
    root.sh("eg-core check --config /etc/eg/core.yaml && id eg")?;
    root.sh("test -f /usr/lib/systemd/system/eg-core.service").map(drop)
}

fn by_installer(published: &Published) -> anyhow::Result<()> {
    let root = published.system()?;
    root.sh("sh /srv/eg/install.sh file:/srv/eg eg-agent")?;
    root.sh("eg-agent check /etc/eg/slot.yaml && id --name --groups eg | grep --word-regexp gpio")?;
    root.sh("sh /srv/eg/install.sh file:/srv/eg eg-agent").context("a second time").map(drop)
}

fn another_key(published: &Published) -> anyhow::Result<()> {
    let root = published.system()?;
    let keys = published.folder.join("others");
    fs::create_dir_all(&keys)?;
    new_key(&keys)?;
    let mut export = Command::new("gpg");
    export.args(["--batch", "--armor", "--export", OWNER]).env("GNUPGHOME", &keys);
    fs::write(root.path().join("etc/apt/keyrings").join(KEY), output(&mut export)?)?;
    root.sh(BY_HAND)?;
    refused(&root, "apt-get update -o APT::Update::Error-Mode=any", "NO_PUBKEY")
}

fn changed(published: &Published) -> anyhow::Result<()> {
    let root = published.system()?;
    root.sh(&format!("cp /srv/eg/{KEY} /etc/apt/keyrings/ && {BY_HAND} && apt-get update"))?;
    root.sh("for package in /srv/eg/pool/main/e/*/*.deb; do echo x >> $package; done")?;
    refused(&root, "apt-get install --yes eg-agent", "Hash Sum mismatch")
        .or_else(|_| refused(&root, "apt-get install --yes eg-agent", "unexpected size"))
}

/// Wants a line to fail, for this reason.
fn refused(root: &Root, line: &str, why: &str) -> anyhow::Result<()> {
    let Err(refusal) = root.sh(line) else { anyhow::bail!("{line}: it was taken") };
    ensure!(format!("{refusal:#}").contains(why), "refused, but not for {why}: {refusal:#}");
    Ok(())
}
