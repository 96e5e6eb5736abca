//! A running agent with one simulated slot, and a page to ask.

use rustix::process::{Pid, Signal, kill_process};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::PathBuf;
use std::process::{Child, ChildStderr, Command, ExitStatus, Stdio};
use tempfile::TempDir;

pub(crate) const PANEL: &str = "
  panel:
    driver: button-row
    config: { inputs: [GPIO5], pull: up }
    inputs: { a: { channel: 0, active: low } }
";

/// Ended with the test, however that ends.
pub(crate) struct Agent {
    process: Child,
    log: BufReader<ChildStderr>,
    page: u16,
    folder: TempDir,
}

impl Agent {
    pub(crate) fn start() -> Self {
        Self::start_with(|_| {})
    }

    /// `prepare` may add to the command.
    pub(crate) fn start_with(prepare: impl FnOnce(&mut Command)) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let page = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        write(&folder, PANEL);
        let mut command = Command::new(env!("CARGO_BIN_EXE_eg-agent"));
        command.arg("run").arg(file(&folder)).args(["--page-port", &page.to_string()]);
        command.env_clear().env("EG_LOG", "info").stderr(Stdio::piped());
        prepare(&mut command);
        let mut process = command.spawn().unwrap();
        let log = BufReader::new(process.stderr.take().unwrap());
        let mut agent = Self { process, log, page, folder };
        agent.logs("running");
        agent
    }

    /// Writes other devices into the slot's file.
    pub(crate) fn write(&self, devices: &str) {
        write(&self.folder, devices);
    }

    pub(crate) fn signal(&self, signal: Signal) {
        kill_process(Pid::from_child(&self.process), signal).unwrap();
    }

    /// Reads its log up to a line with this.
    pub(crate) fn logs(&mut self, words: &str) -> String {
        let mut line = String::new();
        loop {
            line.clear();
            assert!(self.log.read_line(&mut line).unwrap() > 0, "it ended without {words:?}");
            if line.contains(words) {
                return line;
            }
        }
    }

    /// Asks the page for something, and gives its answer, head and body.
    pub(crate) fn ask(&self, method: &str, path: &str, from: &str) -> String {
        let mut page = TcpStream::connect(("127.0.0.1", self.page)).unwrap();
        let head = format!("{method} {path} HTTP/1.1\r\nhost: 127.0.0.1\r\nconnection: close");
        write!(page, "{head}\r\nsec-fetch-site: {from}\r\ncontent-length: 0\r\n\r\n").unwrap();
        let mut answer = String::new();
        page.read_to_string(&mut answer).unwrap();
        answer
    }

    pub(crate) fn reload(&self) -> String {
        self.ask("POST", "/reload", "same-origin")
    }

    pub(crate) fn page(&self) -> String {
        self.ask("GET", "/?lang=en", "none")
    }

    pub(crate) fn wait(mut self) -> ExitStatus {
        self.process.wait().unwrap()
    }
}

impl Drop for Agent {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn file(folder: &TempDir) -> PathBuf {
    folder.path().join("slot-01.yaml")
}

fn write(folder: &TempDir, devices: &str) {
    let outbox = folder.path().join("outbox.db");
    let head = "slot: slot-01\ncore: { host: 127.0.0.1, port: 9 }\nhal: sim";
    let text = format!("{head}\noutbox: {}\ndevices:{devices}", outbox.display());
    std::fs::write(file(folder), text).unwrap();
}
