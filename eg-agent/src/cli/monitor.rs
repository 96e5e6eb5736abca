//! `monitor`: the inputs of a slot as they change, before and after the normalizer.
//!
//! The page of a running agent tells them; where none runs, the slot's boards are opened here, without a core and with an
//! outbox that is thrown away, so that no press of a technician is ever counted.

use super::exit::{FAILED, complain, finish};
use super::sources::read;
use crate::config::{Overrides, SlotConfig};
use crate::levels::{InputLevel, InputLevels};
use crate::pairing::SecretFile;
use crate::running_agent::{about, open};
use crate::slot::{Slot, StartOptions};
use anyhow::Context;
use eg_config::Problems;
use eg_mqtt::SharedAddress;
use eg_page::{Lang, Words};
use std::io::{Write, stdout};
use std::path::PathBuf;
use std::process::ExitCode;
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::net::TcpStream;
use tokio::runtime::{Builder, Handle};

/// File of the packages.
const PACKAGED: &str = "/etc/eg/slot.yaml";

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// The slot's YAML file; /etc/eg/slot.yaml when it is left out.
    #[arg(default_value = PACKAGED)]
    file: PathBuf,
    /// Print each change as a JSON object.
    #[arg(long)]
    json: bool,
}

pub(super) fn monitor(args: &Args, overrides: Result<Overrides, Problems>, lang: Lang) -> ExitCode {
    let slots = match read(std::slice::from_ref(&args.file), &overrides) {
        Ok(slots) => slots,
        Err(problems) => return complain(&problems),
    };
    let Some(config) = slots.into_iter().next() else { return ExitCode::from(FAILED) };
    let words = Words::new(include_str!("../page/fr.ftl"), include_str!("../page/en.ftl"));
    let words = match words {
        Ok(words) => words,
        Err(error) => return finish(Err(error.into())),
    };
    let printer = LevelPrinter { words, lang, json: args.json };
    let runtime = Builder::new_current_thread().enable_all().build();
    let watched = runtime.context("cannot start the runtime").and_then(|runtime| {
        runtime.block_on(async {
            let (listen, port) = (config.page_listen, config.page_port);
            let running = about(listen, port).await;
            match running.filter(|agent| agent.slot == config.slot.as_str()) {
                Some(_) => of_page(open(listen, port, "/board/levels").await?, &printer).await,
                None => of_boards(config, &printer).await,
            }
        })
    });
    finish(watched)
}

/// Prints what the page of a running agent tells, until it ends.
async fn of_page(page: TcpStream, printer: &LevelPrinter) -> anyhow::Result<()> {
    let mut lines = BufReader::new(page).lines();
    // The head of the answer ends with an empty line.
    while lines.next_line().await?.is_some_and(|line| !line.is_empty()) {}
    while let Some(line) = lines.next_line().await? {
        let level =
            serde_json::from_str(&line).context("this agent's page speaks another version")?;
        if !printer.print(&[level]) {
            return Ok(());
        }
    }
    Ok(())
}

/// Opens the boards of a slot, and prints what they tell until this is interrupted.
async fn of_boards(mut config: SlotConfig, printer: &LevelPrinter) -> anyhow::Result<()> {
    let folder = tempfile::tempdir().context("no folder for what is thrown away")?;
    config.outbox = folder.path().join("monitor.outbox.db");
    config.secret = SecretFile::beside(&config.outbox);
    let core = Some(SharedAddress::unknown("eg-agent monitor speaks to no core"));
    let options = StartOptions { core, ..StartOptions::default() };
    let slot = Slot::start_with(config, options, &Handle::current())?;
    let (mut state, mut levels) = (slot.watch(), InputLevels::default());
    loop {
        let changed = levels.changes(&state.borrow_and_update());
        if !printer.print(&changed) {
            break;
        }
        tokio::select! {
            changed = state.changed() => if changed.is_err() { break },
            _ = tokio::signal::ctrl_c() => break,
        }
    }
    slot.stop().await;
    Ok(())
}

struct LevelPrinter {
    words: Words,
    lang: Lang,
    json: bool,
}

impl LevelPrinter {
    /// Prints these inputs, and tells whether anybody still reads.
    fn print(&self, levels: &[InputLevel]) -> bool {
        let mut out = stdout().lock();
        let mut all = levels.iter();
        all.all(|level| writeln!(out, "{}", self.line(level)).is_ok()) && out.flush().is_ok()
    }

    fn line(&self, level: &InputLevel) -> String {
        if self.json {
            return serde_json::to_string(level).unwrap_or_default();
        }
        let say = |key: &str| self.words.say(self.lang, key);
        let InputLevel { device, input, line, active, last, error } = level;
        let line = match line {
            Some(true) => say("level-high"),
            Some(false) => say("level-low"),
            None => "–".to_owned(),
        };
        let active = say(if *active { "level-active" } else { "level-rest" });
        let mut told = format!("{device}/{input}  {} {line}  {active}", say("level-before"));
        if let Some(last) = last {
            told.push_str(&format!("  {last}"));
        }
        if let Some(error) = error {
            told.push_str(&format!("  ✗ {}", self.lang.of(&eg_page::say(error.as_str()))));
        }
        told
    }
}
