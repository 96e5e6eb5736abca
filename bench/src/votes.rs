//! Nine votes in a burst, each from the slot's own connection, until the result is on the wire.

use crate::control::started;
use crate::figure::{Report, Times};
use crate::names::votes::{FROM_FIRST, FROM_LAST, FULL, NORMAL};
use crate::stack::{Programs, Side, Stack};
use crate::station::{Station, press};
use anyhow::{Context, Result, ensure};
use eg_proto::Boot;
use std::thread::sleep;
use std::time::Duration;

/// Number of bursts of a round.
const BURSTS: u32 = 40;
/// Time between a question and the votes.
const THOUGHT: Duration = Duration::from_millis(20);

/// Measures one side.
///
/// # Errors
/// When something of it does not start, or a result does not come or is wrong.
pub(crate) async fn run(
    programs: &Programs,
    (name, kind): &Side,
    durability: &str,
    report: &mut Report,
) -> Result<()> {
    let slots: Vec<_> = (1..=9).map(|n| format!("slot-{n:02}")).collect();
    let stack = Stack::start(programs, kind, durability, &slots).await?;
    let heard = ["eg/night/step", "eg/night/result"];
    let mut watcher = Station::connect(stack.port, "bench-watcher", None, &heard)?;
    let boot = Boot(ulid::Ulid::new());
    let mut players = Vec::new();
    for slot in &slots {
        players.push((stack.slot(slot)?, stack.event_topic(slot, true)));
    }
    let (mut from_first, mut from_last) = (Times::default(), Times::default());
    for step in 1..=BURSTS {
        stack.step(&mut watcher, step).await?;
        sleep(THOUGHT);
        let vote = press(boot, step.into(), "b")?;
        let first = started();
        for (player, topic) in &mut players {
            player.publish(topic, &vote)?;
        }
        let last = started();
        let result = watcher.until_topic("eg/night/result").context("no result")?;
        from_first.push(result.at.duration_since(first));
        from_last.push(result.at.saturating_duration_since(last));
        let said: serde_json::Value = serde_json::from_slice(&result.payload)?;
        ensure!(said["votes"] == 9 && said["step"] == step, "a wrong result: {said}");
        for (player, topic) in &mut players {
            let acks = topic.replace("input/event", "input/ack");
            player.until_topic(&acks)?;
        }
    }
    stack.stop().await?;
    let workload = if durability == "full" { FULL } else { NORMAL };
    report.note(workload, FROM_LAST, name, from_last.quantile_us(0.5));
    report.note(workload, FROM_FIRST, name, from_first.quantile_us(0.5));
    Ok(())
}
