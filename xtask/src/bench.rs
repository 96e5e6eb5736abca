//! `cargo eg bench`: builds what is shipped and measures it beside its controls, and beside another commit.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use anyhow::{Context, ensure};

use crate::{root, target};

/// Arguments of `cargo eg bench`.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// Build core and agent of this commit as well, and measure them in turn in the same rounds
    #[arg(long, value_name = "COMMIT")]
    against: Option<String>,
    /// Profile of the build: `dist` as it is shipped, or another to have it sooner
    #[arg(long, default_value = "dist", value_parser = ["dist", "release", "dev"])]
    profile: String,
    /// These workloads alone: event, votes, flood, idle, agent, build
    #[arg(long, value_name = "WORKLOAD", value_delimiter = ',')]
    only: Vec<String>,
    /// Number of rounds; every side is measured once in each, and medians are printed
    #[arg(long, default_value_t = 5)]
    rounds: u32,
    /// Numbers of idle slots: 1000,5000,20000 unless it is said
    #[arg(long, value_name = "NUMBER", value_delimiter = ',')]
    slots: Vec<String>,
    /// Print one JSON object instead of a table
    #[arg(long)]
    json: bool,
    /// Write the JSON object to this file as well
    #[arg(long, value_name = "FILE")]
    save: Option<PathBuf>,
}

/// Programs of this workspace that are measured, or measure.
const PROGRAMS: [&str; 3] = ["eg-core", "eg-agent", "eg-bench"];

/// Builds core, agent and benchmark as they are shipped, and runs the workloads.
///
/// # Errors
/// When something does not build or start. A figure is never an error.
pub(crate) fn run(args: &Args) -> anyhow::Result<ExitCode> {
    // It comes first: both commits put their programs into one place.
    let against = args.against.as_deref();
    let before = against.map(|commit| before(commit, &args.profile)).transpose()?;
    let built = build(&root(), &args.profile, &PROGRAMS)?;
    let mut measured = Command::new(built.join("eg-bench"));
    measured.arg("--core").arg(built.join("eg-core"));
    measured.arg("--agent").arg(built.join("eg-agent"));
    measured.arg("--python").arg(target().join("bench-python"));
    if let Some(before) = before {
        measured.arg("--core-before").arg(before.join("eg-core"));
        measured.arg("--agent-before").arg(before.join("eg-agent"));
    }
    measured.arg("--rounds").arg(args.rounds.to_string());
    for (name, list) in [("--only", &args.only), ("--slots", &args.slots)] {
        if !list.is_empty() {
            measured.arg(name).arg(list.join(","));
        }
    }
    measured.args(args.json.then_some("--json"));
    if let Some(file) = &args.save {
        measured.arg("--save").arg(file);
    }
    let measured = measured.status().context("cannot start the benchmark")?;
    Ok(if measured.success() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Builds core and agent of a commit in a worktree of it, and keeps them for the next time; returns their folder.
fn before(commit: &str, profile: &str) -> anyhow::Result<PathBuf> {
    let found =
        git(&["rev-parse", "--verify", "--end-of-options", &format!("{commit}^{{commit}}")])?;
    let folder = target().join("bench-against");
    let kept = folder.join(format!("{found}-{profile}"));
    if kept.join("eg-agent").exists() {
        return Ok(kept);
    }
    let worktree = folder.join("tree");
    let place = worktree.display().to_string();
    match worktree.join(".git").exists() {
        true => drop(git(&["-C", &place, "checkout", "--quiet", "--detach", &found])?),
        false => drop(git(&["worktree", "add", "--quiet", "--force", "--detach", &place, &found])?),
    }
    // A commit from before the profile of packages shipped its `release`.
    let manifest = fs::read_to_string(worktree.join("Cargo.toml"))?;
    let is_known = profile == "dev" || manifest.contains(&format!("[profile.{profile}]"));
    let profile = if is_known { profile } else { "release" };
    println!("building {commit} as its {profile} in {place}");
    let built = build(&worktree, profile, &PROGRAMS[..2])?;
    fs::create_dir_all(&kept)?;
    for program in &PROGRAMS[..2] {
        fs::copy(built.join(program), kept.join(program)).with_context(|| (*program).to_owned())?;
    }
    Ok(kept)
}

fn git(arguments: &[&str]) -> anyhow::Result<String> {
    let answer = Command::new("git").args(arguments).current_dir(root()).output()?;
    let error = String::from_utf8_lossy(&answer.stderr);
    ensure!(answer.status.success(), "git {}: {}", arguments.join(" "), error.trim());
    Ok(String::from_utf8(answer.stdout)?.trim().to_owned())
}

/// Builds packages of a tree one by one, as their users do, and returns the folder of the programs.
fn build(tree: &Path, profile: &str, packages: &[&str]) -> anyhow::Result<PathBuf> {
    for package in packages {
        let built = Command::new("cargo")
            .args(["build", "--profile", profile, "--locked", "--package", package])
            .current_dir(tree)
            // Crates of the registry that both commits have alike are built once.
            .env("CARGO_TARGET_DIR", std::path::absolute(target())?)
            .status()
            .context("cannot start cargo")?;
        ensure!(built.success(), "{package} does not build");
    }
    Ok(target().join(crate::folder_of(profile)))
}
