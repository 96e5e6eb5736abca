//! The agent's commands in README run as they stand there, on a machine without hardware.

#![expect(clippy::unwrap_used, reason = "a test may panic")]

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};

/// Lists what stands behind the agent's name in each of README's lines that runs it from a checkout.
fn commands() -> Vec<Vec<String>> {
    let readme = include_str!("../../README.md");
    let said =
        readme.lines().filter_map(|line| line.strip_prefix("cargo run --release -p eg-agent -- "));
    said.map(|line| line.split_whitespace().map(str::to_owned).collect()).collect()
}

/// The agent in a folder that looks like a checkout, so that its outbox is not left in ours.
fn agent(arguments: &[String], folder: &Path) -> Command {
    let configs = Path::new(env!("CARGO_MANIFEST_DIR")).join("../configs");
    std::os::unix::fs::symlink(configs, folder.join("configs")).unwrap();
    let mut agent = Command::new(env!("CARGO_BIN_EXE_eg-agent"));
    agent.args(arguments).current_dir(folder).env_clear();
    agent
}

#[test]
fn a_slots_file_is_checked_as_readme_says() {
    let commands = commands();
    let check = commands.iter().find(|arguments| arguments[0] == "check").unwrap();
    let folder = tempfile::tempdir().unwrap();

    let output = agent(check, folder.path()).output().unwrap();

    let told = String::from_utf8(output.stdout).unwrap();
    assert!(output.status.success() && told.contains("slot-01 is well formed"), "{told}");
}

#[test]
fn a_slot_runs_on_a_pc_as_readme_says() {
    let commands = commands();
    let run = commands.iter().find(|arguments| arguments[0] == "run").unwrap();
    let folder = tempfile::tempdir().unwrap();

    let mut running = agent(run, folder.path());
    let mut running = running.stderr(Stdio::piped()).spawn().unwrap();
    let log = BufReader::new(running.stderr.take().unwrap());
    let mut told = String::new();
    let found = log.lines().map_while(Result::ok).any(|line| {
        told += &line;
        line.contains("running")
    });
    running.kill().unwrap();
    running.wait().unwrap();

    assert!(found, "{told}");
    assert!(!told.contains("is lost") && !told.contains("cannot open"), "{told}");
}
