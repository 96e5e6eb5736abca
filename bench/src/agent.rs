//! W3: what an agent with sixteen buttons costs, and how soon a tag on a serial line is on the wire.

use crate::control::started;
use crate::figure::{Figure, Report, Times};
use crate::process::Process;
use crate::room::free_ports;
use crate::wire::Station;
use anyhow::{Context, Result};
use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use std::fs::{self, File};
use std::io::Write;
use std::path::Path;
use std::time::Duration;
use tempfile::TempDir;
use tokio::time::sleep;

/// Time for which an agent is watched while nobody presses.
const IDLE: Duration = Duration::from_secs(30);

pub(crate) async fn run(agent: &Path, rounds: u32, report: &mut Report) -> Result<()> {
    let folder = tempfile::tempdir()?;
    let (mut broker, port) = broker(&folder)?;
    let mut watcher = watch(&mut broker, port).await?;
    let terminal = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY)?;
    grantpt(&terminal)?;
    unlockpt(&terminal)?;
    let tty = ptsname(&terminal, Vec::new())?.into_string()?;

    let mut alone = |what, value| {
        let workload = "W3 agent".to_owned();
        report.add(Figure { workload, what, value, control: "", control_value: None });
    };
    let buttons = slot(&folder, "slot-01", port, "sim", &sixteen_buttons())?;
    let (start, log) = (started(), folder.path().join("agent.log"));
    let process = Process::start(agent, &["run", &buttons], &log)?;
    until(&mut watcher, "eg/dev/slot-01/status").await?;
    alone("ready ms", start.elapsed().as_secs_f64() * 1_000.0);
    sleep(Duration::from_secs(3)).await;
    let cpu = process.cpu()?;
    sleep(IDLE).await;
    alone("idle CPU ms per 30 s", process.cpu()?.saturating_sub(cpu).as_secs_f64() * 1_000.0);
    alone("RSS MB, 16 buttons", process.rss_mb()?);
    process.stop().await?;

    let reader = format!(
        "  reader:\n    driver: serial-tag\n    config: {{ port: {tty}, baud: 9600, quiet: 1ms }}\n    \
         inputs:\n      tag: {{ channel: 0 }}\n"
    );
    let reader = slot(&folder, "slot-02", port, "linux", &reader)?;
    let process = Process::start(agent, &["run", &reader], &log)?;
    until(&mut watcher, "eg/dev/slot-02/input/status").await?;
    let mut terminal = File::from(terminal);
    let mut times = Times::default();
    for n in 0..rounds * 5 {
        sleep(Duration::from_millis(20)).await;
        let start = started();
        terminal.write_all(format!("{n:08X}\r\n").as_bytes())?;
        until(&mut watcher, "eg/dev/slot-02/input/event").await?;
        times.push(start.elapsed());
    }
    process.stop().await?;
    let floor = loopback_ms(port, rounds * 5).await?;
    for (what, share) in [("tag to subscriber p50 ms", 0.5), ("tag to subscriber p99 ms", 0.99)] {
        report.add(Figure {
            workload: "W3 agent".to_owned(),
            what,
            value: times.quantile_ms(share),
            control: "publish to subscriber p50",
            control_value: Some(floor),
        });
    }
    broker.stop().await
}

/// A Mosquitto of our own, so that the core costs nothing here.
fn broker(folder: &TempDir) -> Result<(Process, u16)> {
    let [port] = free_ports()?;
    let file = folder.path().join("mosquitto.conf");
    let settings = "allow_anonymous true\nset_tcp_nodelay true\n";
    fs::write(&file, format!("listener {port} 127.0.0.1\n{settings}"))?;
    let file = file.display().to_string();
    let program =
        ["/usr/sbin/mosquitto", "mosquitto"].into_iter().find(|path| Path::new(path).exists());
    let program = Path::new(program.unwrap_or("mosquitto"));
    Ok((Process::start(program, &["-c", &file], &folder.path().join("mosquitto.log"))?, port))
}

async fn watch(broker: &mut Process, port: u16) -> Result<Station> {
    broker.still_runs()?;
    let filters = ["eg/dev/+/status", "eg/dev/+/input/status", "eg/dev/+/input/event", "bench/in"];
    Station::connect(port, "watcher", &filters).await
}

/// Waits for a message on this topic.
async fn until(watcher: &mut Station, topic: &str) -> Result<()> {
    while watcher.next().await?.topic != topic {}
    Ok(())
}

/// From a client's publish to a subscriber, through the same broker: p50 in milliseconds.
async fn loopback_ms(port: u16, rounds: u32) -> Result<f64> {
    let mut station = Station::connect(port, "loop", &["bench/loop"]).await?;
    let mut times = Times::default();
    for _ in 0..rounds {
        sleep(Duration::from_millis(20)).await;
        let start = started();
        station.publish("bench/loop", Vec::new()).await?;
        station.next().await?;
        times.push(start.elapsed());
    }
    Ok(times.quantile_ms(0.5))
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

fn slot(folder: &TempDir, id: &str, port: u16, hal: &str, devices: &str) -> Result<String> {
    let [page] = free_ports()?;
    let at = folder.path().display();
    let yaml = format!(
        "slot: {id}\ncore: {{ host: 127.0.0.1, port: {port} }}\nhal: {hal}\n\
         page: {{ port: {page} }}\noutbox: {at}/{id}.db\ndevices:\n{devices}"
    );
    let file = folder.path().join(format!("{id}.yaml"));
    fs::write(&file, yaml).context("cannot write the slot's file")?;
    Ok(file.display().to_string())
}
