//! W1: one event at a time, 200 a second, until its acknowledgement — beside a subscriber that only answers.

use crate::control::{null_subscriber, started};
use crate::figure::{Figure, Report, Times};
use crate::room::Room;
use crate::wire::{Station, press};
use anyhow::Result;
use eg_proto::{Ack, Boot, decode};
use std::path::Path;
use std::time::Duration;
use tokio::time::{MissedTickBehavior, interval};

const PACE: Duration = Duration::from_millis(5);

pub(crate) async fn run(
    core: &Path,
    durability: &str,
    events: u32,
    report: &mut Report,
) -> Result<()> {
    let room = Room::open(core, durability).await?;
    let mut slot = room.station("slot-01", &["eg/dev/slot-01/input/ack", "bench/out"]).await?;
    let null = null_subscriber(room.mqtt).await?;
    let boot = Boot(ulid::Ulid::new());
    let (mut stored, mut echoed) = (Times::default(), Times::default());
    let mut pace = interval(PACE);
    pace.set_missed_tick_behavior(MissedTickBehavior::Delay);
    for seq in 1..=u64::from(events) {
        pace.tick().await;
        stored.push(ask(&mut slot, "eg/dev/slot-01/input/event", boot, seq).await?);
        pace.tick().await;
        echoed.push(ask(&mut slot, "bench/in", boot, seq).await?);
    }
    null.abort();
    room.close().await?;
    let workload = format!("W1 one event to its ack, {durability}");
    for (what, share) in [("p50 ms", 0.5), ("p99 ms", 0.99)] {
        report.add(Figure {
            workload: workload.clone(),
            what,
            value: stored.quantile_ms(share),
            control: "null subscriber",
            control_value: Some(echoed.quantile_ms(share)),
        });
    }
    Ok(())
}

/// Sends one event and waits until it comes back: as an acknowledgement of its number, or as itself.
async fn ask(slot: &mut Station, topic: &str, boot: Boot, seq: u64) -> Result<Duration> {
    let payload = press(boot, seq)?;
    let start = started();
    slot.publish(topic, payload).await?;
    loop {
        let message = slot.next().await?;
        let back = match message.topic.as_str() {
            "bench/out" => true,
            _ => decode::<Ack>(&message.payload)?.seq >= seq,
        };
        if back {
            return Ok(start.elapsed());
        }
    }
}
