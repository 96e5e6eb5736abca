//! `backup`: copies the journal into one file, also while a core runs.

use super::exit::finish;
use crate::journal::Reader;
use anyhow::{Result, ensure};
use std::path::PathBuf;
use std::process::ExitCode;

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// File to write; there must be none of this name.
    file: PathBuf,
    /// Path of the journal, or of an archive of it.
    #[arg(long, env = "DB_PATH", default_value = "./data/eg.db")]
    db: PathBuf,
}

pub(super) fn backup(args: &Args) -> ExitCode {
    finish(copy(args))
}

fn copy(args: &Args) -> Result<()> {
    let Args { file, db } = args;
    ensure!(!file.exists(), "{} is there already; choose another name", file.display());
    Reader::open(db)?.back_up(file)?;
    // What cannot be opened is no backup.
    let sessions = Reader::open(file)?.totals(&crate::journal::SessionFilter::default())?.sessions;
    let bytes = std::fs::metadata(file)?.len();
    anstream::println!("{}: {bytes} bytes, {sessions} sessions", file.display());
    Ok(())
}
