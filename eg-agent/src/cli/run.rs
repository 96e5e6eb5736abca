//! `run`: the slots of some files, until the process is told to stop.

mod events;
mod files;
mod room;
mod scenario;
mod search;
mod systemd;

pub(crate) use events::EventFormat;

use super::exit::{FAILED, complain, finish};
use super::sources::Environment;
use crate::config::{Overrides, SlotConfig};
use anyhow::Context;
use eg_config::Problems;
use eg_hal::sim::scenario::Scenario;
use eg_log::{CrashReport, Levels, report_panics};
use files::Files;
use room::Room;
use search::CoreSearch;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use tokio::runtime::Builder;
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::mpsc;

/// Name of this program in its reports.
const PROGRAM: &str = "eg-agent";

/// Variable of the environment that says what is logged, e.g. `eg_agent=debug`.
const LOG: &str = "EG_LOG";

/// Variable that systemd sets for a service that tells when it is ready, as that of the agent: it starts it again.
const SUPERVISED: &str = "NOTIFY_SOCKET";

/// Exit code of an agent that the core restarts, `EX_TEMPFAIL` of `sysexits.h`.
const RESTART: u8 = 75;

/// Reason for the end of a run.
enum End {
    Stop,
    Restart,
}

pub(super) fn run(
    paths: Vec<PathBuf>,
    overrides: Result<Overrides, Problems>,
    scenario: Option<&Path>,
    events: Option<EventFormat>,
    environment: &Environment,
) -> ExitCode {
    let files = Files { paths, overrides };
    let read = files.read().and_then(|slots| {
        let scenario = scenario.map(|path| scenario::read(path, &slots)).transpose()?;
        Ok((slots, scenario))
    });
    let (slots, scenario) = match read {
        Ok(read) => read,
        Err(problems) => return complain(&problems),
    };
    let wanted = environment.get(LOG).map_or("info", String::as_str);
    let plain = environment.get("NO_COLOR").is_some_and(|said| !said.is_empty());
    let levels = match eg_log::start("eg-agent", wanted, plain) {
        Ok(levels) => levels,
        Err(error) => {
            anstream::eprintln!("{LOG}: {error}");
            return ExitCode::from(FAILED);
        }
    };
    // Beside the first slot's outbox: what one process leaves stands in one place.
    if let Some(folder) = slots.first().and_then(|slot| slot.outbox.parent()) {
        if let Some(report) = CrashReport::left_in(folder, PROGRAM) {
            let file = report.file.display();
            tracing::warn!(report = %file, "the agent has panicked before: {}; send the file, then remove it", report.said);
        }
        report_panics(folder, PROGRAM, env!("EG_VERSION"));
    }
    // Who runs it by hand would be left without an agent.
    let is_supervised = environment.get(SUPERVISED).is_some();
    match run_slots(files, slots, scenario, events, is_supervised, &levels) {
        Ok(End::Restart) => ExitCode::from(RESTART),
        Ok(End::Stop) => ExitCode::SUCCESS,
        Err(error) => finish(Err(error)),
    }
}

fn run_slots(
    files: Files,
    slots: Vec<SlotConfig>,
    scenario: Option<Scenario>,
    events: Option<EventFormat>,
    is_supervised: bool,
    levels: &Levels,
) -> anyhow::Result<End> {
    if eg_clock::inject()?.is_some() {
        tracing::warn!(
            variable = eg_clock::INJECTED,
            "the clocks of this agent are injected: it is a test"
        );
    }
    let runtime = Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        let mut stop = signal(SignalKind::terminate()).context("cannot wait for signals")?;
        let mut hang_up = signal(SignalKind::hangup()).context("cannot wait for signals")?;
        let mut detail = signal(SignalKind::user_defined1()).context("cannot wait for signals")?;
        let mut usual = signal(SignalKind::user_defined2()).context("cannot wait for signals")?;
        let (restarts, mut restarted) = mpsc::channel(1);
        let heard = is_supervised.then(|| restarts.clone());
        let search = CoreSearch::start(&slots);
        let core = search.as_ref().map(|search| search.address.clone());
        let mut room = Room::open(files, slots, events, heard, core).await?;
        systemd::ready();
        if let Some(scenario) = scenario {
            room.play(scenario);
        }
        let mut pulse = systemd::pulse();
        let stopped = loop {
            tokio::select! {
                _ = stop.recv() => break Ok(End::Stop),
                stopped = tokio::signal::ctrl_c() => break stopped.map(|()| End::Stop),
                Some(()) = restarted.recv() => break Ok(End::Restart),
                _ = detail.recv() => levels.detail(),
                _ = usual.recv() => levels.reset(),
                _ = hang_up.recv() => drop(room.reload().await),
                Some(request) = room.requests.recv() => {
                    let answer = room.reload().await;
                    request.answer(answer);
                }
                () = pulse.due() => pulse.beat(room.roll_call()).await,
            }
        };
        systemd::stopping();
        tracing::info!("stopping");
        room.close().await;
        stopped.context("cannot wait for signals")
    })
}
