//! A running agent with one simulated slot, and a page to ask.

use crate::held_port::HeldPort;
use rustix::process::{Pid, Signal, kill_process};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStderr, ChildStdout, Command, ExitStatus, Stdio};
use std::time::Duration;
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
    /// Standard output, where the command pipes it.
    out: Option<BufReader<ChildStdout>>,
    page: HeldPort,
    folder: TempDir,
}

impl Agent {
    pub(crate) fn start() -> Self {
        Self::start_with(|_, _| {})
    }

    pub(crate) fn with_scenario(text: &str) -> Self {
        Self::start_with(|command, folder| {
            let path = folder.join("scenario.yaml");
            std::fs::write(&path, text).unwrap();
            command.arg("--scenario").arg(path);
        })
    }

    /// `prepare` may add to the command, and to the agent's folder.
    pub(crate) fn start_with(prepare: impl FnOnce(&mut Command, &Path)) -> Self {
        Self::start_telling(&mut String::new(), prepare)
    }

    /// Starts as [`start_with`](Self::start_with) does, and gives what it logged until it ran.
    pub(crate) fn start_telling(
        told: &mut String,
        prepare: impl FnOnce(&mut Command, &Path),
    ) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let page = HeldPort::take();
        write(&folder, PANEL);
        let mut command = Command::new(env!("CARGO_BIN_EXE_eg-agent"));
        command.arg("run").arg(file(&folder)).args(["--page-port", &page.number.to_string()]);
        command.env_clear().env("EG_LOG", "info").stderr(Stdio::piped());
        prepare(&mut command, folder.path());
        let mut process = command.spawn().unwrap();
        let log = BufReader::new(process.stderr.take().unwrap());
        let out = process.stdout.take().map(BufReader::new);
        let mut agent = Self { process, log, out, page, folder };
        agent.log_to("running", told);
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
        self.log_to(words, &mut String::new())
    }

    /// Reads its log up to a line with this; what came before goes to `told`.
    fn log_to(&mut self, words: &str, told: &mut String) -> String {
        loop {
            let mut line = String::new();
            assert!(self.log.read_line(&mut line).unwrap() > 0, "it ended without {words:?}");
            if line.contains(words) {
                return line;
            }
            told.push_str(&line);
        }
    }

    /// Number of the port of its page.
    pub(crate) fn page_port(&self) -> u16 {
        self.page.number
    }

    /// The folder of its files.
    pub(crate) fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Reads the next line that it prints.
    pub(crate) fn prints(&mut self) -> String {
        let mut line = String::new();
        self.out.as_mut().unwrap().read_line(&mut line).unwrap();
        line
    }

    /// Asks the page for something, and gives its answer, head and body.
    pub(crate) fn ask(&self, method: &str, path: &str, from: &str, body: &str) -> String {
        let mut page = TcpStream::connect(("127.0.0.1", self.page.number)).unwrap();
        let head = format!("{method} {path} HTTP/1.1\r\nhost: 127.0.0.1\r\nconnection: close");
        let json = format!("content-type: application/json\r\ncontent-length: {}", body.len());
        write!(page, "{head}\r\nsec-fetch-site: {from}\r\n{json}\r\n\r\n{body}").unwrap();
        let mut answer = String::new();
        page.read_to_string(&mut answer).unwrap();
        answer
    }

    pub(crate) fn post(&self, path: &str, body: &str) -> String {
        self.ask("POST", path, "same-origin", body)
    }

    pub(crate) fn page(&self) -> String {
        self.ask("GET", "/board?lang=en", "none", "")
    }

    /// Waits until the page shows these words, for a minute at most, and gives it. Its live stream tells every change,
    /// and that it lives every few seconds.
    pub(crate) fn page_with(&self, words: &str) -> String {
        let minute = Duration::from_secs(60);
        let end = eg_clock::monotonic() + minute;
        let mut stream = TcpStream::connect(("127.0.0.1", self.page.number)).unwrap();
        stream.set_read_timeout(Some(minute)).unwrap();
        write!(stream, "GET /live HTTP/1.1\r\nhost: 127.0.0.1\r\naccept-language: en\r\n\r\n")
            .unwrap();
        let mut lines = BufReader::new(stream).lines().map(Result::unwrap);
        while !lines.next().unwrap().contains(words) {
            assert!(eg_clock::monotonic() < end, "no {words:?} in {}", self.page());
        }
        self.page()
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

/// The file of a slot that is not started.
pub(crate) fn file_of(folder: &TempDir) -> PathBuf {
    write(folder, PANEL);
    file(folder)
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
