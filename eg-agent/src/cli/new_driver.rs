//! `new-driver`: a driver's crate, for people who have this agent and no checkout of EG.

use eg_scaffold::{DriverLike, Name, Sdk, outside_driver, settle};
use std::path::PathBuf;

#[derive(Debug, clap::Args)]
pub(super) struct Wanted {
    /// Name of the driver: lower-case letters, digits and hyphens, e.g. mpr121.
    name: Name,
    /// The repository that has the driver SDK.
    #[arg(long, value_name = "URL")]
    git: Option<String>,
    /// Or the folder of the driver SDK, `eg-hal` of a checkout.
    #[arg(long = "sdk", value_name = "DIR", conflicts_with = "git")]
    sdk_folder: Option<PathBuf>,
    /// Kind of board that it begins as: registers, lines, keys-irq, sensor, display, spi or serial.
    #[arg(long, value_name = "KIND", default_value_t)]
    like: DriverLike,
    /// Folder in which the driver's folder is made.
    #[arg(long = "in", value_name = "DIR", default_value = ".")]
    dir: PathBuf,
}

/// Makes the crate, after everything was checked.
pub(super) fn make(wanted: &Wanted) -> anyhow::Result<()> {
    let Wanted { name, git, sdk_folder, like, dir } = wanted;
    let sdk = match (git, sdk_folder) {
        (_, Some(folder)) => Sdk::Folder(sdk(folder)?),
        (Some(url), None) => Sdk::Git(url.clone(), commit()),
        (None, None) => anyhow::bail!("name the driver SDK: --git URL or --sdk DIR"),
    };
    let plan = outside_driver(*like, name, &sdk, dir)?;
    plan.write()?;
    let manifest = plan.folder().join("Cargo.toml");
    anstream::println!("made {}:", plan.folder().display());
    plan.files().for_each(|file| anstream::println!("  {}", file.display()));
    if let Err(error) = settle(&manifest) {
        anstream::eprintln!("its versions are not settled yet, cargo will do so: {error:#}");
    }
    anstream::println!("\nnext:\n  cargo test --manifest-path {}", manifest.display());
    Ok(())
}

/// Commit that this agent was built from, so that it takes the library; `None`, said once, where nobody recorded it.
fn commit() -> Option<String> {
    let commit = Some(env!("EG_COMMIT")).filter(|commit| !commit.is_empty());
    let Some(commit) = commit else {
        anstream::eprintln!(
            "this agent knows no commit of its own; add rev = \"…\" of the SDK that it was built from"
        );
        return None;
    };
    Some(commit.trim_end_matches("-dirty").to_owned())
}

/// A path in a manifest counts from there, so it is made whole.
fn sdk(folder: &std::path::Path) -> anyhow::Result<PathBuf> {
    let manifest = folder.join("Cargo.toml");
    let text = std::fs::read_to_string(&manifest).unwrap_or_default();
    anyhow::ensure!(
        text.contains("name = \"eg-hal\""),
        "{} is not the driver SDK; wanted the folder eg-hal of a checkout",
        folder.display()
    );
    Ok(folder.canonicalize()?)
}
