//! `run`: runs the core, until the process is told to stop.

mod announce;

use super::exit::{complain, finish};
use super::settings::{log, read};
use crate::clock::SteadyClock;
use crate::config::CoreConfig;
use crate::server::Server;
use crate::server::shutdown::{SignalRequest, Signals};
use anyhow::Context;
use eg_log::{CrashReport, Levels, report_panics};
use std::io::{self, Write};
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;

/// Log filter of a core. The broker would report every client.
const USUALLY: &str = "info,mqtt5=error";

/// Name of this program in its reports.
const PROGRAM: &str = "eg-core";

pub(super) fn run(file: Option<&Path>) -> ExitCode {
    let config = match read(file) {
        Ok(config) => config,
        Err(problems) => return complain(&problems),
    };
    finish(log(USUALLY).and_then(|levels| serve(&config, file, &levels)))
}

fn serve(config: &CoreConfig, file: Option<&Path>, levels: &Levels) -> anyhow::Result<()> {
    if eg_clock::inject()?.is_some() {
        tracing::warn!(
            variable = eg_clock::INJECTED,
            "the clocks of this core are injected: it is a test"
        );
    }
    let folder = config.db.parent().unwrap_or(Path::new(""));
    if let Some(report) = CrashReport::left_in(folder, PROGRAM) {
        let file = report.file.display();
        tracing::warn!(report = %file, "the core has panicked before: {}; send the file, then remove it", report.said);
    }
    report_panics(folder, PROGRAM, env!("EG_VERSION"));
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    // Before anybody is told that the core runs: a signal that came earlier would end it at once.
    let signals =
        runtime.block_on(async { Signals::listen() }).context("cannot wait for signals")?;
    let house = Server::open(config, Arc::new(SteadyClock::default()))?;
    if let Err(error) = welcome(config, &house) {
        tracing::warn!(%error, "nobody reads what the core prints at its start; it runs all the same");
    }
    let announcement = announce::announce(config, house.addresses().mqtt.port);
    runtime.block_on(until_stopped(signals, file, levels));
    tracing::info!("stopping");
    drop(announcement);
    drop(house);
    Ok(())
}

/// Waits for the signal to stop. SIGHUP checks the file again: the core goes on with the settings that it started with.
async fn until_stopped(mut signals: Signals, file: Option<&Path>, levels: &Levels) {
    loop {
        match signals.next().await {
            SignalRequest::Stop => return,
            SignalRequest::CheckSettings => check_again(file),
            SignalRequest::DetailedLog => levels.detail(),
            SignalRequest::UsualLog => levels.reset(),
        }
    }
}

fn check_again(file: Option<&Path>) {
    match read(file) {
        Ok(_) => tracing::info!("SIGHUP: the settings are well formed; a restart takes them over"),
        Err(problems) => {
            for problem in &problems {
                tracing::error!("{problem}");
            }
            tracing::error!(
                mistakes = problems.len(),
                "SIGHUP: a restart would refuse these settings; the core goes on with those it has"
            );
        }
    }
}

/// Prints the addresses of the core and the operator's first password.
fn welcome(config: &CoreConfig, house: &Server) -> io::Result<()> {
    let (at, mut out) = (house.addresses(), anstream::stdout().lock());
    writeln!(out, "EG core {} runs.\n", config.device_id)?;
    let (http, ws) = if config.tls.is_some() { ("https", "wss") } else { ("http", "ws") };
    writeln!(out, "  operator   {http}://{}/", at.page)?;
    writeln!(out, "  API        {http}://{}/docs", at.api)?;
    writeln!(out, "  MQTT       {}", at.mqtt)?;
    if let Some(websocket) = at.websocket {
        writeln!(out, "  WebSocket  {ws}://{websocket}/mqtt")?;
    }
    writeln!(out, "  journal    {}", config.db.display())?;
    if let Some(password) = house.drawn_password() {
        writeln!(out, "\nThe operator's password is {password}")?;
        writeln!(out, "It is shown this once; EG_OPERATOR_PASSWORD sets another.")?;
    }
    if config.compat {
        writeln!(out, "\nCompatible mode: older slots and pages act without a password.")?;
    }
    out.flush()
}
