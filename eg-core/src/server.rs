//! Composition of a whole core: broker, engine, link, and the pages beside them. It knows every other part, and none of
//! them knows it.

mod core;
mod engine_thread;
mod identity;
pub(crate) mod retention;
pub(crate) mod shutdown;
mod spare_account;

pub use self::core::{Core, StartError};
pub use crate::mqtt::LinkError;

use crate::broker::Address;
use crate::clock::Clock;
use crate::config::CoreConfig;
use crate::engine::handle::Handle;
use crate::http::Audience;
use crate::http::{Pages, PagesError, PagesOptions};
use spare_account::SpareAccount;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Reason why a whole core did not start. Parts that had started by then have been stopped.
#[derive(Debug, thiserror::Error)]
pub enum ServerError {
    /// Core itself did not start.
    #[error(transparent)]
    Core(#[from] StartError),
    /// API or operator page did not start.
    #[error(transparent)]
    Pages(#[from] PagesError),
}

/// Addresses at which a whole core is reached.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Addresses {
    /// Address for MQTT, from this machine's point of view.
    pub mqtt: Address,
    /// Address for MQTT over WebSocket, path `/mqtt`; `None` if the broker runs elsewhere.
    pub websocket: Option<SocketAddr>,
    /// Address of the API.
    pub api: SocketAddr,
    /// Address of the operator page.
    pub page: SocketAddr,
}

/// Running core with its pages. Dropping it stops everything, in order, and waits.
pub struct Server {
    // Dropped in this order: nobody asks any more, then the core stops.
    pub(crate) pages: Pages,
    pub(crate) core: Core,
    /// Copy of the account, while its own disk cannot be written.
    _spare: Option<SpareAccount>,
}

impl Server {
    /// Starts everything. The accounts are stored in `<db>.account.db` beside the journal. Blocks for a
    /// moment, on the disk and on ports.
    ///
    /// # Errors
    /// [`ServerError`], naming the file or the port that is in the way.
    pub fn open(config: &CoreConfig, clock: Arc<dyn Clock>) -> Result<Self, ServerError> {
        let core = Core::start(config, clock)?;
        let options = PagesOptions {
            listen: config.listen,
            api: config.ports.api,
            page: config.ports.page,
            compat: config.compat,
            tls: core.tls().cloned(),
            hosts: config.hosts.clone(),
            proxies: config.proxies.clone(),
            displays: config.displays(),
            password: config.operator_password.as_ref().map(|word| word.reveal().to_owned()),
        };
        let account = account_of(&config.db);
        let (handle, journal, clock) = (core.handle(), core.journal(), core.clock());
        let start = |account: &Path| {
            let (handle, journal, clock) = (handle.clone(), journal.clone(), Arc::clone(&clock));
            Pages::start(options.clone(), account, handle, journal, core.access(), clock)
        };
        let spare = handle.fault().and_then(|_| SpareAccount::of(&account));
        let started = start(spare.as_ref().map_or(account.as_path(), SpareAccount::file));
        // The disk may begin to refuse at this very moment.
        let (pages, spare) = match (started, spare) {
            (Err(PagesError::Account(refused)), None) => match SpareAccount::of(&account) {
                Some(spare) => (start(spare.file())?, Some(spare)),
                None => return Err(PagesError::Account(refused).into()),
            },
            (started, spare) => (started?, spare),
        };
        Ok(Self { pages, core, _spare: spare })
    }

    /// Returns the core without its pages.
    pub fn core(&self) -> &Core {
        &self.core
    }

    /// Returns the handle of the engine.
    pub fn handle(&self) -> Handle {
        self.core.handle()
    }

    /// Returns the addresses at which everything is reached.
    pub fn addresses(&self) -> Addresses {
        Addresses {
            mqtt: self.core.mqtt().clone(),
            websocket: self.core.websocket(),
            api: self.pages.api(),
            page: self.pages.page(),
        }
    }

    /// Returns the operator's password if this start was the first and drew it: to be printed this once.
    pub fn drawn_password(&self) -> Option<&str> {
        self.pages.drawn_password()
    }

    /// Returns the audience of the pages.
    pub fn audience(&self) -> &Audience {
        self.pages.audience()
    }

    /// Creates a token for a login link, `/?token=…` on the page's port: it works once, within the hour.
    pub fn login_token(&self) -> String {
        self.pages.login_token()
    }
}

/// Returns the path of the accounts, beside a journal.
pub(crate) fn account_of(journal: &Path) -> PathBuf {
    let mut name = journal.file_stem().unwrap_or_default().to_owned();
    name.push(".account.db");
    journal.with_file_name(name)
}
