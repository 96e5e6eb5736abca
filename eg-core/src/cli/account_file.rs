//! Accounts' file of a core, as the commands about accounts find it.

use super::settings::read;
use crate::auth::AuthError;
use crate::server::account_of;
use anyhow::{Context, anyhow};
use eg_config::Problems;
use std::io::ErrorKind;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::path::PathBuf;

#[derive(Debug, clap::Args)]
pub(super) struct AccountFile {
    /// Path of the core's YAML file, which names the journal.
    #[arg(long, global = true)]
    config: Option<PathBuf>,
    /// Path of the journal, when it is not where the YAML file, DB_PATH or the default say.
    #[arg(long, global = true, value_name = "FILE", conflicts_with = "config")]
    db: Option<PathBuf>,
}

impl AccountFile {
    /// Returns the path of the accounts, which stand beside the journal.
    ///
    /// # Errors
    /// [`Problems`] of the YAML file that should name the journal.
    pub(super) fn path(&self) -> Result<PathBuf, Problems> {
        let db = match &self.db {
            Some(db) => db.clone(),
            None => read(self.config.as_deref())?.db,
        };
        Ok(account_of(&db))
    }
}

/// Returns the name under which journal and audit trail record the user of this command: `command (USER)`.
pub(super) fn by() -> String {
    let user =
        ["SUDO_USER", "USER", "LOGNAME"].into_iter().find_map(|name| std::env::var(name).ok());
    format!("command ({})", user.as_deref().unwrap_or("somebody"))
}

/// Adds advice to an error, where there is some.
pub(super) fn explained(error: AuthError) -> anyhow::Error {
    let help = match &error {
        AuthError::File { source, .. } if source.kind() == ErrorKind::NotFound => {
            "no core has run on this journal yet; name the file with --config, --db or DB_PATH"
        }
        AuthError::File { source, .. } if source.kind() == ErrorKind::PermissionDenied => {
            "only who may read the core's data may do this; as its user: sudo -u eg eg-core …"
        }
        AuthError::File { .. }
        | AuthError::Newer { .. }
        | AuthError::Store(_)
        | AuthError::Hash(_) => return error.into(),
    };
    anyhow!("{error}: {help}")
}

/// Returns the address of the page of the core that ran last, as this machine reaches it: `http://127.0.0.1:3000`. Says
/// so on standard error when other machines need another name.
///
/// # Errors
/// [`anyhow::Error`] if no core has stored its address.
pub(super) fn page_of(page: Option<SocketAddr>) -> anyhow::Result<String> {
    let page =
        page.context("the core that ran here last is older than this command; start it once")?;
    let near = near(page);
    if page.ip().is_unspecified() {
        let ip = near.ip();
        anstream::eprintln!("Elsewhere, write this machine's name or address for {ip}.");
    }
    Ok(format!("http://{near}"))
}

/// Returns the address at which this machine reaches the page: loopback stands in for "all addresses".
fn near(page: SocketAddr) -> SocketAddr {
    match page.ip() {
        IpAddr::V4(any) if any.is_unspecified() => (Ipv4Addr::LOCALHOST, page.port()).into(),
        IpAddr::V6(any) if any.is_unspecified() => (Ipv6Addr::LOCALHOST, page.port()).into(),
        IpAddr::V4(_) | IpAddr::V6(_) => page,
    }
}
