//! As many events as can be stored, none lost.

use crate::control::started;
use crate::figure::Report;
use crate::names::flood::{CPU_ALL, CPU_CORE, NAME, RATE, RSS};
use crate::names::side;
use crate::packet;
use crate::stack::{Kind, Programs, Side, Stack};
use crate::station::{Station, press};
use anyhow::{Result, anyhow};
use eg_proto::{Ack, Boot, decode};
use std::thread;

/// Number of slots that send at once.
const SLOTS: usize = 8;
/// Number of events of each: fewer than the broker takes from one client at once before it slows it down.
const EACH: u64 = 8_000;
/// Number of events of each where every one costs milliseconds.
const EACH_PLAIN: u64 = 1_000;
/// Number of bytes of one write.
const CHUNK: usize = 16_384;

/// Measures one side.
///
/// # Errors
/// When something of it does not start, or an event is lost.
pub(crate) async fn run(
    programs: &Programs,
    (name, kind): &Side,
    report: &mut Report,
) -> Result<()> {
    let each = if *kind == Kind::Python(side::PY) { EACH_PLAIN } else { EACH };
    let slots: Vec<_> = (1..=SLOTS).map(|n| format!("slot-{n:02}")).collect();
    let stack = Stack::start(programs, kind, "full", &slots).await?;
    let mut senders = Vec::new();
    for slot in &slots {
        senders.push((stack.slot(slot)?, stack.ack_topic(slot), burst(&stack, slot, each)?));
    }
    let (cpu, broker) = stack.cpu()?;
    let start = started();
    thread::scope(|scope| {
        let sending: Vec<_> = senders
            .into_iter()
            .map(|(station, acks, burst)| scope.spawn(move || send(station, &acks, &burst, each)))
            .collect();
        sending.into_iter().try_for_each(|one| one.join().map_err(|_| anyhow!("a sender"))?)
    })?;
    let took = start.elapsed().as_secs_f64();
    let (cpu_after, broker_after) = stack.cpu()?;
    let rss = stack.rss_mb()?;
    stack.stop().await?;

    let all = (each * SLOTS as u64) as f64;
    let core = cpu_after.saturating_sub(cpu);
    let beside = broker_after.unwrap_or_default().saturating_sub(broker.unwrap_or_default());
    report.note(NAME, RATE, name, all / took);
    report.note(NAME, CPU_ALL, name, (core + beside).as_secs_f64() * 1e6 / all);
    if broker_after.is_some() {
        report.note(NAME, CPU_CORE, name, core.as_secs_f64() * 1e6 / all);
    }
    report.note(NAME, RSS, name, rss);
    Ok(())
}

/// Returns the packets of all events of a slot.
fn burst(stack: &Stack, slot: &str, each: u64) -> Result<Vec<u8>> {
    let boot = Boot(ulid::Ulid::new());
    let topics = [false, true].map(|answered| stack.event_topic(slot, answered));
    let mut packets = Vec::new();
    for seq in 1..=each {
        let topic = &topics[usize::from(seq == each)];
        let id = u16::try_from(seq)?;
        packet::publish(&mut packets, topic, &press(boot, seq, "a")?, Some(id), false)?;
    }
    Ok(packets)
}

/// Sends a slot's events and waits until the last is answered.
fn send(mut station: Station, acks: &str, burst: &[u8], each: u64) -> Result<()> {
    let mut sender = station.sender()?;
    thread::scope(|scope| {
        let sending =
            scope.spawn(move || burst.chunks(CHUNK).try_for_each(|some| sender.raw(some)));
        let mut seq = 0;
        while seq < each {
            let message = station.until_topic(acks)?;
            seq = seq.max(decode::<Ack>(&message.payload)?.seq);
        }
        sending.join().map_err(|_| anyhow!("a writer"))?
    })
}
