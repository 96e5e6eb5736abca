//! Tests of signals to a running core.

use rustix::process::{Pid, Signal, kill_process};
use std::io::{BufRead, BufReader, Lines};
use std::path::Path;
use std::process::{Child, ChildStderr, Command, Stdio};

/// Core in a process of the real binary, and its log.
pub(crate) struct Running {
    process: Child,
    log: Lines<BufReader<ChildStderr>>,
}

impl Running {
    fn start(file: &Path) -> Self {
        Self::start_with(file, &[])
    }

    /// Starts the core as [`start`](Self::start) does, with more variables of the environment.
    pub(crate) fn start_with(file: &Path, more: &[(&str, &str)]) -> Self {
        let mut core = command(file);
        core.envs(more.iter().copied());
        let mut running = Self::spawn(core.stdout(Stdio::piped()));
        // It prints where it is reached once everything listens.
        let mut welcome = BufReader::new(running.process.stdout.take().unwrap()).lines();
        assert!(welcome.by_ref().map(Result::unwrap).any(|line| line.contains("journal")));
        std::thread::spawn(move || welcome.for_each(drop));
        running
    }

    fn spawn(core: &mut Command) -> Self {
        let mut process = core.stderr(Stdio::piped()).spawn().unwrap();
        let log = BufReader::new(process.stderr.take().unwrap()).lines();
        Self { process, log }
    }

    pub(crate) fn signal(&self, signal: Signal) {
        let process = Pid::from_child(&self.process);
        kill_process(process, signal).unwrap();
    }

    /// Reads the log up to a line with these words; `false` if the log ends before.
    pub(crate) fn says(&mut self, words: &str) -> bool {
        self.log.by_ref().map(Result::unwrap).any(|line| line.contains(words))
    }
}

/// Builds the command that runs a core in the folder of this file.
fn command(file: &Path) -> Command {
    let mut core = Command::new(env!("CARGO_BIN_EXE_eg-core"));
    core.args(["run", "--config"]).arg(file).env("EG_LOG", "info").env("NO_COLOR", "1");
    core.env("DB_PATH", file.with_file_name("eg.db")).current_dir(file.parent().unwrap());
    core
}

impl Drop for Running {
    fn drop(&mut self) {
        // It may have ended by itself.
        drop(self.process.kill());
        drop(self.process.wait());
    }
}

#[test]
fn a_hang_up_checks_the_file_and_ends_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("core.yaml");
    let good = "ports: { mqtt: 0, websocket: 0, api: 0, page: 0 }\n";
    std::fs::write(&file, good).unwrap();
    let mut core = Running::start(&file);

    core.signal(Signal::HUP);
    assert!(core.says("the settings are well formed"));
    std::fs::write(&file, format!("{good}rums: {{}}\n")).unwrap();
    core.signal(Signal::HUP);
    assert!(core.says("rums"));
    assert!(core.says("goes on with those it has"));

    core.signal(Signal::TERM);
    assert!(core.says("stopping"));
    assert!(core.process.wait().unwrap().success());
}

#[test]
fn a_core_whose_welcome_nobody_reads_runs_all_the_same() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("core.yaml");
    std::fs::write(&file, "ports: { mqtt: 0, websocket: 0, api: 0, page: 0 }\n").unwrap();
    let (reader, writer) = std::io::pipe().unwrap();
    drop(reader);
    let mut core = Running::spawn(command(&file).stdout(writer));

    assert!(core.says("nobody reads what the core prints"));
    core.signal(Signal::HUP);
    assert!(core.says("the settings are well formed"));
}
