//! `eg-agent check`: every mistake of a run, located, and nothing started.

#![expect(clippy::unwrap_used, reason = "a test may panic")]

// Names the agent, so that its drivers are linked here as they are into the binary.
use eg_agent as _;
use std::path::Path;
use std::process::{Command, Output};

fn agent(arguments: &[&str], environment: &[(&str, &str)]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_eg-agent"));
    command.current_dir(env!("CARGO_MANIFEST_DIR")).env_clear();
    command.args(arguments).envs(environment.iter().copied()).output().unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

fn kinds() -> Vec<&'static str> {
    eg_hal::drivers().iter().map(|driver| driver.kind).collect()
}

const FIVE: &str = "tests/slots/five-mistakes.yaml";

#[test]
fn five_mistakes_are_told_in_one_run() {
    let checked = agent(&["check", FIVE], &[]);

    assert_eq!(checked.status.code(), Some(2));
    assert_eq!(text(&checked.stdout), "");
    let told = text(&checked.stderr).replace(&kinds().join(", "), "(every driver)");
    insta::assert_snapshot!(told);
}

#[test]
fn the_mistakes_can_be_read_by_a_program() {
    let checked = agent(&["check", "--json", FIVE], &[]);

    assert_eq!(checked.status.code(), Some(2));
    let mut problems: serde_json::Value = serde_json::from_slice(&checked.stdout).unwrap();
    assert_eq!(problems[3]["wanted"].take(), serde_json::json!(kinds()));
    insta::assert_json_snapshot!(problems);
}

#[test]
fn run_starts_nothing_of_a_file_with_mistakes() {
    let ran = agent(&["run", FIVE], &[]);

    assert_eq!(ran.status.code(), Some(2));
    assert_eq!(text(&ran.stderr), text(&agent(&["check", FIVE], &[]).stderr));
    assert!(!Path::new(env!("CARGO_MANIFEST_DIR")).join("data").exists());
}

#[test]
fn mistakes_of_several_files_and_of_the_environment_come_together() {
    let files = ["check", FIVE, "no-such-file.yaml"];

    let checked = agent(&files, &[("MQTT_PORT", "many")]);

    let told = text(&checked.stderr);
    assert_eq!(checked.status.code(), Some(2));
    assert!(told.contains("MQTT_PORT: wanted a port from 1 to 65535"), "{told}");
    assert!(told.contains("no-such-file.yaml: cannot read this file"), "{told}");
    assert!(told.contains("7 mistakes in MQTT_PORT, no-such-file.yaml, tests/slots/"), "{told}");
}

#[test]
fn colours_are_for_terminals_that_want_them() {
    let wanted = agent(&["check", FIVE], &[("CLICOLOR_FORCE", "1")]);
    let plain = agent(&["check", FIVE], &[("CLICOLOR_FORCE", "1"), ("NO_COLOR", "1")]);

    assert!(text(&wanted.stderr).contains('\u{1b}'));
    assert!(!text(&plain.stderr).contains('\u{1b}'));
}

#[test]
fn the_shipped_slots_are_well_formed() {
    let slots = Path::new(env!("CARGO_MANIFEST_DIR")).join("../configs/slots");
    for slot in std::fs::read_dir(slots).unwrap() {
        let path = slot.unwrap().path();

        let checked = agent(&["check", path.to_str().unwrap()], &[]);

        assert!(checked.status.success(), "{}", text(&checked.stderr));
    }
}

/// A slot's file in a folder of its own, with this secret beside it.
fn with_secret(secret: Option<&str>) -> (tempfile::TempDir, Output) {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("slot.yaml");
    let outbox = folder.path().join("slot-01.outbox.db");
    let head =
        format!("slot: slot-01\ncore: {{ host: core }}\nhal: sim\noutbox: {}", outbox.display());
    std::fs::write(&file, format!("{head}\ndevices: {{}}\n")).unwrap();
    if let Some(secret) = secret {
        std::fs::write(folder.path().join("slot-01.secret"), secret).unwrap();
    }
    let output = agent(&["check", file.to_str().unwrap()], &[]);
    (folder, output)
}

#[test]
fn the_secret_of_a_slot_is_told_by_its_code_and_not_drawn() {
    let secret = "abcdefghijkmnpqrstuvwxyz23";
    let code = eg_proto::pairing_code(&secret.parse::<eg_proto::Secret>().unwrap().digest(), None);

    let (folder, none) = with_secret(None);
    let (_known, known) = with_secret(Some(secret));

    assert!(text(&none.stdout).contains("its secret will be drawn at the first start, into"));
    assert!(!folder.path().join("slot-01.secret").exists());
    let told = text(&known.stdout);
    assert!(told.contains(&format!("the operator's page shows {code} for it")), "{told}");
    assert!(told.contains("others than its owner may read that file"), "{told}");
    assert!(!told.contains(secret), "{told}");
}

#[test]
fn a_file_that_holds_no_secret_is_a_mistake_with_its_place() {
    let (_folder, checked) = with_secret(Some("hunter2"));

    let told = text(&checked.stderr);
    assert_eq!(checked.status.code(), Some(2), "{told}");
    assert!(told.contains("slot-01.secret") && told.contains("26 of a-z and 2-9"), "{told}");
    assert!(!told.contains("hunter2"), "{told}");
}
