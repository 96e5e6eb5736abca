//! One slot's file for nine slots, as `eg-agent check` reads it, and scenarios that share their steps.

#![expect(clippy::unwrap_used, reason = "a test may panic")]

use eg_agent as _;
use eg_config::Source;
use eg_hal::sim::scenario::Scenario;
use std::fs;
use std::path::Path;
use std::process::{Command, Output};
use tempfile::TempDir;

/// Shared part of nine slots, and the lines of which one slot has its own.
const SLOT: &str = "
slot: ${SLOT_ID}
core:
  host: ${CORE:-127.0.0.1}
hal: sim
devices:
  panel: !include boards/panel.yaml
";
const PANEL: &str = "
driver: button-row
config:
  inputs:
    - ${BUTTON:-GPIO5}
  pull: up
inputs: { a: { channel: 0, active: low } }
";

fn room() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("boards")).unwrap();
    fs::write(folder.path().join("slot.yaml"), SLOT).unwrap();
    fs::write(folder.path().join("boards/panel.yaml"), PANEL).unwrap();
    folder
}

fn check(folder: &Path, environment: &[(&str, &str)]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_eg-agent"));
    command.current_dir(folder).env_clear().envs(environment.iter().copied());
    command.args(["check", "slot.yaml"]).output().unwrap()
}

#[test]
fn one_file_is_checked_for_each_of_nine_slots() {
    let folder = room();

    for number in 1..=9 {
        let slot = format!("slot-0{number}");
        let checked = check(folder.path(), &[("SLOT_ID", &slot)]);

        assert_eq!(checked.status.code(), Some(0), "{checked:?}");
        assert!(String::from_utf8_lossy(&checked.stdout).contains(&slot), "{checked:?}");
    }
}

#[test]
fn what_a_driver_refuses_is_told_in_the_included_file() {
    let folder = room();

    let checked = check(folder.path(), &[("SLOT_ID", "slot-02"), ("BUTTON", "GPOI5")]);

    let said = String::from_utf8_lossy(&checked.stderr);
    assert_eq!(checked.status.code(), Some(2), "{said}");
    assert!(said.contains("boards/panel.yaml:5:7: "), "{said}");
    assert!(said.contains("- ${BUTTON:-GPIO5}") && said.contains("GPOI5"), "{said}");
}

#[test]
fn a_scenario_takes_its_steps_from_another_file() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| fs::write(folder.path().join(name), text).unwrap();
    write("evening.yaml", "name: an evening\nsteps: !include steps.yaml\nuntil: ${UNTIL:-12s}\n");
    write("steps.yaml", "- at 1s press panel/a\n- at 2s pres panel/a\n");

    let source = Source::read_with(folder.path().join("evening.yaml"), []).unwrap();
    let problems = Scenario::read(&source).unwrap_err().to_string();

    assert!(problems.contains("steps.yaml:2:3: "), "{problems}");
}
