//! Link: the core's own connection to the broker, which brings messages of slots and publishes those of the engine.
//!
//! The link is two tasks on a thread of their own. The reader answers clock pings at once and passes everything else to
//! the engine; the writer publishes. A message is acknowledged to the broker once the engine has stored it.

mod options;
mod outbound;
mod reader;
mod writer;

pub(crate) use options::LinkOptions;
pub(crate) use outbound::Outbound;

use crate::broker::Takeover;
use crate::ingest::{Arrival, Delivery, Speaker};
use eg_mqtt::{OptionsError, Qos, Subscription};
use eg_proto::{BankAsk, Boot, CoreHello, SlotId, Topic, Topics};
use std::io;
use std::sync::Arc;
use std::thread::JoinHandle;
use tokio::sync::{mpsc, watch};

/// Reason why the link did not start.
#[derive(Debug, thiserror::Error)]
pub enum LinkError {
    /// Options that no broker would accept.
    #[error(transparent)]
    Options(#[from] OptionsError),
    /// Operating system gives no thread.
    #[error("cannot start the thread of the link: {0}")]
    Thread(#[from] io::Error),
}

/// Link on its thread. Dropping it disconnects from the broker, and waits.
#[derive(Debug)]
pub(crate) struct Link {
    stop: watch::Sender<bool>,
    thread: Option<JoinHandle<()>>,
}

impl Drop for Link {
    fn drop(&mut self) {
        self.stop.send_replace(true);
        if self.thread.take().is_some_and(|thread| thread.join().is_err()) {
            tracing::error!("the link's thread had panicked");
        }
    }
}

/// Starts the link, which connects and keeps connected until it is dropped.
///
/// # Errors
/// [`LinkError`]. A broker that is away is no error: the engine is told, and the link tries again.
pub(crate) fn start(
    mut options: LinkOptions,
    outbound: Arc<Outbound>,
    bus: mpsc::Sender<Delivery>,
) -> Result<Link, LinkError> {
    let subscriptions = subscriptions(&options.topics, options.compat);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let (client, incoming) = {
        let _inside = runtime.enter();
        eg_mqtt::connect(options.mqtt.clone(), subscriptions)?
    };
    let (stop, mut wanted) = watch::channel(false);
    let body = move || {
        runtime.block_on(async move {
            let takeovers = std::mem::replace(&mut options.takeovers, mpsc::channel(1).1);
            let watcher = watch_takeovers(takeovers, &options, bus.clone());
            let writer = writer::write(client.clone(), &options, &outbound, bus.clone());
            let reader = reader::read(incoming, &options, &outbound, bus);
            tokio::select! {
                () = writer => {}
                () = reader => {}
                () = watcher => {}
                _ = wanted.wait_for(|stop| *stop) => {}
            }
            if client.disconnect(None).await.is_err() {
                tracing::debug!("the broker did not hear the goodbye");
            }
        });
    };
    let thread = std::thread::Builder::new().name("eg-link".to_owned()).spawn(body)?;
    Ok(Link { stop, thread: Some(thread) })
}

/// Passes on takeovers, as signs of machines that speak as one slot. Never ends.
async fn watch_takeovers(
    mut takeovers: mpsc::Receiver<Takeover>,
    options: &LinkOptions,
    bus: mpsc::Sender<Delivery>,
) {
    while let Some(Takeover { client_id, before, after }) = takeovers.recv().await {
        let Ok(slot) = SlotId::new(client_id) else { continue };
        let speaks = |address| Arrival::Speaks(slot.clone(), Speaker::Address(address));
        let what = vec![speaks(before), speaks(after)];
        let delivery = Delivery { at: options.clock.now(), what, token: None };
        if bus.send(delivery).await.is_err() {
            break;
        }
    }
    std::future::pending().await
}

fn subscriptions(topics: &Topics, compat: bool) -> Vec<Subscription> {
    let once = |topic: fn(eg_proto::SlotId) -> Topic, qos: Qos| {
        Subscription::new(topics.every_slot(topic), qos)
    };
    let mut all = vec![
        once(Topic::Status, Qos::AtLeastOnce),
        once(Topic::Hello, Qos::AtLeastOnce),
        once(Topic::InputStatus, Qos::AtLeastOnce),
        once(Topic::InputEvent, Qos::AtLeastOnce),
        once(Topic::CommandAck, Qos::AtLeastOnce),
        once(Topic::Ask, Qos::AtLeastOnce),
        once(Topic::ClockPing, Qos::AtMostOnce),
        once(Topic::Pair, Qos::AtLeastOnce),
    ];
    if compat {
        all.push(once(Topic::Rfid, Qos::AtLeastOnce));
        let core = [Topic::NightVote].into_iter().chain(BankAsk::ALL.map(Topic::Bank));
        all.extend(core.map(|topic| Subscription::new(topics.of(&topic), Qos::AtLeastOnce)));
    }
    all
}

/// Builds the hello of this start of the core, with a new boot id.
pub(crate) fn hello(device_id: &str) -> CoreHello {
    CoreHello {
        device_id: device_id.to_owned(),
        version: env!("CARGO_PKG_VERSION").to_owned(),
        boot: Boot(ulid::Ulid::new()),
    }
}
