//! `run`: the slots of some files, until the process is told to stop.

use super::{Environment, FAILED, complain, finish, read};
use crate::config::{Overrides, SlotConfig};
use crate::page::{self, ServedPage};
use crate::slot::{RunningSlot, Slot};
use anyhow::Context;
use eg_config::Problems;
use std::io::IsTerminal;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;
use tokio::runtime::{Builder, Handle};
use tokio::signal::unix::{SignalKind, signal};
use tracing_subscriber::EnvFilter;

/// Where the environment says what is logged, e.g. `eg_agent=debug`.
const LOG: &str = "EG_LOG";

pub(super) fn run(
    files: &[PathBuf],
    overrides: Result<Overrides, Problems>,
    environment: &Environment,
) -> ExitCode {
    let slots = match read(files, overrides) {
        Ok(slots) => slots,
        Err(problems) => return complain(&problems),
    };
    let wanted = environment.get(LOG).map_or("info", String::as_str);
    let filter = match EnvFilter::try_new(wanted) {
        Ok(filter) => filter,
        Err(error) => {
            anstream::eprintln!(
                "{LOG}: {error}; wanted a level, or targets such as eg_agent=debug"
            );
            return ExitCode::from(FAILED);
        }
    };
    let plain = environment.get("NO_COLOR").is_some_and(|said| !said.is_empty());
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_ansi(std::io::stderr().is_terminal() && !plain)
        .with_writer(std::io::stderr)
        .init();
    finish(run_slots(slots))
}

fn run_slots(slots: Vec<SlotConfig>) -> anyhow::Result<()> {
    let runtime = Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        let mut stop = signal(SignalKind::terminate()).context("cannot wait for signals")?;
        let mut running = Vec::new();
        for config in slots {
            running.push(start(config).await?);
        }
        tokio::select! {
            _ = stop.recv() => {}
            stopped = tokio::signal::ctrl_c() => stopped.context("cannot wait for signals")?,
        }
        tracing::info!("stopping");
        for (slot, page) in running {
            slot.stop().await;
            if let Some(page) = page {
                page.stop().await;
            }
        }
        Ok(())
    })
}

/// A slot whose page has no port runs all the same: a press matters more than a page.
async fn start(config: SlotConfig) -> anyhow::Result<(RunningSlot, Option<ServedPage>)> {
    let name = config.slot.clone();
    let address = SocketAddr::new(config.page_listen, config.page_port);
    let slot = Slot::start(config, &Handle::current()).with_context(|| name.to_string())?;
    let page = match page::serve(address, slot.watch(), slot.hands().ok().cloned()).await {
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
