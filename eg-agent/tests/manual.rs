//! The manual's pages that the packages install.

#![expect(clippy::unwrap_used, reason = "a test may panic")]

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;

fn pages(folder: &Path) -> BTreeMap<String, String> {
    let pages = std::fs::read_dir(folder).unwrap().map(Result::unwrap);
    let named = pages.map(|page| (page.file_name().into_string().unwrap(), page.path()));
    let own = named.filter(|(name, _)| name.starts_with("eg-agent"));
    own.map(|(name, path)| (name, std::fs::read_to_string(path).unwrap())).collect()
}

#[test]
fn the_manual_in_the_repository_is_that_of_this_program() {
    let folder = tempfile::tempdir().unwrap();
    let wrote = Command::new(env!("CARGO_BIN_EXE_eg-agent")).arg("man").arg(folder.path()).status();
    assert!(wrote.unwrap().success());

    let kept = Path::new(env!("CARGO_MANIFEST_DIR")).join("../deploy/man");
    let (made, kept) = (pages(folder.path()), pages(&kept));

    assert!(made.contains_key("eg-agent-check.1"));
    assert_eq!(made, kept, "write them anew: cargo run -p eg-agent -- man deploy/man");
}

#[test]
fn each_shell_is_told_the_commands() {
    for shell in ["bash", "zsh", "fish"] {
        let mut program = Command::new(env!("CARGO_BIN_EXE_eg-agent"));
        let asked = program.args(["completions", shell]).output();
        let told = String::from_utf8(asked.unwrap().stdout).unwrap();

        for command in ["check", "doctor", "run"] {
            assert!(told.contains(command), "{shell} knows no {command}");
        }
    }
}
