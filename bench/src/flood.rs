//! W2: as many events as can be stored, none lost — beside a subscriber that only counts.

use crate::control::started;
use crate::figure::{Figure, Report};
use crate::room::Room;
use crate::wire::{Station, press};
use anyhow::{Result, ensure};
use eg_proto::{Ack, Boot, decode};
use std::path::Path;
use std::time::Duration;
use tokio::task::JoinSet;

/// Number of slots that send at once.
const SLOTS: u32 = 4;

pub(crate) async fn run(core: &Path, events: u32, report: &mut Report) -> Result<()> {
    let room = Room::open(core, "full").await?;
    let each = u64::from(events / SLOTS);
    let all = each * u64::from(SLOTS);

    let null = counted(&room, each).await?;
    let (cpu, start) = (room.core.cpu()?, started());
    let mut slots = JoinSet::new();
    for n in 1..=SLOTS {
        let id = format!("slot-{n:02}");
        let acks = format!("eg/dev/{id}/input/ack");
        let listener = room.station(&format!("{id}-acks"), &[&acks]).await?;
        let sender = room.station(&id, &[]).await?;
        slots.spawn(stored(listener, sender, format!("eg/dev/{id}/input/event"), each));
    }
    while let Some(slot) = slots.join_next().await {
        slot??;
    }
    let took = start.elapsed();
    let cpu = room.core.cpu()?.saturating_sub(cpu);
    let rss = room.core.rss_mb()?;
    room.close().await?;

    let rate = |span: Duration| all as f64 / span.as_secs_f64();
    let (workload, null) = ("W2 events stored, full".to_owned(), Some(rate(null)));
    let alone = |what, value| Figure {
        workload: "W2 core and its broker".to_owned(),
        what,
        value,
        control: "",
        control_value: None,
    };
    report.add(Figure {
        workload,
        what: "events/s",
        value: rate(took),
        control: "null subscriber",
        control_value: null,
    });
    report.add(alone("CPU ms per 1,000 events", cpu.as_secs_f64() * 1e6 / all as f64));
    report.add(alone("RSS MB", rss));
    Ok(())
}

/// Sends one slot's events and waits until the last is acknowledged.
async fn stored(mut listener: Station, sender: Station, topic: String, each: u64) -> Result<()> {
    let boot = Boot(ulid::Ulid::new());
    let sending = tokio::spawn(async move {
        for seq in 1..=each {
            sender.publish(&topic, press(boot, seq)?).await?;
        }
        anyhow::Ok(sender)
    });
    let mut acked = 0;
    while acked < each {
        let ack: Ack = decode(&listener.next().await?.payload)?;
        ensure!(ack.boot == boot, "an acknowledgement of somebody else");
        acked = acked.max(ack.seq);
    }
    sending.await??;
    Ok(())
}

/// The control: the same flood into a subscriber that counts.
async fn counted(room: &Room, each: u64) -> Result<Duration> {
    let mut counter = room.station("counter", &["bench/flood/+"]).await?;
    let mut senders = Vec::new();
    for n in 1..=SLOTS {
        senders.push(room.station(&format!("flood-{n}"), &[]).await?);
    }
    let start = started();
    let mut sending = JoinSet::new();
    for (n, sender) in (1..).zip(senders) {
        sending.spawn(async move {
            let boot = Boot(ulid::Ulid::new());
            for seq in 1..=each {
                sender.publish(&format!("bench/flood/{n}"), press(boot, seq)?).await?;
            }
            anyhow::Ok(sender)
        });
    }
    for _ in 0..each * u64::from(SLOTS) {
        counter.next().await?;
    }
    let took = start.elapsed();
    while let Some(sender) = sending.join_next().await {
        sender??;
    }
    Ok(took)
}
