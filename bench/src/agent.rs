//! Workload `agent`: costs of an agent with sixteen buttons, and the time until a tag on a serial line is on the wire.

use crate::control::started;
use crate::figure::{Report, Times};
use crate::names::agent::{IDLE, NAME, READY, RSS, TAG};
use crate::names::side::{self, EG, LOOPBACK, PY};
use crate::process::{Process, free_ports, until_there};
use crate::python;
use crate::stack::{Programs, mosquitto};
use crate::station::Station;
use anyhow::{Context, Result};
use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use std::fs::{self, File};
use std::io::Write;
use std::path::Path;
use std::thread::sleep;
use std::time::Duration;

/// Time for which an agent is watched while nobody presses.
const WATCHED: Duration = Duration::from_secs(30);
/// Number of tags of a round, and the time between two.
const TAGS: u32 = 200;
const PACE: Duration = Duration::from_millis(10);

/// Measures the agent, the one before and the one of Python, all at one Mosquitto with a core that stores nothing.
///
/// # Errors
/// When something of it does not start, or a tag is lost.
pub(crate) async fn run(programs: &Programs, report: &mut Report) -> Result<()> {
    let Some(program) = &programs.mosquitto else {
        report.skip(NAME, EG, "no mosquitto here");
        return Ok(());
    };
    let folder = tempfile::tempdir()?;
    let (broker, port) = mosquitto(program, folder.path())?;
    let heard = ["eg/dev/+/status", "eg/dev/+/input/status", "eg/dev/+/input/event"];
    let mut watcher = Station::connect(port, "watcher", None, &heard)?;
    let (ready, told) = (folder.path().join("ready"), port.to_string());
    let shown = ready.display().to_string();
    let args = ["null", "--core", "--port", &told, "--ready", &shown];
    let core = Process::start(&std::env::current_exe()?, &args, &folder.path().join("null.log"))?;
    until_there(|| ready.exists())?;

    let mut agents = vec![(EG.to_owned(), &programs.agent)];
    agents.extend(programs.before.as_ref().map(|(_, agent)| (side::before(EG), agent)));
    for (n, (name, agent)) in agents.into_iter().enumerate() {
        let (quiet, reading) = (format!("slot-1{n}"), format!("slot-2{n}"));
        let log = folder.path().join("agent.log");
        let file = slot(folder.path(), &quiet, port, "sim", &sixteen_buttons())?;
        let start = started();
        let process = Process::start(agent, &["run", &file], &log)?;
        let online = watcher.until_topic(&format!("eg/dev/{quiet}/status"))?;
        report.note(NAME, READY, &name, (online.at - start).as_secs_f64() * 1_000.0);
        sleep(Duration::from_secs(3));
        report.note(NAME, IDLE, &name, idle(&process)?);
        report.note(NAME, RSS, &name, process.rss_mb()?);
        process.stop().await?;

        let (terminal, tty) = terminal()?;
        let file = slot(folder.path(), &reading, port, "linux", &reader(&tty))?;
        let process = Process::start(agent, &["run", &file], &log)?;
        report.note(NAME, TAG, &name, tags(terminal, &mut watcher, &reading)?);
        process.stop().await?;
    }
    report.note(NAME, TAG, LOOPBACK, loopback(port)?);
    match &programs.python {
        None => report.skip(NAME, PY, "no Python with paho here"),
        Some(python) => {
            let (terminal, tty) = terminal()?;
            let (script, port) = (python::script("agent.py"), port.to_string());
            let script = script.display().to_string();
            let args = [&script, "--port", &port, "--slot", "slot-30", "--tty", &tty];
            let start = started();
            let process = Process::start(python, &args, &folder.path().join("py.log"))?;
            let online = watcher.until_topic("eg/dev/slot-30/status")?;
            report.note(NAME, READY, PY, (online.at - start).as_secs_f64() * 1_000.0);
            report.note(NAME, TAG, PY, tags(terminal, &mut watcher, "slot-30")?);
            report.note(NAME, IDLE, PY, idle(&process)?);
            report.note(NAME, RSS, PY, process.rss_mb()?);
            process.stop().await?;
        }
    }
    core.stop().await?;
    broker.stop().await
}

fn idle(process: &Process) -> Result<f64> {
    let cpu = process.cpu()?;
    sleep(WATCHED);
    Ok(process.cpu()?.saturating_sub(cpu).as_secs_f64() * 1_000.0)
}

/// A serial line of our own, and its name.
fn terminal() -> Result<(File, String)> {
    let terminal = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY)?;
    grantpt(&terminal)?;
    unlockpt(&terminal)?;
    let tty = ptsname(&terminal, Vec::new())?.into_string()?;
    Ok((File::from(terminal), tty))
}

/// Shows tags to a reader: from the line to a subscriber, p50 in microseconds.
fn tags(mut terminal: File, watcher: &mut Station, slot: &str) -> Result<f64> {
    watcher.until_topic(&format!("eg/dev/{slot}/input/status"))?;
    let events = format!("eg/dev/{slot}/input/event");
    let mut times = Times::default();
    for n in 0..TAGS {
        sleep(PACE);
        let start = started();
        terminal.write_all(format!("{n:08X}\r\n").as_bytes())?;
        times.push(watcher.until_topic(&events)?.at - start);
    }
    Ok(times.quantile_us(0.5))
}

/// From a client's publication to a subscriber, through the same broker: p50 in microseconds.
fn loopback(port: u16) -> Result<f64> {
    let mut hearer = Station::connect(port, "hears", None, &["bench/loop"])?;
    let mut speaker = Station::connect(port, "speaks", None, &[])?;
    let mut times = Times::default();
    for _ in 0..TAGS {
        sleep(PACE);
        let start = started();
        speaker.publish("bench/loop", b"{}")?;
        times.push(hearer.next()?.at - start);
    }
    Ok(times.quantile_us(0.5))
}

fn sixteen_buttons() -> String {
    let lines: Vec<String> = (4..20).map(|n| format!("GPIO{n}")).collect();
    let inputs: String =
        (0..16).map(|n| format!("      b{n}: {{ channel: {n}, active: low }}\n")).collect();
    format!(
        "  panel:\n    driver: button-row\n    config: {{ inputs: [{}], pull: up }}\n    inputs:\n{inputs}",
        lines.join(", ")
    )
}

fn reader(tty: &str) -> String {
    format!(
        "  reader:\n    driver: serial-tag\n    config: {{ port: {tty}, baud: 9600, quiet: 1ms }}\n    \
         inputs:\n      tag: {{ channel: 0 }}\n"
    )
}

fn slot(folder: &Path, id: &str, port: u16, hal: &str, devices: &str) -> Result<String> {
    let [page] = free_ports()?;
    let at = folder.display();
    let yaml = format!(
        "slot: {id}\ncore: {{ host: 127.0.0.1, port: {port} }}\nhal: {hal}\n\
         page: {{ port: {page} }}\noutbox: {at}/{id}.db\ndevices:\n{devices}"
    );
    let file = folder.join(format!("{id}.yaml"));
    fs::write(&file, yaml).context("cannot write the slot's file")?;
    Ok(file.display().to_string())
}
