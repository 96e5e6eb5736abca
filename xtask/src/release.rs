//! `cargo eg release`: a folder with all that is attached to a release, and what tells that it is whole and ours.

mod bill;

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, ensure};
use sha2::{Digest, Sha256};

use crate::{package, repository};

/// Version of this workspace.
const VERSION: &str = env!("CARGO_PKG_VERSION");

/// The list of digests, as `sha256sum --check` reads it.
const SUMS: &str = "SHA256SUMS";

/// Arguments of `cargo eg release`.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// The folder that is filled
    folder: PathBuf,
    /// The packages of this version; usually those that `cargo eg package` made
    #[arg(long, value_name = "DIR")]
    from: Option<PathBuf>,
    /// The tag that is released: it has to name the version that was built
    #[arg(long)]
    tag: Option<String>,
    /// The key of gpg's keyring that signs the digests, by fingerprint or address
    #[arg(long, value_name = "KEY", env = "EG_SIGNING_KEY", group = "who")]
    sign: Option<String>,
    /// Sign nothing
    #[arg(long, group = "who")]
    unsigned: bool,
}

/// Gathers packages and installer, writes the bill of materials and the digests, and signs those.
///
/// # Errors
/// When the tag names another version, there are no packages, or nobody was said to sign.
pub(crate) fn run(args: &Args) -> anyhow::Result<ExitCode> {
    if let Some(tag) = &args.tag {
        ensure!(
            *tag == format!("v{VERSION}"),
            "the tag is {tag}, and what was built is v{VERSION}"
        );
    }
    ensure!(args.sign.is_some() || args.unsigned, "who signs? --sign KEY, or --unsigned");
    let packages = args.from.clone().unwrap_or_else(package::folder);
    fs::create_dir_all(&args.folder)?;
    for package in package::of_this_version(&packages)? {
        let name = package.file_name().context("a package without a name")?;
        fs::copy(&package, args.folder.join(name))?;
    }
    fs::copy(crate::root().join("deploy/install.sh"), args.folder.join("install.sh"))?;
    let bill = args.folder.join(format!("eg-{VERSION}.cdx.json"));
    fs::write(bill, bill::of_programs()?)?;
    let sums = args.folder.join(SUMS);
    fs::write(&sums, digests(&args.folder)?)?;
    if let Some(key) = &args.sign {
        let signature = args.folder.join(format!("{SUMS}.asc"));
        repository::sign(key, "--detach-sign", &sums, &signature)?;
    }
    println!("{}", args.folder.display());
    Ok(ExitCode::SUCCESS)
}

/// The digest of every file of a folder but of the list itself, by name.
fn digests(folder: &Path) -> anyhow::Result<String> {
    let mut files: Vec<_> = fs::read_dir(folder)?.flatten().map(|entry| entry.path()).collect();
    files.sort_unstable();
    let mut list = String::new();
    for file in files {
        let name = file.file_name().unwrap_or_default().to_string_lossy();
        if name.starts_with(SUMS) {
            continue;
        }
        for byte in Sha256::digest(fs::read(&file)?) {
            write!(list, "{byte:02x}")?;
        }
        writeln!(list, "  {name}")?;
    }
    Ok(list)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digests_are_as_sha256sum_writes_them_and_leave_their_own_list_out() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("b.deb"), "").unwrap();
        fs::write(folder.path().join("a.deb"), "abc").unwrap();
        fs::write(folder.path().join("SHA256SUMS"), "old").unwrap();

        let list = digests(folder.path()).unwrap();

        let wanted = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad  a.deb\n\
                      e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855  b.deb\n";
        assert_eq!(list, wanted);
    }
}
