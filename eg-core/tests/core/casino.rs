//! Test of an existing installation's day: tables that speak with `mosquitto_pub` and `mosquitto_sub`, and a core that
//! is killed between two of their requests.

use crate::held_port::HeldPort;
use serde_json::{Value, json};
use std::path::Path;
use std::process::Stdio;
use tempfile::TempDir;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader, Lines};
use tokio::net::TcpStream;
use tokio::process::{Child, ChildStdout, Command};

const INSTALLED: &str = "mosquitto_pub and mosquitto_sub are not installed: `apt-get install mosquitto-clients`; \
    `cargo eg test` does it";

/// Core in a process of its own.
struct Process {
    child: Child,
    mqtt: u16,
    api: u16,
}

impl Process {
    /// Starts the core in a folder; ports of 0 are free ones.
    async fn start(folder: &Path, mqtt: u16) -> Self {
        let settings = format!(
            "compat: true
ports: {{ mqtt: {mqtt}, websocket: 0, api: 0, page: 0 }}
db: {}
rooms:
  main: {{ game: night-vote }}
  day: {{ slots: [], game: casino }}
",
            folder.join("eg.db").display()
        );
        let file = folder.join("core.yaml");
        std::fs::write(&file, settings).unwrap();
        let mut command = Command::new(env!("CARGO_BIN_EXE_eg-core"));
        command.args(["run", "--config"]).arg(&file).env_clear().stdin(Stdio::null());
        let mut child = command.stdout(Stdio::piped()).kill_on_drop(true).spawn().unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let (mut mqtt, mut api) = (0, 0);
        while let Some(line) = lines.next_line().await.unwrap() {
            let port = || line.rsplit(':').next()?.trim_end_matches("/docs").parse().ok();
            match line.split_whitespace().next() {
                Some("MQTT") => mqtt = port().unwrap(),
                Some("API") => api = port().unwrap(),
                Some("journal") => break,
                _ => {}
            }
        }
        Self { child, mqtt, api }
    }

    /// Kills the core as the kernel does when memory is out: SIGKILL.
    async fn kill(mut self) {
        self.child.kill().await.unwrap();
    }

    async fn publish(&self, topic: &str, body: Value) {
        let mut command = client("mosquitto_pub", self.mqtt);
        let status = command.args(["-q", "1", "-t", topic, "-m", &body.to_string()]).status().await;
        assert!(status.expect(INSTALLED).success());
    }

    /// Sends a `GET` without a password; returns the JSON of the answer.
    async fn get(&self, path: &str) -> Value {
        let mut stream = TcpStream::connect(("127.0.0.1", self.api)).await.unwrap();
        let ask = format!("GET {path} HTTP/1.0\r\nHost: 127.0.0.1\r\n\r\n");
        stream.write_all(ask.as_bytes()).await.unwrap();
        let mut text = String::new();
        stream.read_to_string(&mut text).await.unwrap();
        serde_json::from_str(text.split_once("\r\n\r\n").unwrap().1).unwrap()
    }
}

fn client(name: &str, port: u16) -> Command {
    let mut command = Command::new(name);
    command.args(["-V", "5", "-h", "127.0.0.1", "-p", &port.to_string()]);
    command.stdin(Stdio::null()).kill_on_drop(true);
    command
}

/// Table that listens to one filter.
struct Table {
    _child: Child,
    lines: Lines<BufReader<ChildStdout>>,
}

impl Table {
    /// Subscribes, and waits until the broker has granted it: a retained message tells.
    async fn listen(core: &Process, filter: &str) -> Self {
        let mut ready = client("mosquitto_pub", core.mqtt);
        let sent = ready.args(["-r", "-q", "1", "-t", "ready", "-m", "yes"]).status().await;
        assert!(sent.expect(INSTALLED).success());
        let mut command = client("mosquitto_sub", core.mqtt);
        command.args(["-q", "1", "-t", filter, "-t", "ready", "-F", "%p"]).stdout(Stdio::piped());
        let mut child = command.spawn().expect(INSTALLED);
        let lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let mut table = Self { _child: child, lines };
        assert_eq!(table.line().await, "yes");
        table
    }

    async fn line(&mut self) -> String {
        self.lines.next_line().await.unwrap().expect("mosquitto_sub runs")
    }

    /// Returns the next message that the table reads: the scene of its screen is none of them.
    async fn next(&mut self) -> Value {
        loop {
            let told: Value = serde_json::from_str(&self.line().await).unwrap();
            if told["headline"].is_null() {
                return told;
            }
        }
    }
}

fn credit() -> Value {
    json!({ "req_id": "c-1", "device_id": "slot-01", "tag_uid": "04A37C91", "amount_cents": 500,
        "reason": "cash" })
}

#[tokio::test]
async fn tables_of_existing_rooms_are_answered_once_across_a_kill() {
    let folder = TempDir::new().unwrap();
    let held = HeldPort::take();
    let core = Process::start(folder.path(), held.number).await;
    let mut table = Table::listen(&core, "eg/dev/slot-01/res").await;

    core.publish("eg/core/wallet/credit", credit()).await;
    let first = table.next().await;
    core.publish("eg/core/wallet/credit", credit()).await;
    let repeated = table.next().await;
    core.kill().await;
    let core = Process::start(folder.path(), held.number).await;
    let mut table = Table::listen(&core, "eg/dev/slot-01/res").await;
    core.publish("eg/core/wallet/credit", credit()).await;
    let after = table.next().await;
    let debit = json!({ "req_id": "d-1", "device_id": "slot-01", "tag_uid": "04A37C91",
        "amount_cents": 120, "reason": "bet" });
    core.publish("eg/core/wallet/debit", debit).await;
    let debited = table.next().await;

    let wanted = json!({ "req_id": "c-1", "type": "wallet_credit", "status": "ok", "new_balance_cents": 500 });
    assert_eq!([&first, &repeated, &after], [&wanted; 3]);
    let wanted = json!({ "req_id": "d-1", "type": "wallet_debit", "status": "ok", "new_balance_cents": 380 });
    assert_eq!(debited, wanted);
}

#[tokio::test]
async fn a_payout_goes_from_the_table_to_the_cashier_to_a_wallet() {
    let folder = TempDir::new().unwrap();
    let core = Process::start(folder.path(), 0).await;
    let mut cashier = Table::listen(&core, "eg/dev/change-01/+").await;
    let item = json!({ "payout_id": "r-17", "source": "roulette", "amount_cents": 700 });
    let mut won = item.clone();
    won["meta"] = json!({ "number": 17 });

    core.publish("eg/core/payouts/new", won).await;
    let waiting = cashier.next().await;
    let listed = core.get("/api/payouts").await;
    let claim = json!({ "req_id": "k-1", "device_id": "change-01", "payout_id": "r-17", "tag_uid": "04A37C91" });
    core.publish("eg/core/payouts/claim", claim).await;
    let mut both = [cashier.next().await, cashier.next().await];
    both.sort_by_key(|told| told["items"].is_null());

    assert_eq!((&waiting, &listed), (&json!({ "items": [item] }), &json!({ "items": [item] })));
    let wanted = json!({ "req_id": "k-1", "type": "payout_claim", "status": "ok",
        "credited_cents": 700, "new_balance_cents": 700 });
    assert_eq!(both, [json!({ "items": [] }), wanted]);
    assert_eq!(core.get("/api/payouts").await, json!({ "items": [] }));
}
