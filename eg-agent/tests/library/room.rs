//! A running agent with a linked driver's device and one of a library, a real broker, and a core that the test plays.

use crate::broker::Mosquitto;
use crate::core::Core;
use crate::files::Folder;
use crate::guest::KIND;
use crate::held_port::HeldPort;
use eg_proto::EventKind;
use rustix::process::{Pid, Signal, kill_process};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use tokio::sync::mpsc;

const ROLE: &str = "{ active: low, lockout: 1ms, release: 1ms, channel";

pub(crate) struct Room {
    agent: Child,
    log: mpsc::Receiver<String>,
    page: HeldPort,
    pub(crate) core: Core,
    broker: Mosquitto,
    folder: Folder,
}

impl Room {
    /// With a panel, and with a box if there is a library for it; both have told their first levels.
    pub(crate) async fn open(library: Option<&Path>) -> Self {
        let (broker, folder, page) = (Mosquitto::start(), Folder::new(), HeldPort::take());
        let slot = write(&folder, &broker, library);
        let core = Core::start(broker.port).await;
        let mut agent = Command::new(env!("CARGO_BIN_EXE_eg-agent"));
        agent.arg("run").arg(slot).args(["--page-port", &page.number.to_string()]);
        let mut agent = agent.env("EG_LOG", "info").stderr(Stdio::piped()).spawn().unwrap();
        let lines = BufReader::new(agent.stderr.take().unwrap()).lines();
        let (teller, log) = mpsc::channel(1024);
        std::thread::spawn(move || {
            lines.map_while(Result::ok).try_for_each(|line| teller.blocking_send(line).ok())
        });
        let mut room = Self { agent, log, page, core, broker, folder };
        room.told(if library.is_some() { 2 } else { 1 }).await;
        room.logs("running").await;
        room
    }

    /// Writes the slot's file anew.
    pub(crate) fn write(&self, library: Option<&Path>) {
        write(&self.folder, &self.broker, library);
    }

    /// Goes on until so many devices have told their first levels.
    pub(crate) async fn told(&mut self, devices: usize) {
        let snapshots = |core: &Core| {
            let all = core.stored.values().flatten();
            all.filter(|event| matches!(event.kind, EventKind::Snapshot { .. })).count()
        };
        self.core.until(|core| snapshots(core) >= devices).await;
    }

    /// Goes on up to a line of its log with these words.
    pub(crate) async fn logs(&mut self, words: &str) -> String {
        let log = &mut self.log;
        let line = async {
            loop {
                let line = log.recv().await.expect("the agent lives");
                if line.contains(words) {
                    return line;
                }
            }
        };
        self.core.during(line).await
    }

    /// Presses a button on the slot's page, or lets it go.
    pub(crate) fn touch(&self, button: &str, down: bool) {
        let answer = self.post(&format!("/poke/{button}"), &format!("{{\"down\":{down}}}"));
        assert!(answer.starts_with("HTTP/1.1 204"), "{answer}");
    }

    /// Tells the slot's page something, and gives its answer.
    pub(crate) fn post(&self, path: &str, json: &str) -> String {
        let mut stream = TcpStream::connect(("127.0.0.1", self.page.number)).unwrap();
        let request = format!(
            "POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n\
             Content-Length: {}\r\nConnection: close\r\n\r\n{json}",
            json.len()
        );
        stream.write_all(request.as_bytes()).unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        answer
    }

    /// Presses and releases a button, each until the core has stored it.
    pub(crate) async fn play(&mut self, button: &str) {
        self.touch_and_see(button, true).await;
        self.touch_and_see(button, false).await;
    }

    /// Touches a button until the core has stored it.
    pub(crate) async fn touch_and_see(&mut self, button: &str, down: bool) {
        let before = self.core.played().len();
        self.touch(button, down);
        self.core.until(|core| core.played().len() > before).await;
    }

    /// Lists what the core has stored of a device, without its first levels.
    pub(crate) fn stored(&self, device: &str) -> Vec<&'static str> {
        let all = self.core.stored.values().flatten();
        let of = all.filter(|event| event.device.as_str() == device && event.sim);
        of.map(|event| event.kind.name()).filter(|kind| *kind != "snapshot").collect()
    }

    pub(crate) fn signal(&self, signal: Signal) {
        kill_process(Pid::from_child(&self.agent), signal).unwrap();
    }

    /// Ends the agent as systemd does, and tells whether it ended well.
    pub(crate) async fn close(mut self) -> bool {
        self.signal(Signal::TERM);
        self.logs("stopping").await;
        self.agent.wait().unwrap().success()
    }
}

impl Drop for Room {
    fn drop(&mut self) {
        // It may have ended already.
        drop(self.agent.kill());
        drop(self.agent.wait());
    }
}

fn write(folder: &Folder, broker: &Mosquitto, library: Option<&Path>) -> PathBuf {
    let mut slot = format!(
        "slot: slot-01\ncore: {{ host: 127.0.0.1, port: {} }}\nhal: sim\noutbox: {}/outbox.db\ndevices:\n  \
         panel:\n    driver: button-row\n    config: {{ inputs: [GPIO5], pull: up }}\n    \
         inputs: {{ a: {ROLE}: 0 }} }}\n",
        broker.port,
        folder.path().display(),
    );
    if let Some(library) = library {
        slot += &format!(
            "  box:\n    driver: {KIND}\n    config: {{ bus: i2c-1 }}\n    inputs: {{ a: {ROLE}: 2 }} }}\n\
             plugins: [ file: {} ]\n",
            library.display()
        );
    }
    folder.file("slot.yaml", slot)
}
