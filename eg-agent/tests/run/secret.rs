//! The secret of a slot: a file that an agent draws once, for itself alone.

use crate::agent::{Agent, PANEL};
use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Command, Stdio};

fn mode(file: &Path) -> u32 {
    fs::metadata(file).unwrap().permissions().mode() & 0o777
}

#[test]
fn an_agent_draws_a_secret_that_its_owner_alone_may_read() {
    let agent = Agent::start();

    let file = agent.folder().join("outbox.secret");

    assert_eq!(mode(&file), 0o600);
    assert_eq!(fs::read_to_string(&file).unwrap().trim_end().len(), 26);
}

#[test]
fn a_secret_that_others_may_read_is_closed_to_them_and_that_is_logged() {
    let mut told = String::new();
    let secret = "abcdefghijkmnpqrstuvwxyz23\n";
    let agent = Agent::start_telling(&mut told, |_, folder| {
        let file = folder.join("outbox.secret");
        fs::write(&file, secret).unwrap();
        fs::set_permissions(&file, Permissions::from_mode(0o644)).unwrap();
    });

    let file = agent.folder().join("outbox.secret");
    assert!(told.contains("others could read the slot's secret"), "{told}");
    assert_eq!((mode(&file), fs::read_to_string(&file).unwrap().as_str()), (0o600, secret));
}

#[test]
fn an_agent_does_not_start_with_a_file_that_holds_no_secret() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("slot.yaml");
    let head = format!(
        "slot: slot-01\ncore: {{ host: 127.0.0.1, port: 9 }}\nhal: sim\nsecret_file: {}/secret",
        folder.path().display()
    );
    fs::write(
        &file,
        format!("{head}\noutbox: {}/outbox.db\ndevices:{PANEL}", folder.path().display()),
    )
    .unwrap();
    fs::write(folder.path().join("secret"), "hunter2").unwrap();

    let mut agent = Command::new(env!("CARGO_BIN_EXE_eg-agent"));
    let ran = agent.arg("run").arg(&file).env_clear().stdout(Stdio::null()).output().unwrap();

    let told = String::from_utf8(ran.stderr).unwrap();
    assert_eq!(ran.status.code(), Some(1), "{told}");
    assert!(told.contains("/secret: this is no slot's secret"), "{told}");
    assert!(told.contains("adopt the slot anew") && !told.contains("hunter2"), "{told}");
    assert_eq!(fs::read_to_string(folder.path().join("secret")).unwrap(), "hunter2");
}
