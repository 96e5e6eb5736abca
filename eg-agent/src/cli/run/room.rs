//! The slots of one process: started together, their files read again together, stopped together.

use super::events::{self, EventFormat};
use super::files::Files;
use super::{scenario, systemd};
use crate::config::SlotConfig;
use crate::page::{self, PageOptions, ServedPage};
use crate::reload::{ReloadError, ReloadRequest, Reloader, Swap};
use crate::slot::{RunningSlot, Slot, StartOptions};
use anyhow::Context;
use eg_config::Problems;
use eg_hal::sim::scenario::Scenario;
use eg_mqtt::SharedAddress;
use std::net::SocketAddr;
use std::thread::JoinHandle;
use tokio::runtime::Handle;
use tokio::sync::mpsc;

pub(super) struct Room {
    files: Files,
    /// Slots with their pages, in the order of the files.
    slots: Vec<(RunningSlot, Option<ServedPage>)>,
    /// Threads that print events.
    printers: Vec<JoinHandle<()>>,
    /// Requests of the pages that the files be read again.
    pub(super) requests: mpsc::Receiver<ReloadRequest>,
}

impl Room {
    /// Starts the slots. With `events` each prints its events in that form; `restarts` hears that the core
    /// restarts this agent, `core` is the address of a core that no file names.
    pub(super) async fn open(
        files: Files,
        configs: Vec<SlotConfig>,
        events: Option<EventFormat>,
        restarts: Option<mpsc::Sender<()>>,
        core: Option<SharedAddress>,
    ) -> anyhow::Result<Self> {
        let (reloader, requests) = Reloader::new();
        let (mut slots, mut printers) = (Vec::new(), Vec::new());
        for config in configs {
            let restarts = restarts.clone();
            let core = core.clone().filter(|_| config.core.is_looked_for());
            let mut options = StartOptions { core, restarts, ..StartOptions::default() };
            if let Some(format) = events {
                let (sender, printer) = events::print(config.slot.clone(), format)?;
                options.events = Some(sender);
                printers.push(printer);
            }
            let name = config.slot.clone();
            let (slot, page) = start(config, options, &reloader).await?;
            if let Some(format) = events {
                events::print_admission(name, slot.watch(), Handle::current(), format)?;
            }
            slots.push((slot, page));
        }
        Ok(Self { files, slots, printers, requests })
    }

    /// Plays a scenario on the boards of the first slot, once each was tried to be opened.
    pub(super) fn play(&self, scenario: Scenario) {
        if let Some((slot, _)) = self.slots.first()
            && let Ok(inputs) = slot.simulated_inputs()
        {
            tokio::spawn(scenario::play(scenario, inputs.clone(), slot.watch()));
        }
    }

    /// Reads the files again and swaps the devices that differ. A mistake in any of them, or a slot that cannot take
    /// what is in its, and everything goes on as it was.
    pub(super) async fn reload(&mut self) -> Result<Vec<Swap>, ReloadError> {
        systemd::reloading();
        let swapped = self.swap().await;
        match &swapped {
            Ok(swaps) => swaps.iter().for_each(log),
            Err(ReloadError::File(problems)) => {
                for problem in problems {
                    tracing::error!(%problem, "the files were not taken over");
                }
            }
            Err(error @ (ReloadError::System(_) | ReloadError::Busy)) => {
                tracing::error!(%error, "the files were not taken over");
            }
        }
        systemd::ready();
        swapped
    }

    async fn swap(&mut self) -> Result<Vec<Swap>, ReloadError> {
        let files = self.files.clone();
        // It opens every device on a bench of its own, so it is no work for the reactor.
        let read = tokio::task::spawn_blocking(move || files.read()).await;
        let configs = read.map_err(|_| ReloadError::Busy)??;
        let mut problems = Problems::default();
        for ((slot, _), config) in self.slots.iter().zip(&configs) {
            problems.keep(slot.accepts(config));
        }
        problems.or(())?;
        let mut swaps = Vec::new();
        for ((slot, _), config) in self.slots.iter_mut().zip(configs) {
            swaps.push(slot.reload(config).await?);
        }
        Ok(swaps)
    }

    /// Ends when every device's thread has shown that it lives.
    pub(super) async fn roll_call(&self) {
        for (slot, _) in &self.slots {
            slot.roll_call().await;
        }
    }

    pub(super) async fn close(self) {
        for (slot, page) in self.slots {
            slot.stop().await;
            if let Some(page) = page {
                page.stop().await;
            }
        }
        let printed = move || self.printers.into_iter().try_for_each(JoinHandle::join);
        if !matches!(tokio::task::spawn_blocking(printed).await, Ok(Ok(()))) {
            tracing::error!("a thread that prints events panicked");
        }
    }
}

fn log(swap: &Swap) {
    let Swap { slot, kept, changed, opened, closed } = swap;
    let names = |names: &[eg_proto::DeviceName]| {
        let names: Vec<&str> = names.iter().map(|name| name.as_str()).collect();
        names.join(", ")
    };
    let (changed, opened, closed) = (names(changed), names(opened), names(closed));
    tracing::info!(%slot, kept = kept.len(), changed, opened, closed, "the file was taken over");
}

/// A slot whose page has no port runs all the same: a press matters more than a page.
async fn start(
    config: SlotConfig,
    options: StartOptions,
    reloader: &Reloader,
) -> anyhow::Result<(RunningSlot, Option<ServedPage>)> {
    let name = config.slot.clone();
    let address = SocketAddr::new(config.page_listen, config.page_port);
    let hosts = config.hosts.clone();
    let slot =
        Slot::start_with(config, options, &Handle::current()).with_context(|| name.to_string())?;
    let (inputs, panel) = (slot.simulated_inputs().ok().cloned(), slot.touch_panel());
    let reloader = Some(reloader.clone());
    let options = PageOptions { inputs, panel, file: Some(slot.file()), reloader, hosts };
    let page = match page::serve(address, slot.watch(), options).await {
        Ok(page) => {
            tracing::info!(slot = %name, page = %format!("http://{}", page.address), "running");
            Some(page)
        }
        Err(error) => {
            tracing::error!(slot = %name, %error, "running without its page");
            None
        }
    };
    Ok((slot, page))
}
