//! Tests of `eg-core slots` and its like, beside a running core and without one.

use super::{ROOM, Waiting, until_act};
use crate::{Server, secret};
use serde_json::Value;
use std::path::Path;
use std::process::Output;
use tokio::process::Command;

async fn run(db: &Path, args: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_eg-core"));
    command.args(args).env_clear().env("DB_PATH", db).env("USER", "pi").output().await.unwrap()
}

async fn slots(db: &Path, args: &[&str]) -> Value {
    let output = run(db, &[&["slots", "--json"], args].concat()).await;
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

fn names(list: &Value, which: &str) -> Vec<String> {
    let all = list[which].as_array().unwrap();
    all.iter().map(|slot| slot["slot"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn commands_decide_beside_a_running_core_and_without_one() {
    let mut house = Server::open(ROOM);
    let db = house.config.db.clone();
    let mut waiting = Waiting::come(&house, 5).await;
    waiting.ask(&secret(5)).await;
    waiting.answer().await;

    let listed = slots(&db, &["list"]).await;
    assert_eq!(names(&listed, "adopted"), ["slot-01", "slot-02"]);
    assert_eq!(names(&listed, "waiting"), ["slot-05"]);
    let wrong = run(&db, &["slots", "adopt", "slot-05", "--code", "AAA-AAA"]).await;
    assert!(String::from_utf8_lossy(&wrong.stderr).contains("waits with the code"));
    slots(&db, &["adopt", "slot-05"]).await;
    assert!(waiting.answer().await.adopted);
    until_act(&house, "adopt", "slot-05", "command (pi)").await;
    house.dark();
    slots(&db, &["revoke", "slot-01"]).await;
    slots(&db, &["label", "slot-02", "left table"]).await;

    let listed = slots(&db, &["list"]).await;
    assert_eq!(names(&listed, "adopted"), ["slot-02", "slot-05"]);
    assert_eq!(listed["adopted"][0]["note"], "left table");
    house.light();
    until_act(&house, "revoke", "slot-01", "command (pi)").await;
    let unknown = run(&db, &["slots", "adopt", "slot-07"]).await;
    assert!(String::from_utf8_lossy(&unknown.stderr).contains("no slot called slot-07 waits"));
}

#[tokio::test]
async fn a_batch_prepares_cards_that_are_let_in_as_they_come() {
    let house = Server::open(ROOM);
    let (db, out) = (house.config.db.clone(), house.config.db.with_file_name("cards"));
    let folder = out.to_str().unwrap();

    slots(&db, &["batch", "slot-07..slot-09", "--out", folder]).await;

    let text = std::fs::read_to_string(out.join("slot-08.secret")).unwrap();
    let mode = std::fs::metadata(out.join("slot-08.secret")).unwrap();
    assert_eq!(std::os::unix::fs::PermissionsExt::mode(&mode.permissions()) & 0o777, 0o600);
    let port = house.config.ports.mqtt;
    let mut player = crate::player::Player::sit(port, 8, Some(text.parse().unwrap())).await;
    player.press(1, "a").await;
    assert_eq!(player.ack().await.seq, 1);
    let again = run(&db, &["slots", "batch", "slot-09", "--out", folder]).await;
    assert!(!again.status.success(), "a file that is there is not overwritten");
}

#[tokio::test]
async fn mosquitto_gets_files_for_the_adopted_slots_and_the_core_its_password() {
    let mut house = Server::open(ROOM);
    house.dark();
    let (db, out) = (house.config.db.clone(), house.config.db.with_file_name("mosquitto"));
    slots(&db, &["batch", "slot-07", "--out", out.with_file_name("cards").to_str().unwrap()]).await;

    let written = run(&db, &["mosquitto-config", "--out", out.to_str().unwrap()]).await;

    assert!(written.status.success(), "{}", String::from_utf8_lossy(&written.stderr));
    let passwords = std::fs::read_to_string(out.join("passwords")).unwrap();
    let users: Vec<_> = passwords.lines().map(|line| line.split_once(':').unwrap().0).collect();
    assert_eq!(users, ["core-01", "pairing", "slot-07"], "slots without a hash are left out");
    assert!(
        std::fs::read_to_string(out.join("mosquitto.conf"))
            .unwrap()
            .contains("allow_anonymous false")
    );
    let acl = run(&db, &["acl", "--json"]).await;
    assert!(serde_json::from_slice::<Value>(&acl.stdout).unwrap().as_array().unwrap().len() > 40);
}
