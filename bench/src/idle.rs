//! Slots that nobody touches: a clock ping every ten seconds and an event a minute from each, sent by bare sockets as agents
//! send them.

use crate::control::started;
use crate::figure::Report;
use crate::names::idle::{CPU, PREFIX, RSS};
use crate::packet::{self, kind};
use crate::stack::{Programs, Side, Stack};
use crate::station::{Station, press};
use anyhow::{Context, Result, ensure};
use eg_proto::Boot;
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use std::io::{ErrorKind, Read, Write};
use std::net::TcpStream;
use std::thread::sleep;
use std::time::Duration;

/// Time between two pings of a slot.
const PING: Duration = Duration::from_secs(10);
/// Number of pings between two events of a slot.
const PINGS_AN_EVENT: u64 = 6;
/// Number of pings of each slot before it is measured, and while it is.
const BEFORE: u64 = 1;
const MEASURED: u64 = 3;
/// Ends of the topics of a slot that its agent hears.
const HEARD: [&str; 7] =
    ["hello", "cmd", "input/ack", "input/ask", "clock/pong", "hint", "question"];

/// One connection of a slot.
struct Slot {
    id: String,
    stream: TcpStream,
    input: Vec<u8>,
    boot: Boot,
    packet_id: u16,
    seq: u64,
}

/// Measures one side with so many slots.
///
/// # Errors
/// When it does not start, or does not let in so many.
pub(crate) async fn run(
    programs: &Programs,
    (name, kind): &Side,
    count: u32,
    report: &mut Report,
) -> Result<()> {
    open_files(u64::from(count) + 1_000)?;
    let ids: Vec<_> = (1..=count).map(|n| format!("slot-{n:05}")).collect();
    let stack = Stack::start(programs, kind, "full", &ids).await?;
    let mut slots = Vec::new();
    for id in ids {
        let station = stack.slot(&id).context(format!("after {} slots", slots.len()))?;
        slots.push(Slot::enter(id, station)?);
    }
    let mut chunk = vec![0; 65_536];
    (0..BEFORE).try_for_each(|n| round(&mut slots, n, &mut chunk))?;
    let ((cpu, broker), start) = (stack.cpu()?, started());
    (BEFORE..BEFORE + MEASURED).try_for_each(|n| round(&mut slots, n, &mut chunk))?;
    let ((cpu_after, broker_after), took) = (stack.cpu()?, start.elapsed());
    let rss = stack.rss_mb()?;
    let deaf = slots.iter().filter(|slot| slot.input.is_empty()).count();
    ensure!(deaf == 0, "{deaf} of {count} slots were not answered");
    stack.stop().await?;
    let workload = format!("{PREFIX}{count} slots");
    let beside = broker_after.unwrap_or_default().saturating_sub(broker.unwrap_or_default());
    let spent = cpu_after.saturating_sub(cpu) + beside;
    report.note(&workload, CPU, name, 100.0 * spent.as_secs_f64() / took.as_secs_f64());
    report.note(&workload, RSS, name, rss);
    Ok(())
}

/// Has every slot ping once, evenly over the time between two pings.
fn round(slots: &mut [Slot], number: u64, chunk: &mut [u8]) -> Result<()> {
    let start = started();
    let count = slots.len().max(1);
    for (n, slot) in slots.iter_mut().enumerate() {
        let due = PING.mul_f64(n as f64 / count as f64);
        sleep(due.saturating_sub(start.elapsed()));
        let presses = number % PINGS_AN_EVENT == n as u64 % PINGS_AN_EVENT;
        slot.ping(number, presses, chunk).with_context(|| slot.id.clone())?;
    }
    sleep(PING.saturating_sub(start.elapsed()));
    Ok(())
}

impl Slot {
    /// Says and asks what an agent does at its start.
    fn enter(id: String, station: Station) -> Result<Self> {
        let boot = Boot(ulid::Ulid::new());
        let topic = |end: &str| format!("eg/dev/{id}/{end}");
        let mut out = Vec::new();
        let filters = HEARD.map(topic);
        packet::subscribe(&mut out, 1, &filters.each_ref().map(String::as_str))?;
        packet::publish(&mut out, &topic("status"), b"online", Some(2), true)?;
        let hello = format!(
            r#"{{"type":"slot","version":"0.1.0","boot":"{}","devices":[{{"name":"panel","driver":"button-row","inputs":["a","b"]}}]}}"#,
            boot.0
        );
        packet::publish(&mut out, &topic("hello"), hello.as_bytes(), Some(3), true)?;
        let stream = station.into_stream();
        let mut slot = Self { id, stream, input: Vec::new(), boot, packet_id: 3, seq: 0 };
        slot.stream.write_all(&out)?;
        slot.stream.set_nonblocking(true)?;
        Ok(slot)
    }

    /// Reads what came since the last ping, acknowledges it, and pings.
    fn ping(&mut self, number: u64, presses: bool, chunk: &mut [u8]) -> Result<()> {
        let mut out = Vec::new();
        self.hear(chunk, &mut out)?;
        let topic = |end: &str| format!("eg/dev/{}/{end}", self.id);
        let ping = format!(r#"{{"n":{number},"t1_us":{number},"waiting":0,"next_ms":10000}}"#);
        packet::publish(&mut out, &topic("clock/ping"), ping.as_bytes(), None, false)?;
        if presses {
            self.seq += 1;
            self.packet_id += 1;
            let event = press(self.boot, self.seq, "a")?;
            packet::publish(&mut out, &topic("input/event"), &event, Some(self.packet_id), false)?;
        }
        self.stream.write_all(&out)?;
        Ok(())
    }

    fn hear(&mut self, chunk: &mut [u8], out: &mut Vec<u8>) -> Result<()> {
        self.input.clear();
        loop {
            match self.stream.read(chunk) {
                Ok(0) => anyhow::bail!("the broker let it go"),
                Ok(length) => self.input.extend_from_slice(&chunk[..length]),
                Err(error) if error.kind() == ErrorKind::WouldBlock => break,
                Err(error) => return Err(error.into()),
            }
        }
        let mut from = 0;
        while let Some((packet, length)) = packet::first(&self.input[from..])? {
            if packet.kind() == kind::PUBLISH
                && let Some(id) = packet.publish()?.id
            {
                packet::puback(out, id)?;
            }
            from += length;
        }
        Ok(())
    }
}

/// Lets this process and those that it starts have so many sockets.
fn open_files(wanted: u64) -> Result<()> {
    let limit = getrlimit(Resource::Nofile);
    if limit.current.is_none_or(|current| current >= wanted) {
        return Ok(());
    }
    let maximum = limit.maximum.map(|maximum| maximum.max(wanted));
    setrlimit(Resource::Nofile, Rlimit { current: Some(wanted), maximum })
        .with_context(|| format!("{wanted} open files are wanted (ulimit -n)"))
}
