//! `eg-agent safe`: what it says of outputs that it brought to their safe state, and of those that it could not.

#![expect(clippy::unwrap_used, reason = "a test may panic")]

// Names the agent, so that its drivers are linked here as they are into the binary.
use eg_agent as _;
use std::process::{Command, Output};

const SLOT: &str = "slot: slot-01
core: { host: 127.0.0.1 }
hal: sim
devices:
  doors:
    driver: relay
    config: { outputs: [GPIO20, GPIO21] }
    outputs:
      front: { channel: 0, safe: on }
      back: { channel: 1 }
  reader:
    driver: serial-tag
    config: { port: /dev/no-such-port }
";

fn safe(more: &[&str]) -> Output {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("slot.yaml");
    std::fs::write(&file, SLOT).unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_eg-agent"));
    command.env_clear().arg("safe").arg(&file).args(more).output().unwrap()
}

#[test]
fn names_every_output_that_is_safe_and_opens_nothing_else() {
    let done = safe(&[]);

    assert!(done.status.success(), "{done:?}");
    assert_eq!(String::from_utf8(done.stdout).unwrap(), "slot-01/doors: safe: front, back\n");
    assert_eq!(String::from_utf8(done.stderr).unwrap(), "");
}

#[test]
fn an_output_that_is_not_safe_is_a_failure_that_says_so() {
    // No machine that runs tests has a line of that name that may be driven.
    let done = safe(&["--hal", "linux"]);

    assert_eq!(done.status.code(), Some(1));
    let said = String::from_utf8(done.stderr).unwrap();
    assert!(said.starts_with("slot-01/doors: NOT safe: "), "{said}");
    assert!(said.contains("no line called \"GPIO20\""), "{said}");
}

#[cfg(not(feature = "rppal"))]
#[test]
fn an_agent_without_rppal_says_where_there_is_one() {
    let done = safe(&["--hal", "rppal"]);

    assert_eq!(done.status.code(), Some(1));
    let said = String::from_utf8(done.stderr).unwrap();
    assert!(said.contains("an agent built with --features rppal"), "{said}");
}

#[cfg(feature = "rppal")]
#[test]
fn rppal_says_that_this_machine_is_no_pi() {
    let done = safe(&["--hal", "rppal"]);

    assert_eq!(done.status.code(), Some(1));
    let said = String::from_utf8(done.stderr).unwrap();
    assert!(
        said.contains("this machine is no Raspberry Pi that it knows; say hal: linux"),
        "{said}"
    );
}
