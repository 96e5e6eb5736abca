//! Thread of the engine: waits for messages and requests, runs a round of them, and hands out the results.

use crate::engine::Engine;
use crate::engine::command::Request;
use crate::ingest::Delivery;
use crate::mqtt::Outbound;
use eg_proto::Timestamp;
use std::io;
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::Duration;
use tokio::sync::mpsc::{Receiver, Sender, channel};
use tokio::sync::watch;
use tokio::time::sleep;

/// Number of messages that may wait for the engine. Brokers hold back more than about 1,000 unacknowledged ones by
/// themselves.
const BUS: usize = 2_048;
/// Number of messages in one transaction.
const BATCH: usize = 1_024;
/// Number of requests in one transaction.
const ASKED: usize = 64;
/// Shortest interval between two read models for pages.
const PACE: Duration = Duration::from_millis(10);
/// Longest time for which the engine sleeps.
const IDLE: Duration = Duration::from_secs(3600);

/// Engine on its thread. Dropping it stops it, and waits for the round that runs.
#[derive(Debug)]
pub(crate) struct EngineThread {
    stop: watch::Sender<bool>,
    thread: Option<JoinHandle<()>>,
}

impl Drop for EngineThread {
    fn drop(&mut self) {
        self.stop.send_replace(true);
        if self.thread.take().is_some_and(|thread| thread.join().is_err()) {
            tracing::error!("the engine's thread had panicked");
        }
    }
}

/// Starts an engine on a thread of its own. Returns the sender of its messages beside it.
///
/// # Errors
/// The operating system gives no thread.
pub(crate) fn spawn(
    engine: Engine,
    requests: Receiver<Request>,
    outbound: Arc<Outbound>,
) -> io::Result<(EngineThread, Sender<Delivery>)> {
    let (bus_in, bus) = channel(BUS);
    let (stop, wanted) = watch::channel(false);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build()?;
    let body = move || {
        let _ends = Ends(&outbound);
        runtime.block_on(run(engine, requests, bus, &outbound, wanted));
    };
    let thread = std::thread::Builder::new().name("eg-engine".to_owned()).spawn(body)?;
    Ok((EngineThread { stop, thread: Some(thread) }, bus_in))
}

/// Mark of a thread that runs: when it ends, in whichever way, the link speaks for the engine no more.
struct Ends<'a>(&'a Outbound);

impl Drop for Ends<'_> {
    fn drop(&mut self) {
        self.0.pulse.ends();
    }
}

async fn run(
    mut engine: Engine,
    mut requests: Receiver<Request>,
    mut bus: Receiver<Delivery>,
    outbound: &Outbound,
    mut stop: watch::Receiver<bool>,
) {
    let mut published = engine.now();
    let (mut asked, mut came) = (Vec::new(), Vec::new());
    loop {
        let due = engine.deadline();
        let publish = engine.has_news().then_some(published + PACE);
        let wait = [due, publish].into_iter().flatten().min();
        let wait = wait.map_or(IDLE, |at| at.since(engine.now()));
        let open = engine.is_open();
        outbound.pulse.rests();
        tokio::select! {
            biased;
            stopped = stop.wait_for(|stop| *stop) => {
                drop(stopped);
                break;
            }
            _ = requests.recv_many(&mut asked, ASKED), if !requests.is_closed() => {}
            _ = bus.recv_many(&mut came, BATCH), if open && !bus.is_closed() => {}
            () = sleep(wait) => {}
        }
        outbound.pulse.works(engine.now());
        while asked.len() < ASKED
            && let Ok(request) = requests.try_recv()
        {
            asked.push(request);
        }
        while open
            && came.len() < BATCH
            && let Ok(delivery) = bus.try_recv()
        {
            came.push(delivery);
        }
        let now = engine.now();
        if !asked.is_empty() || !came.is_empty() || is_due(due, now) {
            outbound.put(engine.round(std::mem::take(&mut came), std::mem::take(&mut asked)));
        }
        if now.since(published) >= PACE {
            published = now;
            engine.publish();
        }
    }
    engine.publish();
    engine.close();
}

fn is_due(at: Option<Timestamp>, now: Timestamp) -> bool {
    at.is_some_and(|at| at <= now)
}
