//! `login-link`: prints a link that signs in as the operator, for anyone who may read the core's data.

use super::account_file::{AccountFile, by, explained, page_of};
use super::exit::{complain, finish};
use crate::auth::login_link;
use crate::clock::SteadyClock;
use std::path::Path;
use std::process::ExitCode;

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[command(flatten)]
    file: AccountFile,
}

pub(super) fn print(args: &Args) -> ExitCode {
    match args.file.path() {
        Ok(account) => finish(give(&account)),
        Err(problems) => complain(&problems),
    }
}

fn give(account: &Path) -> anyhow::Result<()> {
    let (token, page) = login_link(account, &SteadyClock::default(), by()).map_err(explained)?;
    anstream::println!("{}/?token={token}", page_of(page)?);
    anstream::eprintln!("It signs in one browser, within the hour.");
    Ok(())
}
