//! Crates that `cargo eg new` makes: each builds, is registered, and keeps its promises before anybody has typed anything.

#![expect(clippy::unwrap_used, reason = "a test may panic")]

mod copy;
mod scaffold;

use copy::Copy;
use std::fs;
use std::path::Path;
use std::process::{Command, Output};

/// Runs `cargo eg new` on a workspace.
fn new(root: &Path, args: &[&str]) -> Output {
    let mut xtask = Command::new(env!("CARGO_BIN_EXE_xtask"));
    xtask.arg("new").args(args).arg("--root").arg(root).output().unwrap()
}

fn made(root: &Path, args: &[&str]) {
    let output = new(root, args);
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{args:?}: {said}");
}

#[test]
fn a_name_that_is_taken_is_refused_and_changes_nothing() {
    let copy = Copy::of_manifests();
    let before = fs::read_to_string(copy.root().join("Cargo.toml")).unwrap();

    for name in ["button-row", "serde", "Button", "use"] {
        let refused = new(copy.root(), &["driver", name]);

        assert!(!refused.status.success(), "{name}");
        assert!(!refused.stderr.is_empty(), "{name}");
    }

    assert_eq!(fs::read_to_string(copy.root().join("Cargo.toml")).unwrap(), before);
    assert!(!copy.root().join("drivers/serde").exists());
}

#[test]
fn a_folder_inside_the_workspace_is_not_outside() {
    let copy = Copy::of_manifests();
    let inside = copy.root().join("drivers");

    let refused = new(copy.root(), &["driver", "knob", "--outside", inside.to_str().unwrap()]);

    assert!(String::from_utf8_lossy(&refused.stderr).contains("leave --outside away"));
}

/// To build it would build the whole core once more: what it calls is what EG's own core calls, and its lock file fits.
#[test]
fn a_game_outside_the_workspace_has_a_core_of_its_own_in_four_lines() {
    let folder = tempfile::tempdir().unwrap();
    let dir = folder.path().to_str().unwrap();

    made(&copy::original(), &["game", "vault", "--like", "puzzle", "--outside", dir]);

    let read = |path: &Path| fs::read_to_string(path).unwrap();
    let main = read(&folder.path().join("vault/core/src/main.rs"));
    let lines = main.lines().filter(|line| !line.is_empty() && !line.starts_with("//!"));
    let lines: Vec<_> = lines.map(str::trim).collect();
    let [links, _, starts, _] = lines.as_slice() else { panic!("{main}") };
    assert_eq!(*links, "use vault as _;");
    assert!(read(&copy::original().join("eg-core/src/main.rs")).contains(starts), "{starts}");
    let mut cargo = eg_scaffold::cargo();
    cargo.args(["metadata", "--locked", "--offline", "--format-version", "1", "--manifest-path"]);
    let told = cargo.arg(folder.path().join("vault/core/Cargo.toml")).output().unwrap();
    assert!(told.status.success(), "{}", String::from_utf8_lossy(&told.stderr));
    assert!(String::from_utf8_lossy(&told.stdout).contains("\"name\":\"vault-core\""));
}
