//! `cargo eg interleavings`: schedules of the threads that meet at a lock of ours, thousands of them for each promise.

use std::process::ExitCode;

use anyhow::Context;

use crate::step;

/// Flag under which locks are those of a scheduler.
const FLAG: &str = "--cfg shuttle";

/// Runs the tests called `interleavings` of agent and core. What they are built from has a folder of its own, for the
/// flag would throw away every other build.
///
/// # Errors
/// When cargo does not start. A test that fails is no error: the exit code tells it.
pub(crate) fn run() -> anyhow::Result<ExitCode> {
    let given = std::env::var("RUSTFLAGS").unwrap_or_default();
    let status = step::cargo()
        .args(["test", "--locked", "--lib", "--package", "eg-agent", "--package", "eg-core"])
        .arg("interleavings")
        .env("RUSTFLAGS", format!("{given} {FLAG}").trim_start())
        .env("CARGO_TARGET_DIR", crate::target().join("interleavings"))
        .status()
        .context("cannot start cargo")?;
    Ok(if status.success() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
