use crate::agent::{Agent, file_of};
use rustix::process::Signal;
use std::process::{Command, Stdio};

fn with(arguments: &[&str]) -> Agent {
    Agent::start_with(|command, _| {
        command.args(arguments).stdout(Stdio::piped());
    })
}

#[test]
fn every_event_is_printed_on_a_line_as_it_happens() {
    let mut agent = with(&["--events"]);

    let opened = agent.prints();
    agent.post("/poke/panel/a", r#"{"down":true}"#);
    let pressed = agent.prints();
    agent.post("/poke/panel/a", r#"{"down":false}"#);
    let released = agent.prints();
    agent.signal(Signal::TERM);

    assert_eq!(opened, "slot-01 #1 panel/a snapshot levels=[false] states={\"a\":false}\n");
    assert_eq!(pressed, "slot-01 #2 panel/a press\n");
    assert_eq!(released, "slot-01 #3 panel/a release\n");
    assert_eq!(agent.prints(), "", "nothing else is printed");
}

#[test]
fn every_event_is_printed_as_json_where_that_is_asked_for() {
    let mut agent = with(&["--events", "--json"]);

    let opened: serde_json::Value = serde_json::from_str(&agent.prints()).unwrap();
    agent.post("/poke/panel/a", r#"{"down":true}"#);
    let pressed: serde_json::Value = serde_json::from_str(&agent.prints()).unwrap();

    assert_eq!((&opened["kind"], &opened["seq"]), (&"snapshot".into(), &1.into()));
    assert_eq!((&pressed["kind"], &pressed["slot"]), (&"press".into(), &"slot-01".into()));
    assert_eq!((&pressed["t"]["core_us"], &pressed["sim"]), (&().into(), &true.into()));
}

#[test]
fn json_alone_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let mut agent = Command::new(env!("CARGO_BIN_EXE_eg-agent"));

    let output = agent.arg("run").arg(file_of(&folder)).arg("--json").output().unwrap();

    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8(output.stderr).unwrap().contains("--events"));
}
