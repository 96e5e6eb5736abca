//! The control that stores nothing: a subscriber in a process of its own, which sends back what it is told to.

use crate::station::{Station, now_us};
use anyhow::Result;
use eg_proto::{Ack, Boot, ClockPing, ClockPong, decode, encode};
use serde::Deserialize;
use std::path::PathBuf;

/// Topics of messages that come back on `bench/out/<slot>`.
pub(crate) const ECHO: &str = "bench/echo";
/// Topics of messages that are counted and no more.
pub(crate) const COUNT: &str = "bench/count";

/// Arguments of the subscriber.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// Port of the broker.
    #[arg(long)]
    port: u16,
    /// File that is written once it listens.
    #[arg(long)]
    ready: PathBuf,
    /// Answer agents as a core does: their pings, and their events without storing them.
    #[arg(long)]
    core: bool,
}

/// The parts of an event that its answer repeats.
#[derive(Deserialize)]
struct Numbered {
    boot: Boot,
    seq: u64,
}

/// Answers until the broker goes.
pub(crate) fn run(args: &Args) -> Result<()> {
    let filters = [format!("{ECHO}/+"), format!("{COUNT}/+")];
    let mut filters: Vec<_> = filters.iter().map(String::as_str).collect();
    if args.core {
        filters.extend(["eg/dev/+/clock/ping", "eg/dev/+/input/event"]);
    }
    let mut station = Station::connect(args.port, "bench-null", None, &filters)?;
    std::fs::write(&args.ready, "")?;
    let start = Boot(ulid::Ulid::new());
    loop {
        let message = station.next()?;
        let (topic, payload) = (message.topic.as_str(), &message.payload);
        if let Some(slot) = topic.strip_prefix(ECHO) {
            station.publish(&format!("bench/out{slot}"), payload)?;
        } else if let Some(slot) = topic.strip_suffix("/clock/ping") {
            let ClockPing { n, t1_us, .. } = decode(payload)?;
            let (t2_us, t3_us) = (now_us()?, now_us()?);
            let pong = encode(&ClockPong { n, t1_us, t2_us, t3_us, boot: Some(start) });
            station.publish(&format!("{slot}/clock/pong"), &pong)?;
        } else if let Some(slot) = topic.strip_suffix("/input/event")
            // An array comes after an outage, and there is none here.
            && let Ok(Numbered { boot, seq }) = serde_json::from_slice(payload)
        {
            station.publish(&format!("{slot}/input/ack"), &encode(&Ack::new(boot, seq)))?;
        }
    }
}
