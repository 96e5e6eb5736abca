//! A core on this machine, and an emulated agent on one of the demo's slots.

use std::fs;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use anyhow::{Context, bail, ensure};
use serde_json::{Value, json};

use super::Architecture;
use crate::net::adoption::{adopt, until};
use crate::net::http::{ask, login};
use crate::package::Package;
use crate::step;

/// Emulated and beside other builds, the first word of an agent takes some seconds.
const PATIENCE: Duration = Duration::from_secs(60);

/// Password of the room's operator.
const PASSWORD: &str = "operator of the arm room";

/// A program that ends when it is dropped.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        drop(self.0.kill());
        drop(self.0.wait());
    }
}

/// Presses a button on an emulated slot, and waits for the core's word that it is stored.
pub(super) fn check(architecture: &Architecture, package: &Package) -> anyhow::Result<()> {
    let folder = package.folder.join("room");
    crate::debian::remove(&folder)?;
    fs::create_dir_all(&folder)?;
    let [mqtt, websocket, api, page, slot_page] = free_ports()?;

    let settings = folder.join("core.yaml");
    fs::write(
        &settings,
        format!(
            "ports: {{ mqtt: {mqtt}, websocket: {websocket}, api: {api}, page: {page} }}\n\
             db: {}\nrooms: {{ main: {{ game: night-vote }} }}\n",
            folder.join("eg.db").display()
        ),
    )?;
    let mut core = Command::new(core()?);
    core.arg("run").arg("--config").arg(&settings).current_dir(&folder);
    core.env("EG_OPERATOR_PASSWORD", PASSWORD);
    let _core = start(core, &folder.join("core.log"), " runs.")?;
    let api = SocketAddr::from((Ipv4Addr::LOCALHOST, api));
    let cookie = login(api, PASSWORD)?;

    let slot = folder.join("slot.yaml");
    fs::write(&slot, demo_slot(mqtt, &folder.join("outbox.db"))?)?;
    let mut agent = Command::new(architecture.emulator());
    agent.args(["-L", &architecture.sysroot()]).arg(package.unpacked()?.join("usr/bin/eg-agent"));
    agent.arg("run").arg(&slot).args(["--page-port", &slot_page.to_string()]);
    agent.current_dir(&folder);
    let _agent = start(agent, &folder.join("agent.log"), "running")?;
    adopt(api, &cookie, "slot-01")?;

    press(slot_page)?;
    until("the press is stored", || {
        let told = ask(api, "GET", "/api/events?limit=1000", &cookie, "").ok()?;
        let told: Value = serde_json::from_str(&told.body).ok()?;
        told["items"].as_array()?.iter().any(is_press).then_some(())
    })?;
    until("the slot knows that everything is stored", || {
        let page = SocketAddr::from((Ipv4Addr::LOCALHOST, slot_page));
        let page = ask(page, "GET", "/board?lang=en", "", "").ok()?;
        page.body.contains("Everything has reached the core").then_some(())
    })
}

/// Tells whether an entry of the journal is a press of `panel/b` at the slot.
fn is_press(entry: &Value) -> bool {
    let event = &entry["body"];
    entry["slot"] == "slot-01"
        && (&event["device"], &event["input"], &event["kind"])
            == (&json!("panel"), &json!("b"), &json!("press"))
}

/// Ports that nobody listens on now.
fn free_ports<const N: usize>() -> anyhow::Result<[u16; N]> {
    // All are held until all are known: else the system might give one twice.
    let mut held = Vec::new();
    let mut ports = [0; N];
    for port in &mut ports {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
        *port = listener.local_addr()?.port();
        held.push(listener);
    }
    Ok(ports)
}

/// The core for this machine.
fn core() -> anyhow::Result<std::path::PathBuf> {
    let built = step::cargo()
        .args(["build", "--quiet", "--locked", "--package", "eg-core", "--bin", "eg-core"])
        .status()
        .context("cannot start cargo")?;
    ensure!(built.success(), "the core does not build");
    Ok(crate::target().join("debug/eg-core"))
}

/// The demo's slot, filled in as the demo does it.
fn demo_slot(mqtt: u16, outbox: &Path) -> anyhow::Result<String> {
    let slot = fs::read_to_string(crate::root().join("configs/demo/slot.yaml"))?;
    Ok(slot
        .replace("SLOT", "slot-01")
        .replace("OUTBOX", &outbox.display().to_string())
        .replace("MQTT", &mqtt.to_string()))
}

/// Starts a program and waits until it says that word. What it says goes into the file.
fn start(mut command: Command, log: &Path, word: &'static str) -> anyhow::Result<Running> {
    let name = format!("{command:?}");
    let (said, say) = io::pipe()?;
    command.env("NO_COLOR", "1").stdin(Stdio::null()).stdout(say.try_clone()?).stderr(say);
    let child = Running(command.spawn().with_context(|| format!("cannot start {name}"))?);
    let mut file = fs::File::create(log)?;
    let (tell, told) = mpsc::channel();
    thread::spawn(move || {
        for line in BufReader::new(said).lines().map_while(Result::ok) {
            if line.contains(word) {
                // Only the first is waited for.
                let _ = tell.send(());
            }
            drop(writeln!(file, "{line}"));
        }
    });
    match told.recv_timeout(PATIENCE) {
        Ok(()) => Ok(child),
        Err(_) => bail!("{name} did not get so far; its log: {}", fs::read_to_string(log)?),
    }
}

/// Presses a button, as the slot's page does.
fn press(page: u16) -> anyhow::Result<()> {
    let mut stream = TcpStream::connect((Ipv4Addr::LOCALHOST, page)).context("the slot's page")?;
    stream.set_read_timeout(Some(PATIENCE))?;
    let hand = r#"{"down":true}"#;
    write!(
        stream,
        "POST /poke/panel/b HTTP/1.1\r\nHost: 127.0.0.1:{page}\r\nContent-Type: application/json\r\n\
         Content-Length: {}\r\nConnection: close\r\n\r\n{hand}",
        hand.len()
    )?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer)?;
    ensure!(answer.starts_with("HTTP/1.1 204 "), "the slot's page says {answer:?}");
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_press_of_the_slot_s_own_button_counts_and_nothing_else() {
        let entry = |slot: &str, input: &str, kind: &str| json!({"slot": slot, "body": {"device": "panel", "input": input, "kind": kind}});

        assert!(is_press(&entry("slot-01", "b", "press")));
        assert!(!is_press(&entry("slot-02", "b", "press")));
        assert!(!is_press(&entry("slot-01", "a", "press")));
        assert!(!is_press(&entry("slot-01", "b", "release")));
    }
}
