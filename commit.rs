//! Tells a program the commit that it is built from: build script of agent and core.
//!
//! `EG_COMMIT` is the commit, or nothing; `EG_VERSION` is `0.1.0 (31c9e7b…)`. A build in a place without git takes the
//! variable `EG_COMMIT` of its environment. A build without optimisation has no commit unless that variable says it: each
//! commit would build everything anew that depends on it.

use std::env;
use std::path::Path;
use std::process::Command;

fn main() {
    println!("cargo:rerun-if-env-changed=EG_COMMIT");
    let version = env::var("CARGO_PKG_VERSION").unwrap_or_default();
    let said = env::var("EG_COMMIT").ok().filter(|commit| !commit.is_empty());
    let is_release = env::var("PROFILE").is_ok_and(|profile| profile == "release");
    let commit = said.or_else(|| is_release.then(head).flatten());
    let told = match (&commit, is_release) {
        (Some(commit), _) => format!("{version} ({commit})"),
        (None, true) => version,
        (None, false) => format!("{version} (development build, of no recorded commit)"),
    };
    println!("cargo:rustc-env=EG_COMMIT={}", commit.unwrap_or_default());
    println!("cargo:rustc-env=EG_VERSION={told}");
}

/// The commit of this checkout; `-dirty` behind it where a file differs.
fn head() -> Option<String> {
    // The log grows with each commit and each checkout.
    let log = git(&["rev-parse", "--git-path", "logs/HEAD"])?;
    if Path::new(&log).exists() {
        println!("cargo:rerun-if-changed={log}");
    }
    let commit = git(&["rev-parse", "HEAD"])?;
    let changed = git(&["status", "--porcelain", "--untracked-files=no"])?;
    Some(if changed.is_empty() { commit } else { format!("{commit}-dirty") })
}

fn git(arguments: &[&str]) -> Option<String> {
    let said = Command::new("git").args(arguments).output().ok()?;
    let text = String::from_utf8(said.stdout).ok()?;
    said.status.success().then(|| text.trim().to_owned())
}
