//! Tests of `eg-core users`, as somebody at the machine uses it.

use serde_json::Value;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::sync::Arc;

use eg_core::auth::{Auth, Denied, FIRST, Role, Visit};
use eg_core::clock::SteadyClock;

/// Runs `eg-core users` on the accounts beside this journal.
fn users(journal: &Path, args: &[&str], said: Option<&str>) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_eg-core"));
    command.arg("users").args(args).arg("--db").arg(journal).env("NO_COLOR", "1");
    let pipes = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut process = pipes.spawn().unwrap();
    let mut stdin = process.stdin.take().unwrap();
    stdin.write_all(said.unwrap_or_default().as_bytes()).unwrap();
    drop(stdin);
    process.wait_with_output().unwrap()
}

fn told(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

fn complaint(output: &Output) -> String {
    assert_eq!(output.status.code(), Some(1));
    String::from_utf8_lossy(&output.stderr).into_owned()
}

#[test]
fn users_are_invited_changed_listed_and_removed_at_the_machine() {
    let folder = tempfile::tempdir().unwrap();
    let journal = folder.path().join("eg.db");
    let nothing = users(&journal, &["list"], None);
    assert!(complaint(&nothing).contains("no core has run on this journal yet"));
    let file = folder.path().join("eg.account.db");
    let clock = Arc::new(SteadyClock::default());
    let (core, _) = Auth::open(&file, Some("first-password"), clock).unwrap();
    core.is_served("0.0.0.0:3000".parse().unwrap()).unwrap();
    let json = |args: &[&str]| -> Value {
        let output = users(&journal, &[args, &["--json"]].concat(), None);
        assert!(output.status.success(), "{output:?}");
        serde_json::from_slice(&output.stdout).unwrap()
    };

    let link = json(&["invite", "anna", "game-master"]);
    let link = link["link"].as_str().unwrap();
    let token = link.strip_prefix("http://127.0.0.1:3000/invite?token=").unwrap();
    core.refresh().unwrap();
    let visit = Visit::new([127, 0, 0, 1].into(), "");
    core.accept(&serde_json::from_value(token.into()).unwrap(), "long-enough", &visit).unwrap();
    let listed = json(&["list"]);
    let drawn = json(&["password", "anna"]);
    users(&journal, &["password", FIRST, "--stdin"], Some("second-password\n"));
    json(&["role", "anna", "operator"]);
    core.refresh().unwrap();

    assert_eq!(listed["items"][0]["name"], "anna");
    assert_eq!(listed["items"][0]["role"], "game-master");
    assert!(core.login(&visit, "anna", drawn["password"].as_str().unwrap()).is_ok());
    assert!(core.login(&visit, FIRST, "second-password").is_ok());
    assert_eq!(core.users()[0].role, Role::Operator);
    json(&["remove", "anna"]);
    core.refresh().unwrap();
    assert_eq!(core.login(&visit, "anna", "long-enough"), Err(Denied::Wrong));
    let last = users(&journal, &["remove", FIRST], None);
    assert!(complaint(&last).contains("this is the last operator"));
    assert!(told(&users(&journal, &["list"], None)).contains(FIRST));
    let role = users(&journal, &["role", FIRST, "admin"], None);
    assert_eq!(role.status.code(), Some(2));
}

#[test]
fn what_is_done_at_the_machine_stands_in_the_audit_trail() {
    let folder = tempfile::tempdir().unwrap();
    let journal = folder.path().join("eg.db");
    let file = folder.path().join("eg.account.db");
    let clock = Arc::new(SteadyClock::default());
    drop(Auth::open(&file, Some("first-password"), clock).unwrap());
    let audit = |args: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_eg-core"));
        let output = command.arg("audit").args(args).arg("--db").arg(&journal).output().unwrap();
        assert!(output.status.success(), "{output:?}");
        told(&output)
    };

    let reset = users(&journal, &["password", FIRST], None);
    let json: Value = serde_json::from_str(&audit(&["--json"])).unwrap();
    let older = audit(&["--limit", "1", "--before", &json["items"][0]["id"].to_string()]);

    assert!(reset.status.success());
    let row = &json["items"][0];
    assert_eq!((&row["act"], &row["about"]), (&"password-reset".into(), &FIRST.into()));
    assert!(row["by"].as_str().unwrap().starts_with("command ("), "{row}");
    assert!(older.contains("set-up") && !older.contains("password-reset"), "{older}");
}
