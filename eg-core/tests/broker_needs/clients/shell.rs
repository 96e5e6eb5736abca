//! MQTT 5 clients: `mosquitto_pub` and `mosquitto_sub`.

use std::collections::VecDeque;
use std::process::Stdio;

use tokio::io::{AsyncBufReadExt, BufReader, Lines};
use tokio::process::{Child, ChildStdout, Command};

use crate::guarded;
use crate::under_test::Target;

fn command(name: &str, target: &Target) -> Command {
    let mut command = Command::new(name);
    command
        .args(["-V", "5", "-h", "127.0.0.1", "-p", &target.port().to_string()])
        .stdin(Stdio::null())
        .kill_on_drop(true);
    command
}

fn installed<T>(started: std::io::Result<T>) -> T {
    started.expect(
        "mosquitto_pub and mosquitto_sub are not installed: `apt-get install mosquitto-clients`; \
         `cargo eg test` does it",
    )
}

/// Publishes with MQTT 5 and QoS 1, and waits for the acknowledgement.
pub(crate) async fn shell_publish(target: &Target, topic: &str, payload: &str, more: &[&str]) {
    let mut command = command("mosquitto_pub", target);
    command.args(["-q", "1", "-t", topic, "-m", payload]).args(more);
    let status = guarded("mosquitto_pub", async { installed(command.status().await) }).await;
    assert!(status.success(), "mosquitto_pub: {status}");
}

/// Subscriber with MQTT 5 and QoS 1.
pub(crate) struct ShellSubscriber {
    _child: Child,
    lines: Lines<BufReader<ChildStdout>>,
    early: VecDeque<String>,
}

impl ShellSubscriber {
    /// Subscribes, and waits until the broker has granted it: a retained message tells, because the program prints
    /// nothing before its first one.
    pub(crate) async fn start(target: &Target, filter: &str) -> Self {
        shell_publish(target, "ready", "yes", &["-r"]).await;
        let mut command = command("mosquitto_sub", target);
        command.args(["-q", "1", "-t", filter, "-t", "ready", "-F", "%t %r %p"]);
        let mut child = installed(command.stdout(Stdio::piped()).spawn());
        let lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let mut subscriber = Self { _child: child, lines, early: VecDeque::new() };
        loop {
            match subscriber.line().await {
                line if line == "ready 1 yes" => return subscriber,
                line => subscriber.early.push_back(line),
            }
        }
    }

    async fn line(&mut self) -> String {
        let line = guarded("a line of mosquitto_sub", self.lines.next_line()).await;
        line.unwrap().expect("mosquitto_sub runs")
    }

    /// Waits for the next message: topic, `1` if it was retained, payload.
    pub(crate) async fn next(&mut self) -> String {
        match self.early.pop_front() {
            Some(line) => line,
            None => self.line().await,
        }
    }
}
