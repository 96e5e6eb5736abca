//! `export`: prints a session as one JSON file, for `replay` and for a rehearsal.

use super::exit::finish;
use crate::journal::Reader;
use anyhow::{Context, Result};
use std::path::PathBuf;
use std::process::ExitCode;

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Number of the session.
    session: i64,
    /// Path of the journal, or of an archive of it.
    #[arg(long, env = "DB_PATH", default_value = "./data/eg.db")]
    db: PathBuf,
}

pub(super) fn export(args: &Args) -> ExitCode {
    finish(print(args))
}

fn print(args: &Args) -> Result<()> {
    let record = Reader::open(&args.db)?.record(args.session)?;
    let record =
        record.with_context(|| format!("no session {} in {}", args.session, args.db.display()))?;
    anstream::println!("{}", serde_json::to_string_pretty(&record)?);
    Ok(())
}
