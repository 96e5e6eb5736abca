//! `restore`: puts a backup in the place of the journal and the accounts.

use super::backup::stamp;
use super::exit::finish;
use crate::journal::{Restored, restore as put_back};
use crate::server::account_of;
use anyhow::{Context, Result};
use std::path::PathBuf;
use std::process::ExitCode;

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Backup of the journal. The accounts are taken from the file that `backup` made beside it.
    file: PathBuf,
    /// Path of the journal.
    #[arg(long, env = "DB_PATH", default_value = "./data/eg.db")]
    db: PathBuf,
}

pub(super) fn restore(args: &Args) -> ExitCode {
    finish(put(args))
}

fn put(args: &Args) -> Result<()> {
    let Args { file, db } = args;
    let (from, to) = (account_of(file), account_of(db));
    let account = from.exists().then_some((from.as_path(), to.as_path()));
    let aside = db.with_file_name(format!("before-restore-{}", stamp()?));
    let Restored { aside } = put_back((file, db), account, &aside)
        .with_context(|| format!("cannot restore {}", file.display()))?;
    anstream::println!("{} is in the place of {}", file.display(), db.display());
    match account {
        Some((from, to)) => {
            anstream::println!("{} is in the place of {}", from.display(), to.display())
        }
        None => anstream::println!(
            "there is no {} beside it: users and adopted slots are as they were",
            from.display()
        ),
    }
    if let Some(aside) = aside {
        anstream::println!("what was there before is in {}", aside.display());
    }
    Ok(())
}
