//! `eg-agent init`: a file from a few answers, which passes its own check.

#![expect(clippy::unwrap_used, reason = "a test may panic")]

use rustix::fs::{Mode, OFlags, open};
use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use std::fs::{self, File};
use std::io::Write;
use std::path::Path;
use std::process::{Command, Output, Stdio};

fn agent(folder: &Path, arguments: &[&str]) -> Command {
    let mut agent = Command::new(env!("CARGO_BIN_EXE_eg-agent"));
    agent.args(arguments).current_dir(folder).env_clear().stdin(Stdio::null());
    agent
}

/// Runs a command at a terminal at which somebody types these lines.
fn typed(mut command: Command, lines: &str) -> Output {
    let near = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).unwrap();
    grantpt(&near).unwrap();
    unlockpt(&near).unwrap();
    let name = ptsname(&near, Vec::new()).unwrap();
    let far = open(name, OFlags::RDWR | OFlags::NOCTTY, Mode::empty()).unwrap();
    let mut near = File::from(near);
    near.write_all(lines.as_bytes()).unwrap();
    command.stdin(File::from(far)).output().unwrap()
}

fn told(output: &Output) -> String {
    String::from_utf8([&*output.stdout, &*output.stderr].concat()).unwrap()
}

#[test]
fn asks_nothing_in_a_pipe_and_writes_a_file_that_passes_its_check() {
    let folder = tempfile::tempdir().unwrap();

    let made =
        agent(folder.path(), &["init", "--boards", "sim", "--slot", "slot-07"]).output().unwrap();
    let checked = agent(folder.path(), &["check", "slot.yaml"]).output().unwrap();

    assert!(made.status.success(), "{}", told(&made));
    assert!(told(&made).contains("slot.yaml is written, and well formed."), "{}", told(&made));
    assert!(told(&checked).contains("slot-07 is well formed: 1 device, 2 inputs, 1 output"));
    let text = fs::read_to_string(folder.path().join("slot.yaml")).unwrap();
    assert!(text.starts_with("# yaml-language-server: $schema=slot.schema.json\n"), "{text}");
    assert!(folder.path().join("slot.schema.json").exists());
}

#[test]
fn writes_what_somebody_types_and_asks_again_after_a_mistake() {
    let folder = tempfile::tempdir().unwrap();
    let mut command = agent(folder.path(), &["init", "new.yaml", "--boards", "sim"]);
    command.env("LANG", "fr_FR.UTF-8");

    let made = typed(command, "Slot 1\nslot-03\n192.168.1.27\n");

    let said = told(&made);
    assert!(made.status.success(), "{said}");
    assert!(said.contains("Identifiant de ce poste") && said.contains("is not a name"), "{said}");
    let text = fs::read_to_string(folder.path().join("new.yaml")).unwrap();
    assert!(text.contains("\nslot: slot-03\n"), "{text}");
    assert!(text.contains("\ncore: { host: \"192.168.1.27\" }\n"), "{text}");
}

#[test]
fn overwrites_nothing() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("slot.yaml"), "mine").unwrap();

    let made = agent(folder.path(), &["init", "--boards", "sim"]).output().unwrap();

    assert_eq!(made.status.code(), Some(1));
    assert!(told(&made).contains("slot.yaml is there already"), "{}", told(&made));
    assert_eq!(fs::read_to_string(folder.path().join("slot.yaml")).unwrap(), "mine");
}
