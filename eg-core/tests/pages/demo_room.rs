//! Demo as a process of its own, in which only the browser presses.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};

/// Demo in which only the browser presses.
pub(crate) struct Demo {
    process: Child,
    pub(crate) operator: String,
    pub(crate) slots: Vec<String>,
}

impl Demo {
    /// Starts a demo of so many slots.
    pub(crate) fn of(slots: usize) -> Self {
        let mut process = Command::new(env!("CARGO_BIN_EXE_eg-core"))
            .args(["demo", "--manual", "--slots", &slots.to_string(), "--ports", "auto"])
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(process.stdout.take().unwrap()).lines();
        let mut address = |name: &str| {
            let said =
                lines.find_map(|line| line.ok()?.trim().strip_prefix(name).map(str::to_owned));
            said.expect("the demo says where it is").trim().to_owned()
        };
        let operator = address("operator");
        let slots = (1..=slots).map(|slot| address(&format!("slot-{slot:02}"))).collect();
        std::thread::spawn(move || lines.for_each(drop));
        Self { process, operator, slots }
    }

    /// Returns the address of a slot's boards.
    pub(crate) fn board(&self, slot: usize) -> String {
        format!("{}/board", self.slots[slot].trim_end_matches('/'))
    }
}

impl Drop for Demo {
    fn drop(&mut self) {
        let pid = rustix::process::Pid::from_child(&self.process);
        if rustix::process::kill_process(pid, rustix::process::Signal::TERM).is_ok() {
            drop(self.process.wait());
        }
    }
}
