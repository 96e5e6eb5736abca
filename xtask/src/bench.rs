//! `cargo eg bench`: builds what is shipped and measures it beside its controls.

use std::process::{Command, ExitCode};

use anyhow::{Context, ensure};

use crate::root;

/// Arguments of `cargo eg bench`.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// Arguments of the benchmark itself: `--only w1,w3`, `--rounds 100`, `--json`
    #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
    rest: Vec<String>,
}

/// Builds core, agent and benchmark as they are released, and runs the workloads.
///
/// # Errors
/// When something does not build or start. A figure is never an error.
pub(crate) fn run(args: &Args) -> anyhow::Result<ExitCode> {
    for package in ["eg-core", "eg-agent", "eg-bench"] {
        let built = Command::new("cargo")
            .args(["build", "--release", "--locked", "--package", package])
            .current_dir(root())
            .status()
            .context("cannot start cargo")?;
        ensure!(built.success(), "{package} does not build");
    }
    let target =
        std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), Into::into);
    let built = |name: &str| target.join("release").join(name);
    let measured = Command::new(built("eg-bench"))
        .arg("--core")
        .arg(built("eg-core"))
        .arg("--agent")
        .arg(built("eg-agent"))
        .args(&args.rest)
        .status()
        .context("cannot start the benchmark")?;
    Ok(if measured.success() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
