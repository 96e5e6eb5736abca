//! `login-link`: prints a link that signs in as the operator, for anyone who may read the core's data.

use super::exit::{complain, finish};
use super::settings::read;
use crate::auth::{AuthError, login_link};
use crate::clock::SteadyClock;
use crate::server::account_of;
use anyhow::{Context, anyhow};
use std::io::ErrorKind;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Path of the core's YAML file, which names the journal.
    #[arg(long)]
    config: Option<PathBuf>,
    /// Path of the journal, when it is not where the YAML file, DB_PATH or the default say.
    #[arg(long, value_name = "FILE", conflicts_with = "config")]
    db: Option<PathBuf>,
}

pub(super) fn print(args: &Args) -> ExitCode {
    let db = match &args.db {
        Some(db) => db.clone(),
        None => match read(args.config.as_deref()) {
            Ok(config) => config.db,
            Err(problems) => return complain(&problems),
        },
    };
    finish(give(&db))
}

fn give(journal: &Path) -> anyhow::Result<()> {
    let account = account_of(journal);
    let given = login_link(&account, &SteadyClock::default()).map_err(explained);
    let (token, page) = given?;
    let page =
        page.context("the core that ran here last is older than this command; start it once")?;
    anstream::println!("http://{}/?token={token}", near(page));
    anstream::eprintln!("It signs in one browser, within the hour.");
    if page.ip().is_unspecified() {
        anstream::eprintln!(
            "Elsewhere, write this machine's name or address for {}.",
            near(page).ip()
        );
    }
    Ok(())
}

/// Adds advice to an error, where there is some.
fn explained(error: AuthError) -> anyhow::Error {
    let help = match &error {
        AuthError::File { source, .. } if source.kind() == ErrorKind::NotFound => {
            "no core has run on this journal yet; name the file with --config, --db or DB_PATH"
        }
        AuthError::File { source, .. } if source.kind() == ErrorKind::PermissionDenied => {
            "only who may read the core's data gets a link; as its user: sudo -u eg eg-core login-link …"
        }
        AuthError::File { .. } | AuthError::Store(_) | AuthError::Hash(_) => return error.into(),
    };
    anyhow!("{error}: {help}")
}

/// Returns the address at which this machine reaches the page: loopback stands in for "all addresses".
fn near(page: SocketAddr) -> SocketAddr {
    match page.ip() {
        IpAddr::V4(any) if any.is_unspecified() => (Ipv4Addr::LOCALHOST, page.port()).into(),
        IpAddr::V6(any) if any.is_unspecified() => {
            (std::net::Ipv6Addr::LOCALHOST, page.port()).into()
        }
        IpAddr::V4(_) | IpAddr::V6(_) => page,
    }
}
