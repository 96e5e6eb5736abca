//! One event at a time, 200 a second, until its acknowledgement.

use crate::control::started;
use crate::figure::{Report, Times};
use crate::names::event::{FULL, NORMAL, P50, P99};
use crate::stack::{Programs, Side, Stack};
use crate::station::{Station, press};
use anyhow::Result;
use eg_proto::{Ack, Boot, decode};
use std::thread::sleep;
use std::time::Duration;

const PACE: Duration = Duration::from_millis(5);
/// Number of events of a round, and of those before that are not counted.
const EVENTS: u64 = 400;
const FIRST: u64 = 20;
const SLOT: &str = "slot-01";

/// Measures one side.
///
/// # Errors
/// When something of it does not start, or an event is not answered.
pub(crate) async fn run(
    programs: &Programs,
    (name, kind): &Side,
    durability: &str,
    report: &mut Report,
) -> Result<()> {
    let stack = Stack::start(programs, kind, durability, &[SLOT.to_owned()]).await?;
    let mut slot = stack.slot(SLOT)?;
    let (topic, acks) = (stack.event_topic(SLOT, true), stack.ack_topic(SLOT));
    let boot = Boot(ulid::Ulid::new());
    let mut times = Times::default();
    for seq in 1..=FIRST + EVENTS {
        sleep(PACE);
        let took = ask(&mut slot, &topic, &acks, boot, seq)?;
        if seq > FIRST {
            times.push(took);
        }
    }
    stack.stop().await?;
    let workload = if durability == "full" { FULL } else { NORMAL };
    report.note(workload, P50, name, times.quantile_us(0.5));
    report.note(workload, P99, name, times.quantile_us(0.99));
    Ok(())
}

/// Sends one event and waits until its number comes back.
fn ask(slot: &mut Station, topic: &str, acks: &str, boot: Boot, seq: u64) -> Result<Duration> {
    let payload = press(boot, seq, "a")?;
    let start = started();
    slot.publish(topic, &payload)?;
    loop {
        let message = slot.until_topic(acks)?;
        if decode::<Ack>(&message.payload)?.seq >= seq {
            return Ok(message.at.duration_since(start));
        }
    }
}
