//! A Mosquitto of our own on a port of our own.

use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};

use crate::held_port::HeldPort;
use rustix::process::{Pid, Signal, kill_process};
use tempfile::TempDir;

/// Where systems put it that leave it out of a user's PATH.
const FOLDERS: [&str; 3] = ["/usr/sbin", "/usr/local/sbin", "/opt/homebrew/sbin"];

pub(crate) struct Mosquitto {
    folder: TempDir,
    child: Child,
    pub(crate) port: u16,
    /// Port that the next start takes again.
    _held: HeldPort,
}

impl Mosquitto {
    pub(crate) fn start() -> Self {
        Self::start_with("allow_anonymous true\n", &[])
    }

    /// Lets in only whom one of these lines of a password file names.
    pub(crate) fn with_passwords(lines: &[String]) -> Self {
        Self::start_with("allow_anonymous false\n", lines)
    }

    /// Changes the password file, and has it read.
    pub(crate) fn admit(&self, lines: &[String]) {
        std::fs::write(self.folder.path().join("passwords"), lines.concat()).unwrap();
        kill_process(Pid::from_child(&self.child), Signal::HUP).unwrap();
    }

    fn start_with(rules: &str, passwords: &[String]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let held = HeldPort::take();
        let port = held.number;
        let mut settings = format!(
            "listener {port} 127.0.0.1\n{rules}set_tcp_nodelay true\n\
             max_inflight_messages 1000\nmax_queued_messages 100000\nlog_dest stderr\nuser root\n"
        );
        if !passwords.is_empty() {
            let file = folder.path().join("passwords");
            std::fs::write(&file, passwords.concat()).unwrap();
            settings.push_str(&format!("password_file {}\n", file.display()));
        }
        std::fs::write(folder.path().join("mosquitto.conf"), settings).unwrap();
        let child = run(&folder);
        Self { folder, child, port, _held: held }
    }

    /// Cuts the power: nothing is said to anybody, nothing is kept.
    pub(crate) fn kill(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// Stops the process where it is: its connections stand, and nothing is answered.
    pub(crate) fn stop(&self) {
        self.signal(Signal::STOP);
    }

    /// Lets it go on.
    pub(crate) fn go_on(&self) {
        self.signal(Signal::CONT);
    }

    fn signal(&self, signal: Signal) {
        let pid = Pid::from_raw(i32::try_from(self.child.id()).unwrap()).unwrap();
        kill_process(pid, signal).unwrap();
    }

    pub(crate) fn start_again(&mut self) {
        self.child = run(&self.folder);
    }
}

impl Drop for Mosquitto {
    fn drop(&mut self) {
        // It may have been killed before; then there is nothing left to do.
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

fn program() -> PathBuf {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let folders = std::env::split_paths(&path).chain(FOLDERS.map(PathBuf::from));
    let mut programs = folders.map(|folder| folder.join("mosquitto"));
    programs
        .find(|program| program.is_file())
        .expect("Mosquitto is not installed: `apt-get install mosquitto`; `cargo eg test` does it")
}

/// Starts Mosquitto and waits until it listens.
fn run(folder: &TempDir) -> Child {
    let mut child = Command::new(program())
        .arg("-c")
        .arg(folder.path().join("mosquitto.conf"))
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(child.stderr.take().unwrap()).lines();
    let mut said = String::new();
    for line in lines.by_ref() {
        let line = line.unwrap();
        if line.ends_with(" running") {
            std::thread::spawn(move || lines.for_each(drop));
            return child;
        }
        said = said + &line + "; ";
    }
    child.wait().unwrap();
    panic!("mosquitto does not start: {said}");
}
