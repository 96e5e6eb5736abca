//! `archive`: moves old entries out of a journal that no core is writing, or prints how much would be moved.

use super::config_file::ConfigFile;
use super::exit::{complain, finish};
use super::settings::read;
use crate::clock::{Clock, SteadyClock};
use crate::journal::{Archive, Journal, Reader};
use crate::server::retention::{Moved, tidy};
use anyhow::{Context, Result};
use eg_config::Span;
use eg_proto::Timestamp;
use std::process::ExitCode;

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[command(flatten)]
    file: ConfigFile,
    /// Move what ended this long ago, e.g. 30d; by default as long ago as the file says.
    #[arg(long)]
    older: Option<Span>,
    /// Move nothing; print how much would be moved.
    #[arg(long)]
    dry_run: bool,
    /// Print one JSON object.
    #[arg(long)]
    json: bool,
}

pub(super) fn archive(args: &Args) -> ExitCode {
    let config = match read(args.file.path()) {
        Ok(config) => config,
        Err(problems) => return complain(&problems),
    };
    finish(tidy_up(args, &config))
}

fn tidy_up(args: &Args, config: &crate::config::CoreConfig) -> Result<()> {
    let keep = args.older.map(Span::get).or(config.journal.keep);
    let keep = keep.context(
        "this journal keeps everything (journal.keep is forever); --older says otherwise",
    )?;
    let micros = u64::try_from(keep.as_micros()).unwrap_or(u64::MAX);
    let before = Timestamp(SteadyClock::default().now().0.saturating_sub_unsigned(micros));
    let moved = if args.dry_run {
        let (sessions, entries) = Reader::open(&config.db)?.outdated_count(before)?;
        Moved { sessions, entries }
    } else {
        let mut journal = Journal::open(&config.db, config.durability)
            .context("a core that runs moves by itself what is old")?;
        let archive = Archive::new(&config.journal.archive, &config.db);
        let reader = journal.reader();
        let runtime = tokio::runtime::Builder::new_current_thread().build()?;
        runtime.block_on(tidy(&reader, &archive, before, &mut journal))?
    };
    if args.json {
        anstream::println!("{}", serde_json::to_string(&moved)?);
    } else {
        let Moved { sessions, entries } = moved;
        let done = if args.dry_run { "would be moved" } else { "moved" };
        let folder = config.journal.archive.display();
        anstream::println!("{sessions} sessions, {entries} entries {done} into {folder}");
    }
    Ok(())
}
