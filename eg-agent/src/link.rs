//! The link to the core: one MQTT connection per slot, and three tasks on it.
//!
//! The sender publishes what the outbox hands out. The reader takes what comes: acks for the outbox, answers about the
//! time, and what the page shows. The foreman has commands carried out, each once. Whatever happens to the connection, the outbox is the
//! truth: with every connection, and whenever the core greets, everything that it has not acknowledged goes again, in
//! order.

mod commands;
mod done;
mod foreman;
mod patience;
mod reader;
mod resume;
mod retained;
mod sender;
mod suspicion;
mod twin;
mod wall;
pub(crate) mod words;

use crate::config::SlotConfig;
use crate::core_clock::CoreClock;
use crate::hands::Hands;
use crate::host::Mailbox;
use crate::outbox::Outlet;
use crate::state::Board;
use eg_hal::Moment;
use eg_mqtt::{Options, OptionsError, Publication, Qos, Subscription, connect};
use eg_proto::{DeviceName, Mode, Presence, Set, SlotId, SlotQuestion, SlotResult, Topic};
use foreman::Foreman;
use patience::Patience;
use reader::{Reader, Said};
use resume::Resume;
use sender::Sender;
use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use tokio::runtime::Handle;
use tokio::sync::{oneshot, watch};
use tokio::task::JoinHandle;
use tokio::time::Instant;
use twin::Twin;

/// Makes a topic of a slot.
type OfSlot = fn(SlotId) -> Topic;

/// The devices that there are now, and the way to each.
#[derive(Debug)]
pub(crate) struct Layout {
    pub(crate) config: Arc<SlotConfig>,
    pub(crate) mailboxes: BTreeMap<DeviceName, Mailbox>,
}

/// What the link works with.
#[derive(Clone)]
pub(crate) struct Parts {
    /// What stays for good: slot, core and topics.
    pub(crate) config: Arc<SlotConfig>,
    pub(crate) board: Board,
    pub(crate) clock: CoreClock,
    pub(crate) layout: watch::Receiver<Arc<Layout>>,
    /// Hands at the simulated boards; `None` on real ones.
    pub(crate) hands: Option<Hands>,
    /// A test of the lamps is running.
    pub(crate) testing: Arc<AtomicBool>,
}

/// A running link. Dropping it cuts the connection, and the broker tells that the slot is offline.
#[derive(Debug)]
pub(crate) struct Link {
    stop: Option<oneshot::Sender<()>>,
    reader: JoinHandle<()>,
    sender: JoinHandle<()>,
    foreman: JoinHandle<()>,
}

impl Link {
    /// Starts to connect. That the broker is away is not an error.
    ///
    /// # Errors
    /// [`OptionsError`] when the slot's settings are such that no broker would take them.
    pub(crate) fn start(
        parts: Parts,
        outlet: Outlet,
        runtime: &Handle,
    ) -> Result<Self, OptionsError> {
        let _inside = runtime.enter();
        let SlotConfig { slot, core, topics, outbox, .. } = &*parts.config;
        let mut options = Options::new(core.host.clone(), core.port, slot.as_str());
        options.will = Some(parts.presence(Presence::Offline));
        options.queue = 256;
        let (client, incoming) = connect(options, parts.subscriptions())?;
        let sender = Sender::new(client.clone(), outlet, topics, slot);
        let file = done::beside(outbox, "commands");
        let (foreman, desk) = Foreman::new(parts.clone(), client.clone(), file);
        let boot = parts.board.read().boot;
        let reader = Reader {
            sender: sender.clone(),
            desk,
            twin: Twin::new(boot),
            parts,
            client,
            incoming,
            said: Said::default(),
            told_its_own: false,
            patience: Patience::default(),
            resume: Resume::new(),
            looks: 0,
            check_at: Instant::now(),
            draining: false,
            tick: None,
        };
        let (stop, stopped) = oneshot::channel();
        let sender = runtime.spawn(sender.run());
        let reader = runtime.spawn(reader.run(stopped));
        let foreman = runtime.spawn(foreman.run());
        Ok(Self { stop: Some(stop), reader, sender, foreman })
    }

    /// Says that the slot is offline and ends the connection.
    pub(crate) async fn stop(mut self) {
        if let Some(stop) = self.stop.take() {
            // Nobody listens when the reader has ended by itself.
            let _ = stop.send(());
        }
        if (&mut self.reader).await.is_err() {
            tracing::error!("the link's task panicked");
        }
    }
}

impl Drop for Link {
    fn drop(&mut self) {
        self.reader.abort();
        self.sender.abort();
        self.foreman.abort();
    }
}

impl Parts {
    fn topic(&self, topic: OfSlot) -> String {
        self.config.topics.of(&topic(self.config.slot.clone()))
    }

    fn presence(&self, presence: Presence) -> Publication {
        Publication {
            topic: self.topic(Topic::Status),
            payload: presence.as_str().into(),
            qos: Qos::AtLeastOnce,
            retained: true,
        }
    }

    fn subscriptions(&self) -> Vec<Subscription> {
        let own: [OfSlot; 10] = [
            // Its own: another machine of this name shows here.
            Topic::Hello,
            Topic::Command,
            Topic::InputAck,
            Topic::InputAsk,
            Topic::ClockPong,
            Topic::LedCommand,
            Topic::TestCommand,
            Topic::Hint,
            Topic::Question,
            Topic::Result,
        ];
        let core = [Topic::CoreHello, Topic::Mode, Topic::NightStep, Topic::NightResult];
        let own = own.into_iter().map(|topic| self.topic(topic));
        let core = core.iter().map(|topic| self.config.topics.of(topic));
        own.chain(core).map(|filter| Subscription::new(filter, Qos::AtLeastOnce)).collect()
    }

    /// The devices that there are now.
    fn layout(&self) -> Arc<Layout> {
        Arc::clone(&self.layout.borrow())
    }

    /// Tells every device since when there is no link.
    fn link(&self, lost: Option<Moment>) {
        self.layout().mailboxes.values().for_each(|mailbox| mailbox.link(lost));
    }

    fn mode(&self, mode: Mode) {
        self.board.update(|state| state.mode.replace(mode) != Some(mode));
    }

    fn question(&self, question: Option<SlotQuestion>) {
        self.board.update(|state| {
            let changed = state.question != question;
            state.question = question;
            changed
        });
    }

    fn result(&self, result: Option<SlotResult>) {
        self.board.update(|state| {
            let changed = state.result != result;
            state.result = result;
            changed
        });
    }

    /// What players may read here: on the slot page, and on every output that is called `hint`.
    fn hint(&self, hint: Option<String>) {
        let mut changed = false;
        self.board.update(|state| {
            changed = state.hint != hint;
            state.hint.clone_from(&hint);
            changed
        });
        if changed {
            self.show_hint(hint.map_or(Set::Off, Set::Text));
        }
    }

    fn synced(&self, now: Moment) {
        let told = self.clock.told(now);
        let mut first = false;
        self.board.update(|state| {
            first = state.clock.is_none() && told.is_some();
            state.clock = told;
            true
        });
        if first {
            self.board.tell();
        }
    }

    fn present_tag(&self, uid: &str) {
        let presented = self.hands.as_ref().is_some_and(|hands| hands.present_tag(uid));
        if !presented {
            tracing::warn!(uid, "a test tag was asked for, and no simulated reader is here");
        }
    }
}
