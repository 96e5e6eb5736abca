//! Mosquitto process with the settings that ship.

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use crate::held_port::HeldPort;
use rustix::process::{Pid, Signal, geteuid, kill_process};

/// Path of the settings that ship.
const SETTINGS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../deploy/mosquitto/mosquitto.conf");
/// Folders of systems that install Mosquitto outside of a user's PATH.
const FOLDERS: [&str; 3] = ["/usr/sbin", "/usr/local/sbin", "/opt/homebrew/sbin"];

pub(super) struct Mosquitto {
    child: Child,
    settings: PathBuf,
    pub(super) port: u16,
    pub(super) websocket_port: u16,
    /// Ports that the next start takes again.
    _held: [HeldPort; 2],
}

impl Mosquitto {
    pub(super) fn start(folder: &Path, connections: usize) -> Self {
        Self::start_with(folder, connections, "")
    }

    /// Starts Mosquitto as [`start`](Self::start) does, with more lines of settings.
    pub(super) fn start_with(folder: &Path, connections: usize, more: &str) -> Self {
        Self::start_from(&fs::read_to_string(SETTINGS).unwrap(), folder, connections, more)
    }

    /// Starts Mosquitto with these settings, but other ports and another folder.
    pub(super) fn start_from(shipped: &str, folder: &Path, connections: usize, more: &str) -> Self {
        let settings = folder.join("under-test.conf");
        let held = [HeldPort::take(), HeldPort::take()];
        let [port, websocket_port] = [held[0].number, held[1].number];
        let lines = adapted(shipped, folder, port, websocket_port, connections) + more;
        fs::write(&settings, lines).unwrap();
        Self { child: run(&settings), settings, port, websocket_port, _held: held }
    }

    pub(super) fn start_again(&mut self) {
        self.child = run(&self.settings);
    }

    pub(super) fn stop(&mut self) {
        self.signal(Signal::TERM);
        self.child.wait().unwrap();
    }

    /// Tells Mosquitto to read its passwords and rules again.
    pub(super) fn reload(&self) {
        self.signal(Signal::HUP);
    }

    fn signal(&self, signal: Signal) {
        if let Some(pid) = Pid::from_raw(i32::try_from(self.child.id()).unwrap()) {
            kill_process(pid, signal).unwrap();
        }
    }
}

impl Drop for Mosquitto {
    fn drop(&mut self) {
        // It may have been stopped before; then there is nothing left to do.
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

/// Returns the settings that ship, with other ports and another folder.
fn adapted(
    shipped: &str,
    folder: &Path,
    port: u16,
    websocket_port: u16,
    connections: usize,
) -> String {
    let lines = shipped.lines().map(|line| match line.split_once(' ') {
        Some(("listener", "1883 127.0.0.1")) => {
            format!("listener {port} 127.0.0.1\nmax_connections {connections}")
        }
        Some(("listener", "9001 127.0.0.1")) => format!("listener {websocket_port} 127.0.0.1"),
        Some(("listener", other)) => panic!("{SETTINGS} has an unexpected listener {other}"),
        Some(("persistence_location", _)) => format!("persistence_location {}/", folder.display()),
        _ => line.to_owned(),
    });
    let mut adapted: Vec<String> = lines.collect();
    if geteuid().is_root() {
        adapted.push("user root".to_owned());
    }
    adapted.push("log_dest stderr".to_owned());
    adapted.join("\n") + "\n"
}

fn program() -> PathBuf {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let folders = std::env::split_paths(&path).chain(FOLDERS.map(PathBuf::from));
    let mut programs = folders.map(|folder| folder.join("mosquitto"));
    programs.find(|program| program.is_file()).expect(
        "Mosquitto is not installed: `apt-get install mosquitto mosquitto-clients`; \
         `cargo eg test` does it",
    )
}

/// Starts Mosquitto and waits until it listens.
fn run(settings: &Path) -> Child {
    let mut child = Command::new(program())
        .arg("-c")
        .arg(settings)
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
