//! The inputs of a slot in a terminal.

use crate::agent::{Agent, file_of};
use serde_json::Value;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, ChildStdout, Command, Stdio};

/// Ended with the test.
struct Monitor {
    process: Child,
    lines: BufReader<ChildStdout>,
}

impl Monitor {
    fn of(file: &Path) -> Self {
        let mut command = Command::new(env!("CARGO_BIN_EXE_eg-agent"));
        command.arg("monitor").arg(file).arg("--json").env_clear().stdout(Stdio::piped());
        let mut process = command.spawn().unwrap();
        let lines = BufReader::new(process.stdout.take().unwrap());
        Self { process, lines }
    }

    /// The next input that it tells and that is so.
    fn tells(&mut self, wanted: impl Fn(&Value) -> bool) -> Value {
        loop {
            let mut line = String::new();
            assert!(self.lines.read_line(&mut line).unwrap() > 0, "it ended");
            let level: Value = serde_json::from_str(&line).unwrap();
            if wanted(&level) {
                return level;
            }
        }
    }
}

impl Drop for Monitor {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

#[test]
fn a_press_at_a_running_agent_is_told_raw_and_normalized() {
    let agent = Agent::start();
    let file = agent.folder().join("slot-01.yaml");
    let text = std::fs::read_to_string(&file).unwrap();
    let page = agent.page_port();
    std::fs::write(&file, format!("page: {{ port: {page} }}\n{text}")).unwrap();
    let mut monitor = Monitor::of(&file);

    let rest = monitor.tells(|level| level["line"] == true);
    agent.post("/poke/panel/a", r#"{"down":true}"#);
    let pressed = monitor.tells(|level| level["active"] == true);

    assert_eq!((&rest["device"], &rest["input"]), (&"panel".into(), &"a".into()));
    assert_eq!(rest["active"], false);
    assert_eq!(pressed["line"], false, "a button to ground is low while it is pressed");
}

#[test]
fn without_an_agent_the_boards_are_opened_and_nothing_is_kept() {
    let folder = tempfile::tempdir().unwrap();
    let file = file_of(&folder);
    let mut monitor = Monitor::of(&file);

    let rest = monitor.tells(|level| level["line"] == true);
    drop(monitor);

    assert_eq!(rest["input"], "a");
    assert!(!folder.path().join("outbox.db").exists(), "it is the outbox of the agent alone");
}
