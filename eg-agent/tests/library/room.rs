//! A running agent with a linked driver's device and one of a library, a real broker, and a core that the test plays.

use crate::broker::{Mosquitto, free_port};
use crate::core::Core;
use crate::files::Folder;
use crate::guest::KIND;
use eg_proto::EventKind;
use rustix::process::{Pid, Signal, kill_process};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use tokio::sync::mpsc;

pub(crate) struct Room {
    agent: Child,
    log: mpsc::Receiver<String>,
    page: u16,
    pub(crate) core: Core,
    _broker: Mosquitto,
    _folder: Folder,
}

impl Room {
    /// Both devices are there, and told their first levels.
    pub(crate) async fn open(library: &Path) -> Self {
        let (broker, folder, page) = (Mosquitto::start(), Folder::new(), free_port());
        let input = "{ active: low, lockout: 1ms, release: 1ms, channel";
        let slot = format!(
            "slot: slot-01\ncore: {{ host: 127.0.0.1, port: {} }}\nhal: sim\noutbox: {}/outbox.db\n\
             plugins: [ file: {} ]\ndevices:\n  panel:\n    driver: button-row\n    \
             config: {{ inputs: [GPIO5], pull: up }}\n    inputs: {{ a: {input}: 0 }} }}\n  box:\n    \
             driver: {KIND}\n    config: {{ bus: i2c-1 }}\n    inputs: {{ a: {input}: 2 }} }}\n",
            broker.port,
            folder.path().display(),
            library.display()
        );
        let slot = folder.file("slot.yaml", slot);
        let mut core = Core::start(broker.port).await;
        let mut agent = Command::new(env!("CARGO_BIN_EXE_eg-agent"));
        agent.arg("run").arg(slot).args(["--page-port", &page.to_string()]);
        let mut agent = agent.env("EG_LOG", "info").stderr(Stdio::piped()).spawn().unwrap();
        let lines = BufReader::new(agent.stderr.take().unwrap()).lines();
        let (teller, log) = mpsc::channel(1024);
        std::thread::spawn(move || {
            lines.map_while(Result::ok).try_for_each(|line| teller.blocking_send(line).ok())
        });
        core.until(|core| {
            let told = core.stored.values().flatten();
            told.filter(|event| matches!(event.kind, EventKind::Snapshot { .. })).count() == 2
        })
        .await;
        let mut room = Self { agent, log, page, core, _broker: broker, _folder: folder };
        room.logs("running").await;
        room
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
        let hand = format!("{{\"down\":{down}}}");
        let mut stream = TcpStream::connect(("127.0.0.1", self.page)).unwrap();
        let request = format!(
            "POST /poke/{button} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n\
             Content-Length: {}\r\nConnection: close\r\n\r\n{hand}",
            hand.len()
        );
        stream.write_all(request.as_bytes()).unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        assert!(answer.starts_with("HTTP/1.1 204"), "{answer}");
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

    /// What the core has stored of a device, without its first levels.
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
