//! `cargo eg build-plugin`: a driver's crate as a shared library, which an agent loads.

use std::env;
use std::fs;
use std::io::BufReader;
use std::path::{Path, PathBuf};
use std::process::{ExitCode, Stdio};

use anyhow::{Context, bail, ensure};
use cargo_metadata::{Message, Metadata, MetadataCommand, Package};
use sha2::{Digest, Sha256};

use crate::step;

/// Arguments of `cargo eg build-plugin`.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// A driver of this workspace by name, or the folder of a driver's crate anywhere
    #[arg(value_name = "CRATE")]
    krate: PathBuf,
    /// Build for this machine, e.g. aarch64-unknown-linux-gnu; needs its linker and standard library
    #[arg(long, value_name = "TRIPLE")]
    target: Option<String>,
    /// Build without optimisation
    #[arg(long)]
    dev: bool,
}

/// A crate that is to be built.
pub(crate) struct Krate {
    /// Path of its Cargo.toml.
    pub(crate) manifest: PathBuf,
    /// Name of its package.
    pub(crate) name: String,
    /// `true` if it stands in this workspace, so that the agent has it linked in.
    pub(crate) linked: bool,
}

/// Builds the library and tells where it is and how it is used.
///
/// # Errors
/// When there is no such crate, or it does not build.
pub(crate) fn run(args: &Args) -> anyhow::Result<ExitCode> {
    let krate = find(&args.krate)?;
    let file = build(&krate, args.target.as_deref(), args.dev)?;
    let bytes = fs::read(&file).with_context(|| file.display().to_string())?;
    let digest: String = Sha256::digest(&bytes).iter().map(|byte| format!("{byte:02x}")).collect();
    let shown = file.display();
    let base = file.file_name().unwrap_or_default().display();
    println!("built {shown}\nsha256 {digest}\n");
    println!("what is in it, and whether an agent takes it:\n  eg-agent probe {shown}\n");
    println!("on a slot, in a folder that root alone may change, with this in the slot's file:");
    println!("  plugins_dir: /usr/lib/eg/plugins\n  plugins:");
    println!("    - {{ file: {base}, sha256: {digest} }}");
    Ok(ExitCode::SUCCESS)
}

/// Finds a crate of this workspace by its name, or one that stands somewhere else by its folder.
///
/// # Errors
/// When there is none, with the drivers that there are.
pub(crate) fn find(krate: &Path) -> anyhow::Result<Krate> {
    let here = metadata(&crate::root().join("Cargo.toml"))?;
    let named = |package: &&&Package| {
        let wanted = krate.to_str();
        wanted == Some(package.name.as_str()) || is_driver(package) && wanted == folder(package)
    };
    if let Some(package) = here.workspace_packages().iter().find(named) {
        let manifest = package.manifest_path.clone().into();
        return Ok(Krate { manifest, name: package.name.to_string(), linked: true });
    }
    let manifest =
        if krate.ends_with("Cargo.toml") { krate.to_owned() } else { krate.join("Cargo.toml") };
    let Ok(manifest) = manifest.canonicalize() else {
        let mut drivers: Vec<_> = here.workspace_packages().into_iter().filter(is_driver).collect();
        drivers.sort_by_key(|package| folder(package));
        let drivers: Vec<_> = drivers.iter().filter_map(|package| folder(package)).collect();
        bail!(
            "no crate {}: name the folder of one, or a driver of this workspace: {}",
            krate.display(),
            drivers.join(", ")
        );
    };
    let linked = here.packages.iter().any(|package| package.manifest_path == manifest);
    let found = metadata(&manifest)?;
    let package = found.packages.iter().find(|package| package.manifest_path == manifest);
    let package = package.with_context(|| format!("{} is no crate", manifest.display()))?;
    let name = package.name.to_string();
    Ok(Krate { manifest, name, linked })
}

/// Name of the folder of a crate: that of a driver is the name by which slots call it.
fn folder(package: &Package) -> Option<&str> {
    package.manifest_path.parent().and_then(|folder| folder.file_name())
}

fn is_driver(package: &&Package) -> bool {
    let folder = package.manifest_path.parent().and_then(|folder| folder.parent());
    folder.is_some_and(|folder| folder.ends_with("drivers"))
}

fn metadata(manifest: &Path) -> anyhow::Result<Metadata> {
    Ok(MetadataCommand::new().manifest_path(manifest).no_deps().exec()?)
}

/// Has cargo build the crate with the symbol that agents look for, and returns the file; `dev` builds it without
/// optimisation.
///
/// # Errors
/// When it does not build.
pub(crate) fn build(krate: &Krate, target: Option<&str>, dev: bool) -> anyhow::Result<PathBuf> {
    let Krate { manifest, name, .. } = krate;
    let mut cargo = step::cargo();
    cargo.args(["rustc", "--lib", "--crate-type", "cdylib", "--package", name, "--manifest-path"]);
    cargo.arg(manifest).arg("--message-format=json-render-diagnostics");
    if !dev {
        cargo.arg("--release");
    }
    if let Some(target) = target {
        cargo.args(["--target", target]);
    }
    cargo.args(["--", "--cfg", "eg_library"]);
    // A folder that was named from here is not meant from the workspace.
    cargo.current_dir(env::current_dir().context("cannot tell the folder")?);
    let mut child = cargo.stdout(Stdio::piped()).spawn().context("cannot start cargo")?;
    let out = child.stdout.take().context("the pipe to cargo is missing")?;
    let mut built = None;
    for message in Message::parse_stream(BufReader::new(out)) {
        if let Message::CompilerArtifact(artifact) = message?
            && artifact.manifest_path == *manifest
        {
            let library =
                |file: &&cargo_metadata::camino::Utf8PathBuf| file.extension() == Some("so");
            built = artifact.filenames.iter().find(library).map(PathBuf::from).or(built);
        }
    }
    ensure!(child.wait()?.success(), "{name} does not build as a library");
    built.with_context(|| format!("cargo built no library of {name}"))
}
