//! A new driver or game that builds and keeps its promises before its author has typed anything.
//!
//! `cargo eg new` makes one in the workspace or outside, `eg-agent new-driver` one outside: for people who have the
//! agent and no checkout.

mod like;
mod name;
mod plan;
mod sdk;
mod template;

pub use like::{DriverLike, DriverLikeError};
pub use name::{Name, NameError};
pub use plan::Plan;
pub use sdk::Sdk;
pub use template::{GameLike, Kind};

use anyhow::{Context, ensure};
use std::ffi::OsString;
use std::path::Path;
use std::process::{Command, Stdio};

/// Lock file of EG itself: a driver loaded as a library must agree with its agent.
pub const LOCK: &str = include_str!("../../Cargo.lock");

/// Compiler that EG itself is built with, for rustup: a library of another one is refused.
const TOOLCHAIN: &str = include_str!("../../rust-toolchain.toml");

/// Variables that a running cargo sets for us alone. Build scripts watch some of them, and would be built again at every
/// change between a cargo under ours and a plain one.
const OF_CARGO: [&str; 5] =
    ["CARGO_PKG_", "CARGO_MANIFEST_", "CARGO_BIN_", "CARGO_CRATE_", "CARGO_PRIMARY_"];

/// Plans a crate of its own in `dir`, which nothing else knows of. Nothing is written yet.
///
/// # Errors
/// When there is no such folder, or something of that name in it.
pub fn outside(kind: Kind, name: &Name, sdk: &Sdk, dir: &Path) -> anyhow::Result<Plan> {
    made_of(kind.files(name), kind, name, sdk, dir)
}

fn made_of(
    files: impl Iterator<Item = (&'static str, String)>,
    kind: Kind,
    name: &Name,
    sdk: &Sdk,
    dir: &Path,
) -> anyhow::Result<Plan> {
    let dir = dir.canonicalize().with_context(|| format!("no folder {}", dir.display()))?;
    let folder = dir.join(name.as_str());
    ensure!(!folder.exists(), "{} is there already; choose another name", folder.display());
    let mut plan = Plan::new(folder);
    plan.add("Cargo.toml", kind.outside_manifest(name, sdk));
    for (path, text) in files {
        plan.add(path, text);
    }
    plan.add(".gitignore", "/target\n".to_owned());
    plan.add("Cargo.lock", LOCK.to_owned());
    plan.add("rust-toolchain.toml", TOOLCHAIN.to_owned());
    Ok(plan)
}

/// Plans a driver of its own in `dir` that begins as one like this. Nothing is written yet.
///
/// # Errors
/// When there is no such folder, or something of that name in it.
pub fn outside_driver(
    like: DriverLike,
    name: &Name,
    sdk: &Sdk,
    dir: &Path,
) -> anyhow::Result<Plan> {
    made_of(like.files(name), Kind::Driver, name, sdk, dir)
}

/// A game of its own in `dir`, like another, with a core of its own in the folder `core`. `sdk` is where EG is found: the
/// folder of a checkout, or a repository. Nothing is written yet.
///
/// # Errors
/// When there is no such folder, or something of that name in it.
pub fn outside_game(like: GameLike, name: &Name, eg: &Sdk, dir: &Path) -> anyhow::Result<Plan> {
    let within = |krate: &str| match eg {
        Sdk::Folder(root) => Sdk::Folder(root.join(krate)),
        Sdk::Git(..) | Sdk::Registry(_) => eg.clone(),
    };
    let files = like.files(name).chain(template::core_files(name, &within("eg-core")));
    made_of(files, Kind::Game, name, &within(Kind::Game.sdk()), dir)
}

/// Lets cargo write a new crate into its lock file, from what this machine has if it can, and set its imports in order.
///
/// # Errors
/// What cargo said, when it cannot be started or finds no version.
pub fn settle(manifest: &Path) -> anyhow::Result<()> {
    for offline in [true, false] {
        let mut cargo = cargo();
        cargo.args(["metadata", "--format-version", "1", "--manifest-path"]).arg(manifest);
        if offline {
            cargo.arg("--offline");
        }
        let done = cargo.output().context("cannot start cargo metadata")?;
        if done.status.success() {
            break;
        }
        ensure!(offline, "{}", String::from_utf8_lossy(&done.stderr).trim());
    }
    // Where a name sorts among the imports depends on the name. Without rustfmt they stay as they are.
    let _ = cargo().args(["fmt", "--manifest-path"]).arg(manifest).status();
    Ok(())
}

/// Returns the cargo that runs us, or the one that is found, without the variables that it set for us alone.
pub fn cargo() -> Command {
    let program: OsString = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut command = Command::new(program);
    command.stdin(Stdio::null());
    for (name, _) in std::env::vars_os() {
        let ours = name.to_string_lossy();
        if OF_CARGO.iter().any(|prefix| ours.starts_with(prefix)) {
            command.env_remove(&name);
        }
    }
    command
}
