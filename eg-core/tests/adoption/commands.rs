//! The core as a process of its own, and slots that are adopted by commands beside it.

use crate::room::Seat;
use eg_agent::pairing::{Admission, Refused};
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use tokio::task::spawn_blocking;

/// Ended with the test, however that ends.
struct Process(Child);

impl Drop for Process {
    fn drop(&mut self) {
        // It may have ended already.
        drop(self.0.kill());
        drop(self.0.wait());
    }
}

/// Starts a core in this folder, where nothing is yet, and gives the port of its broker.
fn start(folder: &Path) -> (Process, u16) {
    let file = folder.join("core.yaml");
    let ports = "ports: { mqtt: 0, websocket: 0, api: 0, page: 0 }";
    std::fs::write(&file, format!("{ports}\ndb: {}/data/eg.db\n", folder.display())).unwrap();
    let mut core = Command::new(env!("CARGO_BIN_EXE_eg-core"));
    core.arg("run").arg("--config").arg(&file).env_clear().stdout(Stdio::piped());
    let mut core = Process(core.spawn().unwrap());
    let mut lines = BufReader::new(core.0.stdout.take().unwrap()).lines().map(Result::unwrap);
    let port = |line: String| line.trim().strip_prefix("MQTT ")?.rsplit_once(':')?.1.parse().ok();
    let port = lines.by_ref().filter_map(port).next().unwrap();
    // It goes on to say something.
    std::thread::spawn(move || lines.for_each(drop));
    (core, port)
}

/// Runs `eg-core slots`, and gives what it prints.
async fn slots(folder: &Path, arguments: &[&str]) -> String {
    let mut command = Command::new(env!("CARGO_BIN_EXE_eg-core"));
    command.arg("slots").args(arguments).arg("--db").arg(folder.join("data/eg.db")).env_clear();
    let output = spawn_blocking(move || command.output().unwrap()).await.unwrap();
    let told = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success(), "{told}");
    String::from_utf8(output.stdout).unwrap()
}

#[tokio::test]
async fn a_slot_is_adopted_and_revoked_by_commands_while_its_core_runs() {
    let folder = tempfile::tempdir().unwrap();
    let (_core, port) = start(folder.path());
    let seat = Seat::sit(port, folder.path().join("card")).await;
    let code = seat.code().await;

    // The agent knows that it is refused a moment before the core knows that it waits.
    let mut listed = String::new();
    while !listed.contains(&code) {
        listed = slots(folder.path(), &["list"]).await;
    }
    slots(folder.path(), &["adopt", "slot-01", "--code", &code]).await;
    seat.see(|state| state.admission == Admission::Admitted).await;
    slots(folder.path(), &["revoke", "slot-01"]).await;

    assert!(listed.contains("slot-01"), "{listed}");
    let revoked = |admission: &Admission| {
        matches!(admission, Admission::Refused { why: Refused::Revoked, .. })
    };
    seat.see(move |state| revoked(&state.admission)).await;
}
