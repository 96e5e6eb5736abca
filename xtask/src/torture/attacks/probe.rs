//! A slot that presses twenty times a second, and notes when the core has said that a press is stored.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use anyhow::Context;

use super::Target;
use crate::torture::hands::{Shared, locked};
use crate::torture::mad;
use crate::torture::mqtt::Client;
use crate::torture::plan::Chance;
use crate::torture::slots;

/// From one press to the next.
const PACE: Duration = Duration::from_millis(50);

/// Times from a press to the word that it is stored.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Latency {
    pub(super) p50: Duration,
    pub(super) max: Duration,
    /// Presses that the core never answered.
    pub(super) unanswered: usize,
}

/// Slot that presses.
pub(super) struct Probe {
    over: Arc<AtomicBool>,
    times: Shared<Vec<Duration>>,
    thread: JoinHandle<usize>,
}

impl Probe {
    /// Connects as the first slot, and presses until [`end`](Self::end).
    ///
    /// # Errors
    /// When the core does not let it in.
    pub(super) fn start(target: &Target) -> anyhow::Result<Self> {
        let name = slots::name(0);
        let secret = target.secrets.of(&name).context("no secret for the probe")?;
        let over = Arc::new(AtomicBool::new(false));
        let times: Shared<Vec<Duration>> = Shared::default();
        let (ends, noted, broker) = (Arc::clone(&over), Arc::clone(&times), target.broker);
        let connect = move || {
            let mut client = Client::open(broker, &name, Some((&name, &secret)))?;
            client.subscribe(&format!("eg/dev/{name}/input/ack"))?;
            client.publish(&format!("eg/dev/{name}/status"), b"online", true)?;
            anyhow::Ok(client)
        };
        let mut client = connect()?;
        let thread = thread::spawn(move || {
            let mut chance = Chance::new(1);
            let (mut boot, mut seq, mut lost) = (mad::boot(&mut chance), 0, 0);
            while !ends.load(Ordering::Relaxed) {
                seq += 1;
                let pressed = eg_clock::monotonic();
                if press(&mut client, &boot, seq).is_err() {
                    // What is not stored on this connection would be sent again by an agent: it is not lost, but waits.
                    lost += 1;
                    match connect() {
                        Ok(anew) => client = anew,
                        Err(_) => thread::sleep(PACE),
                    }
                    (boot, seq) = (mad::boot(&mut chance), 0);
                }
                let took = eg_clock::monotonic() - pressed;
                locked(&noted).push(took);
                thread::sleep(PACE.saturating_sub(took));
            }
            lost
        });
        Ok(Self { over, times, thread })
    }

    /// Forgets the times so far.
    pub(super) fn begin(&self) {
        locked(&self.times).clear();
    }

    /// Returns the times since [`begin`](Self::begin).
    pub(super) fn latency(&self) -> Latency {
        let mut times = locked(&self.times).clone();
        times.sort_unstable();
        let p50 = times.get(times.len() / 2).copied().unwrap_or_default();
        Latency { p50, max: times.last().copied().unwrap_or_default(), unanswered: 0 }
    }

    /// Stops, and returns how many presses were never answered.
    pub(super) fn end(self) -> usize {
        self.over.store(true, Ordering::Relaxed);
        self.thread.join().unwrap_or(1)
    }
}

/// Presses once, and waits for the core's word that it is stored.
fn press(client: &mut Client, boot: &str, seq: u64) -> anyhow::Result<()> {
    let name = slots::name(0);
    let event = mad::event(boot, seq, "A0FE");
    client.publish(&format!("eg/dev/{name}/input/event"), event.as_bytes(), false)?;
    loop {
        let heard = client.hear()?;
        let Ok(ack) = serde_json::from_slice::<serde_json::Value>(&heard) else {
            continue;
        };
        if ack["boot"] == boot && ack["seq"].as_u64().is_some_and(|stored| stored >= seq) {
            return Ok(());
        }
    }
}
