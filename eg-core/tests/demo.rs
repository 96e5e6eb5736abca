//! Tests of `eg-core demo` as a process: it waits for somebody, and gives another link to anyone who may read its
//! data.

#![cfg(feature = "demo")]
#![expect(clippy::unwrap_used, reason = "a test may panic")]

use rustix::process::{Pid, Signal, kill_process};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, Command, Output, Stdio};

struct Demo {
    process: Child,
    /// Output up to its last line.
    told: String,
}

impl Demo {
    fn start() -> Self {
        let mut process = Command::new(env!("CARGO_BIN_EXE_eg-core"))
            .args(["demo", "--slots", "2", "--ports", "auto", "--seed", "7"])
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(process.stdout.take().unwrap()).lines();
        let mut told = String::new();
        while !told.contains("The night begins") {
            told += &lines.next().expect("the demo says where it is").unwrap();
            told.push('\n');
        }
        Self { process, told }
    }

    /// Returns the text behind a word, in the first line of the output that contains it.
    fn said(&self, word: &str) -> String {
        let line = self
            .told
            .lines()
            .find(|line| line.contains(word))
            .unwrap_or_else(|| panic!("{}", self.told));
        line.split_once(word).unwrap().1.trim().to_owned()
    }

    fn link(&self) -> Output {
        let db = self.said("eg-core login-link --db");
        let mut command = Command::new(env!("CARGO_BIN_EXE_eg-core"));
        command.args(["login-link", "--db", &db]).output().unwrap()
    }
}

impl Drop for Demo {
    fn drop(&mut self) {
        if kill_process(Pid::from_child(&self.process), Signal::TERM).is_ok() {
            drop(self.process.wait());
        }
    }
}

/// Requests an address and returns a stream of its answer.
fn open(address: &str) -> TcpStream {
    let (host, path) = address.strip_prefix("http://").unwrap().split_once('/').unwrap();
    let mut page = TcpStream::connect(host).unwrap();
    write!(page, "GET /{path} HTTP/1.1\r\nhost: {host}\r\nconnection: close\r\n\r\n").unwrap();
    page
}

fn whole(address: &str) -> String {
    let mut answer = String::new();
    open(address).read_to_string(&mut answer).unwrap();
    answer
}

#[test]
fn the_night_waits_for_the_first_page_and_the_display_shows_it() {
    let demo = Demo::start();
    let display = demo.said("display ");

    let before = whole(&format!("{display}?lang=en"));
    let live = BufReader::new(open(&format!("{display}/live?lang=en")));

    assert!(before.starts_with("HTTP/1.1 200"), "{before}");
    assert!(!before.contains("Which door?"), "{before}");
    assert!(live.lines().map_while(Result::ok).any(|line| line.contains("Which door?")));
}

#[test]
fn a_new_link_can_be_had_while_it_runs_and_works_once() {
    let demo = Demo::start();

    let output = demo.link();
    let link = String::from_utf8(output.stdout).unwrap();
    let (first, second) = (whole(link.trim()), whole(link.trim()));

    let page = demo.said("operator ");
    assert_eq!(link.split_once("?token=").unwrap().0, page.split_once("?token=").unwrap().0);
    assert!(first.contains("location: /\r\n") && first.contains("eg_session="), "{first}");
    assert!(second.contains("location: /login"), "{second}");
    assert!(demo.told.contains("password"), "{}", demo.told);
}

#[test]
fn there_is_no_link_without_the_cores_data() {
    let folder = tempfile::tempdir().unwrap();
    let db = folder.path().join("eg.db");

    let mut command = Command::new(env!("CARGO_BIN_EXE_eg-core"));
    let output = command.arg("login-link").arg("--db").arg(&db).output().unwrap();

    let told = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert!(told.contains("no core has run on this journal yet"), "{told}");
    assert!(output.stdout.is_empty() && std::fs::read_dir(folder.path()).unwrap().next().is_none());
}
