//! The slot of `examples/topics-only`, which is a shell script that speaks MQTT: it is adopted, says what it has, and presses.

use crate::Server;
use eg_proto::Presence;
use std::path::Path;
use tokio::process::Command;

const SCRIPT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../examples/topics-only/slot.sh");

fn slot(house: &Server, state: &Path, args: &[&str]) -> Command {
    let mut command = Command::new("bash");
    command.arg(SCRIPT).args(args).env("STATE", state).env("AGAIN", "0.2");
    command.env("CORE_HOST", "127.0.0.1").env("MQTT_PORT", house.config.ports.mqtt.to_string());
    command.kill_on_drop(true);
    command
}

async fn said(mut command: Command) -> String {
    let output = command.output().await.unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_shell_script_is_adopted_and_each_of_its_presses_is_stored_once() {
    let house = Server::open("");
    let state = tempfile::tempdir().unwrap();
    let id = "slot-09".parse().unwrap();
    let access = house.core().access();
    let adopting = tokio::spawn(said(slot(&house, state.path(), &["adopt"])));
    let mut asked = access.changed();
    while !access.waiting().contains_key(&id) {
        asked.changed().await.unwrap();
    }
    let code = access.waiting()[&id].code.clone();
    tokio::task::block_in_place(|| access.adopt(&id, &code, "operator").unwrap());
    assert!(adopting.await.unwrap().ends_with("slot-09 is adopted\n"));

    said(slot(&house, state.path(), &["hello"])).await;
    assert_eq!(said(slot(&house, state.path(), &["press", "a"])).await, "stored: a\n");
    said(slot(&house, state.path(), &["press", "b"])).await;

    let told = &house.core().handle().state().slots[&id];
    assert_eq!((told.presence, told.version.as_str()), (Presence::Online, "shell"));
    assert_eq!((told.counts.stored, told.counts.duplicates, told.counts.missing), (4, 0, 0));
}
