//! `import-old`: imports wallets and payouts of the installation that this one replaces.

use super::exit::{FAILED, MISTAKE, complain};
use super::settings::read;
use crate::clock::SteadyClock;
use crate::config::CoreConfig;
use crate::legacy_import;
use crate::legacy_import::{Done, Found};
use anyhow::Context;
use eg_proto::RoomId;
use serde_json::json;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// SQLite database of the old installation. It is only read.
    db: PathBuf,
    /// The core's YAML file.
    #[arg(long)]
    config: Option<PathBuf>,
    /// Room whose bank receives the money; by default the first that plays the casino.
    #[arg(long)]
    room: Option<RoomId>,
    /// Do everything on a copy of the journal, and print what would have been done.
    #[arg(long)]
    dry_run: bool,
    /// Print what was found and done as JSON.
    #[arg(long)]
    json: bool,
}

pub(super) fn import(args: &Args) -> ExitCode {
    let config = match read(args.config.as_deref()) {
        Ok(config) => config,
        Err(problems) => return complain(&problems),
    };
    let found = match legacy_import::read(&args.db) {
        Ok(found) => found,
        Err(error) => return failed(args, &error.into(), MISTAKE),
    };
    match take_over(args, config, &found) {
        Ok(done) => {
            tell(args, &found, &done);
            ExitCode::SUCCESS
        }
        Err(error) => failed(args, &error, FAILED),
    }
}

fn take_over(args: &Args, mut config: CoreConfig, found: &Found) -> anyhow::Result<Done> {
    let copy = match args.dry_run {
        true => Some(Copy::of(&config.db)?),
        false => None,
    };
    if let Some(copy) = &copy {
        config.db = copy.journal();
    }
    Ok(legacy_import::import(&config, args.room.as_ref(), found, Arc::new(SteadyClock::default()))?)
}

/// Copy of the journal in a temporary folder, which is removed when this value is dropped.
struct Copy(PathBuf);

impl Copy {
    fn of(journal: &Path) -> anyhow::Result<Self> {
        let folder = std::env::temp_dir().join(format!("eg-import-{}", ulid::Ulid::new()));
        let cannot =
            || format!("cannot copy the journal {} into {}", journal.display(), folder.display());
        let mut private = std::fs::DirBuilder::new();
        std::os::unix::fs::DirBuilderExt::mode(&mut private, 0o700);
        private.create(&folder).with_context(cannot)?;
        let copy = Self(folder.clone());
        if journal.exists() {
            let flags = rusqlite::OpenFlags::SQLITE_OPEN_READ_ONLY;
            let from =
                rusqlite::Connection::open_with_flags(journal, flags).with_context(cannot)?;
            let into = copy.journal().display().to_string();
            from.execute("VACUUM INTO ?1", [into]).with_context(cannot)?;
        }
        Ok(copy)
    }

    fn journal(&self) -> PathBuf {
        self.0.join("eg.db")
    }
}

impl Drop for Copy {
    fn drop(&mut self) {
        if let Err(error) = std::fs::remove_dir_all(&self.0) {
            tracing::warn!(folder = %self.0.display(), %error, "a copy of the journal stays behind");
        }
    }
}

fn tell(args: &Args, found: &Found, done: &Done) {
    let Found { file, tables, wallets, payouts, doubts } = found;
    let Done { room, session, said, left } = done;
    let warnings: Vec<&str> = doubts
        .iter()
        .map(String::as_str)
        .chain(left.as_ref().map(|left| left.en.as_str()))
        .collect();
    let cents: i64 = wallets.iter().map(|wallet| wallet.balance_cents).sum();
    let waiting = payouts.iter().filter(|payout| !payout.claimed).count();
    if args.json {
        let told = json!({
            "file": file, "tables": tables, "dry_run": args.dry_run, "room": room, "session": session, "said": said,
            "found": { "wallets": wallets.len(), "balance_cents": cents,
                "payouts": payouts.len(), "waiting": waiting },
            "warnings": warnings,
        });
        anstream::println!("{told:#}");
        return;
    }
    for table in tables {
        let columns = table.columns.join(", ");
        anstream::println!("found {} rows in {} ({columns})", table.rows, table.name);
    }
    if tables.len() == 1 {
        anstream::println!("found no table of payouts");
    }
    for warning in warnings {
        anstream::eprintln!("warning: {warning}");
    }
    anstream::println!("{}", said.en);
    match args.dry_run {
        true => anstream::println!("nothing was written: this was a dry run"),
        false => anstream::println!("written to session {session} in room {room}"),
    }
}

fn failed(args: &Args, error: &anyhow::Error, code: u8) -> ExitCode {
    match args.json {
        true => anstream::println!("{:#}", json!({ "error": format!("{error:#}") })),
        false => anstream::eprintln!("{error:#}; nothing was imported"),
    }
    ExitCode::from(code)
}
