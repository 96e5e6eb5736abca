//! An earlier build against today's: where it comes from, and in which rooms it plays.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, ensure};

use super::Broker;
use super::builds::{Builds, Mix};
use crate::step;

/// Returns the folder of the programs of an earlier build: this folder, or that of a commit, which is built in a checkout
/// of its own. What was built once is not built again.
///
/// # Errors
/// When there is no such commit, or it does not build here.
pub(super) fn programs(named: &str) -> anyhow::Result<PathBuf> {
    let folder = Path::new(named);
    if folder.join("eg-core").is_file() {
        return Ok(folder.canonicalize()?);
    }
    let commit = git(&["rev-parse", "--verify", "--quiet", &format!("{named}^{{commit}}")])
        .with_context(|| format!("no commit {named}, and no folder with eg-core in it"))?;
    let home = crate::target().join("earlier").join(&commit);
    let built = home.join("build");
    let programs = built.join("debug");
    if programs.join("eg-core").is_file() && programs.join("eg-agent").is_file() {
        return Ok(programs);
    }
    let source = home.join("source");
    // A checkout that was broken off is made anew.
    let _ = fs::remove_dir_all(&source);
    git(&["worktree", "prune"])?;
    let at = source.to_str().context("the target folder is not UTF-8")?;
    git(&["worktree", "add", "--quiet", "--force", "--detach", at, &commit])?;
    let done = step::cargo()
        .args(["build", "--quiet", "--locked", "--package", "eg-core", "--package", "eg-agent"])
        .current_dir(&source)
        .env("CARGO_TARGET_DIR", &built)
        .status()
        .context("cannot start cargo");
    git(&["worktree", "remove", "--force", at])?;
    ensure!(done?.success(), "core and agent of {commit} do not build");
    Ok(programs)
}

/// Lists the rooms in which it plays. Without `compat` only the built-in broker keeps it out.
pub(super) fn rooms(today: &Path, earlier: &Path, broker: Broker) -> Vec<Builds> {
    let closed = (broker == Broker::Embedded).then_some(Mix::Closed);
    let mixes = [Mix::EarlierAgents, Mix::EarlierCore, Mix::Updates].into_iter().chain(closed);
    mixes.map(|mix| Builds::mixed(today.to_owned(), earlier.to_owned(), mix)).collect()
}

fn git(words: &[&str]) -> anyhow::Result<String> {
    let mut git = Command::new("git");
    let told = git.arg("-C").arg(crate::root()).args(words).output().context("no git here")?;
    let said = String::from_utf8_lossy(&told.stderr);
    ensure!(told.status.success(), "git {}: {}", words.join(" "), said.trim());
    Ok(String::from_utf8_lossy(&told.stdout).trim().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_with_programs_is_taken_as_it_is_and_what_is_neither_is_said() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("eg-core"), "").unwrap();

        let taken = programs(folder.path().to_str().unwrap()).unwrap();
        let error = programs("no-such-commit").unwrap_err().to_string();

        assert_eq!(taken, folder.path().canonicalize().unwrap());
        assert_eq!(error, "no commit no-such-commit, and no folder with eg-core in it");
    }

    #[test]
    fn only_a_broker_that_asks_for_secrets_is_closed_to_an_earlier_agent() {
        let names = |broker| {
            let rooms = rooms(Path::new("new"), Path::new("old"), broker);
            rooms.iter().map(|room| room.name(broker.name())).collect::<Vec<_>>()
        };

        assert_eq!(names(Broker::Embedded).len(), 4);
        assert_eq!(
            names(Broker::Mosquitto),
            [
                "mosquitto, earlier agents",
                "mosquitto, earlier core",
                "mosquitto, updated meanwhile"
            ]
        );
    }
}
