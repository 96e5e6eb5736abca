//! A core on this machine, and an emulated agent on one of the demo's slots.

use std::fs;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::slice;
use std::sync::mpsc::{self, Receiver};
use std::thread;
use std::time::Duration;

use anyhow::{Context, bail, ensure};
use serde_json::Value;

use super::Architecture;
use crate::package::Package;
use crate::{step, tools};

/// Emulated and beside other builds, the first word of an agent takes some seconds.
const PATIENCE: Duration = Duration::from_secs(60);

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
    let _core = start(core, &folder.join("core.log"), " runs.")?;
    let (_ear, said) = listen(mqtt)?;

    let slot = folder.join("slot.yaml");
    fs::write(&slot, demo_slot(mqtt, &folder.join("outbox.db"))?)?;
    let mut agent = Command::new(architecture.emulator());
    agent.args(["-L", &architecture.sysroot()]).arg(package.unpacked()?.join("usr/bin/eg-agent"));
    agent.arg("run").arg(&slot).args(["--page-port", &slot_page.to_string()]);
    agent.current_dir(&folder);
    let _agent = start(agent, &folder.join("agent.log"), "running")?;

    press(slot_page)?;
    stored(&said)
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

/// A foreign client that hears the slot's events and the core's acknowledgements, a line each.
fn listen(mqtt: u16) -> anyhow::Result<(Running, Receiver<String>)> {
    let mut ear = Command::new("mosquitto_sub");
    ear.args(["-h", "127.0.0.1", "-p", &mqtt.to_string(), "-q", "1", "-F", "%p"]);
    ear.args(["-t", "eg/dev/slot-01/input/event", "-t", "eg/dev/slot-01/input/ack"]);
    ear.env("PATH", tools::path()).stdin(Stdio::null()).stdout(Stdio::piped());
    let mut child = Running(ear.spawn().context("cannot start mosquitto_sub")?);
    let lines = child.0.stdout.take().context("no pipe")?;
    let (tell, said) = mpsc::channel();
    thread::spawn(move || {
        for line in BufReader::new(lines).lines().map_while(Result::ok) {
            if tell.send(line).is_err() {
                break;
            }
        }
    });
    Ok((child, said))
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

/// Waits for a press of `panel/b` and for an acknowledgement that covers it.
fn stored(said: &Receiver<String>) -> anyhow::Result<()> {
    let mut pressed: Option<(Value, u64)> = None;
    let mut heard = Vec::new();
    while let Ok(line) = said.recv_timeout(PATIENCE) {
        let message: Value = serde_json::from_str(&line).with_context(|| line.clone())?;
        let events = message.as_array().map_or(slice::from_ref(&message), Vec::as_slice);
        pressed = pressed.or_else(|| events.iter().find_map(press_of));
        let covers = |(boot, seq): &(Value, u64)| {
            let to = message["seq"].as_u64().filter(|_| message.get("kind").is_none());
            message["boot"] == *boot && to.is_some_and(|to| to >= *seq)
        };
        if pressed.as_ref().is_some_and(covers) {
            return Ok(());
        }
        heard.push(line);
    }
    bail!("no press was stored; heard: {heard:?}")
}

/// The boot and the number of an event, if it is that press.
fn press_of(event: &Value) -> Option<(Value, u64)> {
    let is_it = event["kind"] == "press" && event["device"] == "panel" && event["input"] == "b";
    is_it.then(|| Some((event["boot"].clone(), event["seq"].as_u64()?))).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(lines: &[&str]) -> anyhow::Result<()> {
        let (tell, said) = mpsc::channel();
        lines.iter().for_each(|line| tell.send((*line).to_owned()).unwrap());
        drop(tell);
        stored(&said)
    }

    const PRESS: &str = r#"[{"boot":"A","seq":7,"device":"panel","input":"b","kind":"press"}]"#;

    #[test]
    fn a_press_counts_when_its_own_boot_is_acknowledged_that_far() {
        told(&[PRESS, r#"{"boot":"A","seq":6}"#, r#"{"boot":"A","seq":8}"#]).unwrap();
    }

    #[test]
    fn neither_an_earlier_nor_a_foreign_acknowledgement_will_do() {
        told(&[r#"{"boot":"A","seq":9}"#, PRESS, r#"{"boot":"B","seq":9}"#]).unwrap_err();
        told(&[r#"{"boot":"A","seq":9,"device":"panel","input":"b","kind":"release"}"#])
            .unwrap_err();
    }
}
