//! The command line: how files are named, and what manual, completions and schema tell of it.

#![expect(clippy::unwrap_used, reason = "a test may panic")]

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;

fn pages(folder: &Path) -> BTreeMap<String, String> {
    let pages = std::fs::read_dir(folder).unwrap().map(Result::unwrap);
    let named = pages.map(|page| (page.file_name().into_string().unwrap(), page.path()));
    let own = named.filter(|(name, _)| name.starts_with("eg-core"));
    own.map(|(name, path)| (name, std::fs::read_to_string(path).unwrap())).collect()
}

#[test]
fn the_manual_in_the_repository_is_that_of_this_program() {
    let folder = tempfile::tempdir().unwrap();
    let wrote = Command::new(env!("CARGO_BIN_EXE_eg-core")).arg("man").arg(folder.path()).status();
    assert!(wrote.unwrap().success());

    let kept = Path::new(env!("CARGO_MANIFEST_DIR")).join("../deploy/man");
    let (made, kept) = (pages(folder.path()), pages(&kept));

    assert!(made.contains_key("eg-core-check.1"));
    assert_eq!(made, kept, "write them anew: cargo run -p eg-core -- man deploy/man");
}

#[test]
fn each_shell_is_told_the_commands() {
    for shell in ["bash", "zsh", "fish"] {
        let mut program = Command::new(env!("CARGO_BIN_EXE_eg-core"));
        let asked = program.args(["completions", shell]).output();
        let told = String::from_utf8(asked.unwrap().stdout).unwrap();

        for command in ["check", "doctor", "run"] {
            assert!(told.contains(command), "{shell} knows no {command}");
        }
    }
}

#[test]
fn a_file_is_named_by_itself_or_by_its_old_flag_and_never_by_both() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("core.yaml");
    std::fs::write(&file, "rooms: { main: { duratoin: 60m } }\n").unwrap();
    let file = file.to_str().unwrap();
    let check = |args: &[&str]| {
        let mut program = Command::new(env!("CARGO_BIN_EXE_eg-core"));
        let done = program.arg("check").args(args).output().unwrap();
        (done.status.code(), String::from_utf8(done.stderr).unwrap())
    };

    let (by_itself, by_flag) = (check(&[file]), check(&["--config", file]));

    assert_eq!(by_itself, by_flag);
    assert_eq!(by_itself.0, Some(2));
    assert!(
        by_itself.1.contains("core.yaml:1:18") && by_itself.1.contains("duration"),
        "{}",
        by_itself.1
    );
    assert_eq!(check(&[file, "--config", file]).0, Some(2));
}

#[test]
fn the_schema_in_the_configs_is_the_one_of_this_core() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../configs/core.schema.json");

    let shipped = std::fs::read_to_string(path).unwrap();

    let asked = Command::new(env!("CARGO_BIN_EXE_eg-core")).arg("schema").output();
    let told = String::from_utf8(asked.unwrap().stdout).unwrap();
    let again = "cargo run -p eg-core -- schema > configs/core.schema.json";
    assert!(shipped == told, "the settings have changed: {again}");
}
