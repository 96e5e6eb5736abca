//! The link to the core: one MQTT connection per slot, and three tasks on it.
//!
//! The sender publishes what the outbox hands out. The reader takes what comes: acks for the outbox, answers about the
//! time, and what the page shows. The foreman has commands carried out, each once. Whatever happens to the connection, the outbox is the
//! truth: nothing goes out before the core has answered on this connection; then, and whenever it greets, everything that it
//! has not acknowledged goes again, in order. A core that is silent is a lost link, however well the broker is.

pub(crate) mod commands;
mod core_link;
mod done;
mod foreman;
mod pairing;
mod parts;
mod poison_message;
mod reader;
mod resend_timer;
mod resume;
mod retained;
mod sender;
pub(crate) mod status_messages;
mod stopwatch;
mod twin;
mod wall_clock;

pub(crate) use parts::{Layout, Parts};

use crate::config::SlotConfig;
use crate::outbox::Outlet;
use core_link::CoreLink;
use eg_mqtt::{Options, OptionsError, Trust, connect};
use eg_proto::Presence;
use foreman::Foreman;
use pairing::Pairing;
use reader::{Reader, Said};
use resend_timer::ResendTimer;
use resume::Resume;
use sender::Sender;
use stopwatch::Stopwatch;
use tokio::runtime::Handle;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;
use tokio::time::Instant;
use twin::Twin;

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
        options.found.clone_from(&parts.core);
        options.will = Some(parts.presence(Presence::Offline));
        options.credentials = Some(pairing::credentials(&parts));
        options.tls = parts.authority.as_ref().map(|own| Trust::Pinned(own.pinned().clone()));
        options.queue = 256;
        let (client, incoming) = connect(options, parts.subscriptions())?;
        let stopwatch = Stopwatch::new(parts.slot_status.clone(), parts.clock.clone());
        let sender = Sender::new(client.clone(), outlet, stopwatch, topics, slot);
        let file = done::beside(outbox, "commands");
        let (foreman, desk) = Foreman::new(parts.clone(), client.clone(), file);
        let boot = parts.slot_status.read().boot;
        let reader = Reader {
            sender: sender.clone(),
            desk,
            twin: Twin::new(boot),
            pairing: Pairing::new(parts.clone(), client.clone()),
            parts,
            client,
            incoming,
            said: Said::default(),
            told_its_own: false,
            resend_timer: ResendTimer::default(),
            resume: Resume::new(),
            looks: 0,
            check_at: Instant::now(),
            draining: false,
            tick: None,
            core: CoreLink::default(),
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
