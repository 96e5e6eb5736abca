//! Link: the core's own connection to the broker, which brings messages of slots and publishes those of the engine.
//!
//! The link reads and writes in one task: on the broker's thread, if the broker is in this process, or on a thread of
//! its own, over a socket. The reader answers clock pings at once, as long as the engine lives, and passes everything
//! else to it; the writer publishes. A message that came over a socket is acknowledged to the broker once the engine has
//! stored it.

mod local;
mod options;
mod outbound;
mod pings;
mod pulse;
mod reader;
mod socket;
#[cfg(test)]
mod tests;
mod transport;
mod troubles;
mod writer;

pub(crate) use options::{LinkOptions, Way};
pub(crate) use outbound::Outbound;

use self::local::{LocalInbox, LocalOutbox};
use self::transport::{Inbox, Outbox};
use crate::broker::{LocalBroker, Takeover};
use crate::ingest::{Arrival, Delivery, Speaker};
use eg_mqtt::{Options, OptionsError, Qos, Subscription};
use eg_proto::{BankAsk, Boot, CoreHello, SlotId, Topic, Topics};
use std::io;
use std::sync::{Arc, mpsc as blocking};
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

/// Running link. Dropping it disconnects from the broker, and waits.
#[derive(Debug)]
pub(crate) struct Link {
    stop: watch::Sender<bool>,
    runs: Option<Runs>,
}

/// Place where a link runs.
#[derive(Debug)]
enum Runs {
    /// Thread of its own.
    Thread(JoinHandle<()>),
    /// Task on the broker's thread, which says when it has ended.
    Task(blocking::Receiver<()>),
}

impl Drop for Link {
    fn drop(&mut self) {
        self.stop.send_replace(true);
        let has_failed = match self.runs.take() {
            Some(Runs::Thread(thread)) => thread.join().is_err(),
            Some(Runs::Task(ended)) => ended.recv().is_err(),
            None => false,
        };
        if has_failed {
            tracing::error!("the link had panicked");
        }
    }
}

/// Starts the link, which connects and keeps connected until it is dropped.
///
/// # Errors
/// [`LinkError`]. A broker that is away is no error: the engine is told, and the link tries again.
pub(crate) fn start(
    options: LinkOptions,
    outbound: Arc<Outbound>,
    bus: mpsc::Sender<Delivery>,
) -> Result<Link, LinkError> {
    let wanted = subscriptions(&options.topics, options.compat);
    let (stop, stopped) = watch::channel(false);
    let task = LinkTask { options, outbound, bus, stopped };
    let runs = match task.options.way.clone() {
        Way::Local(broker, id) => Runs::Task(start_local(broker, id, wanted, task)),
        Way::Socket(mqtt) => Runs::Thread(start_over_socket(*mqtt, wanted, task)?),
    };
    Ok(Link { stop, runs: Some(runs) })
}

fn start_local(
    broker: LocalBroker,
    id: String,
    wanted: Vec<Subscription>,
    task: LinkTask,
) -> blocking::Receiver<()> {
    let (end, ended) = blocking::channel();
    broker.clone().spawn(async move {
        let mut inbox = LocalInbox::new(broker.enter(&id, &wanted).await);
        let outbox = LocalOutbox::new(broker, id);
        task.run(&mut inbox, &outbox).await;
        inbox.leave().await;
        if end.send(()).is_err() {
            tracing::debug!("nobody waits for the end of the link");
        }
    });
    ended
}

fn start_over_socket(
    mqtt: Options,
    wanted: Vec<Subscription>,
    task: LinkTask,
) -> Result<JoinHandle<()>, LinkError> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let (client, mut incoming) = {
        let _inside = runtime.enter();
        eg_mqtt::connect(mqtt, wanted)?
    };
    let body = move || {
        runtime.block_on(async move {
            task.run(&mut incoming, &client).await;
            if client.disconnect(None).await.is_err() {
                tracing::debug!("the broker did not hear the goodbye");
            }
        });
    };
    Ok(std::thread::Builder::new().name("eg-link".to_owned()).spawn(body)?)
}

/// Task of a link, over whichever transport.
struct LinkTask {
    options: LinkOptions,
    outbound: Arc<Outbound>,
    bus: mpsc::Sender<Delivery>,
    stopped: watch::Receiver<bool>,
}

impl LinkTask {
    /// Reads and writes until told to stop, or until the transport ends.
    async fn run(self, inbox: &mut impl Inbox, outbox: &impl Outbox) {
        let Self { mut options, outbound, bus, mut stopped } = self;
        let takeovers = std::mem::replace(&mut options.takeovers, mpsc::channel(1).1);
        let told = std::mem::replace(&mut options.troubles, mpsc::channel(1).1);
        let watcher = watch_takeovers(takeovers, &options, bus.clone());
        let troubles = troubles::watch(told, Arc::clone(&options.clock), bus.clone());
        let writer = writer::write(outbox, &options, &outbound, bus.clone());
        let reader = reader::read(inbox, &options, &outbound, bus);
        tokio::select! {
            () = writer => {}
            () = reader => {}
            () = watcher => {}
            () = troubles => {}
            _ = stopped.wait_for(|stop| *stop) => {}
        }
    }
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
        once(Topic::Leds, Qos::AtMostOnce),
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
