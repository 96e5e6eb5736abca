//! `backup`: copies the journal and the accounts, also while a core runs.

use super::exit::finish;
use crate::clock::{Clock as _, SteadyClock};
use crate::journal::{Reader, SessionFilter, back_up_database};
use crate::server::account_of;
use anyhow::{Context, Result, bail, ensure};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// Beginning of the names of copies in a folder; the moment follows, in UTC, so that their order is that of the names.
const PREFIX: &str = "eg-";
/// Length of the moment in a name: `20261201T053000Z`.
const STAMP: usize = 16;

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// File to write; there must be none of this name. The accounts go beside it: `night.db` and `night.account.db`.
    file: Option<PathBuf>,
    /// Folder to write into, under a name of the moment, when no file is named.
    #[arg(long, env = "EG_BACKUP_FOLDER")]
    folder: Option<PathBuf>,
    /// Number of copies that stay in the folder; older ones are removed once the new one is whole.
    #[arg(long, env = "EG_BACKUP_KEEP", default_value_t = 14, value_parser = clap::value_parser!(u16).range(1..))]
    keep: u16,
    /// Path of the journal, or of an archive of it.
    #[arg(long, env = "DB_PATH", default_value = "./data/eg.db")]
    db: PathBuf,
}

pub(super) fn backup(args: &Args) -> ExitCode {
    finish(match (&args.file, &args.folder) {
        (Some(file), _) => copy(&args.db, file),
        (None, Some(folder)) => into_folder(&args.db, folder, args.keep),
        (None, None) => Err(anyhow::anyhow!(
            "name a file, or a folder that keeps the latest copies: eg-core backup night.db, eg-core backup --folder DIR"
        )),
    })
}

/// Copies the journal into this file, and the accounts beside it.
fn copy(db: &Path, file: &Path) -> Result<()> {
    make(db, file)?;
    tell(file)
}

/// Copies the journal into a folder, and removes the oldest copies there.
fn into_folder(db: &Path, folder: &Path, keep: u16) -> Result<()> {
    let cannot = || format!("cannot write into {}", folder.display());
    std::fs::create_dir_all(folder).with_context(cannot)?;
    let (unfinished, file) =
        (folder.join("unfinished.db"), folder.join(format!("{PREFIX}{}.db", stamp()?)));
    ensure!(!file.exists(), "{} is there already", file.display());
    // Of a copy that was broken off.
    for left in [account_of(&unfinished), unfinished.clone()].iter().filter(|left| left.exists()) {
        std::fs::remove_file(left).with_context(cannot)?;
    }
    make(db, &unfinished)?;
    let account = account_of(&unfinished);
    if account.exists() {
        std::fs::rename(account, account_of(&file)).with_context(cannot)?;
    }
    std::fs::rename(unfinished, &file).with_context(cannot)?;
    for old in copies(folder).with_context(cannot)?.iter().rev().skip(keep.into()) {
        for gone in [account_of(old), old.clone()].iter().filter(|gone| gone.exists()) {
            std::fs::remove_file(gone).with_context(cannot)?;
            anstream::println!("{}: removed", gone.display());
        }
    }
    tell(&file)
}

/// Copies both databases; what cannot be opened is no backup.
fn make(db: &Path, file: &Path) -> Result<()> {
    let (from, to) = (account_of(db), account_of(file));
    for there in [file, &to] {
        if there.exists() {
            bail!("{} is there already; choose another name", there.display());
        }
    }
    Reader::open(db)?.back_up(file)?;
    if from.exists() {
        back_up_database(&from, &to)?;
    }
    Reader::open(file)?;
    Ok(())
}

fn tell(file: &Path) -> Result<()> {
    let sessions = Reader::open(file)?.totals(&SessionFilter::default())?.sessions;
    let bytes = std::fs::metadata(file)?.len();
    anstream::println!("{}: {bytes} bytes, {sessions} sessions", file.display());
    let account = account_of(file);
    if account.exists() {
        anstream::println!("{}: users and adopted slots", account.display());
    }
    Ok(())
}

/// Lists the copies in a folder, the oldest first. Files of other names are somebody else's.
fn copies(folder: &Path) -> std::io::Result<Vec<PathBuf>> {
    let mut copies = Vec::new();
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        let stamp = name.strip_prefix(PREFIX).and_then(|name| name.strip_suffix(".db"));
        if stamp.is_some_and(|stamp| stamp.len() == STAMP && !stamp.contains('.')) {
            copies.push(path);
        }
    }
    copies.sort();
    Ok(copies)
}

/// Returns this moment as names of files have it, in UTC: `20261201T053000Z`.
pub(super) fn stamp() -> Result<String> {
    let now = SteadyClock::default().now();
    let format = "SELECT strftime('%Y%m%dT%H%M%SZ', ?1 / 1000000, 'unixepoch')";
    let memory = rusqlite::Connection::open_in_memory()?;
    Ok(memory.query_row(format, [now.0], |row| row.get(0))?)
}
