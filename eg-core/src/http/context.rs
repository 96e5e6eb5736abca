//! State that every route shares.

use super::audience::Audience;
use super::disk::DiskGauge;
use super::display_seats::DisplaySeats;
use super::idempotency::Once;
use super::problem::Problem;
use super::recent::Recent;
use super::screens::Screens;
use crate::access::Access;
use crate::auth::Auth;
use crate::clock::Clock;
use crate::config::DisplayConfig;
use crate::engine::handle::Handle;
use crate::journal::{Entry, JournalError, Reader, Redacted};
use crate::tls::ServerTls;
use eg_page::Words;
use eg_proto::RoomId;
use std::collections::BTreeMap;
use std::net::IpAddr;
use std::sync::Arc;
use tokio::sync::{Semaphore, watch};

/// State that every route shares. Cheap to clone.
#[derive(Clone)]
pub struct Context {
    /// Handle to the engine.
    pub handle: Handle,
    /// Clock of the core.
    pub clock: Arc<dyn Clock>,
    /// Reader of the journal.
    pub journal: Reader,
    /// Accounts of everybody who may sign in.
    pub auth: Arc<Auth>,
    /// Identities of the slots.
    pub access: Arc<Access>,
    /// Latest entries of the journal.
    pub recent: Arc<Recent>,
    /// Answers to acts that came with a key, so that none is done twice.
    pub once: Once,
    /// Words of the pages, in both languages.
    pub words: Arc<Words>,
    /// `true` if the old contract's routes are open without a password.
    pub compat: bool,
    /// Server's side of TLS; `None` if everything goes in clear.
    pub tls: Option<ServerTls>,
    /// Host names of this core that are not local by their look, in lower case.
    pub hosts: Arc<[String]>,
    /// Addresses of the proxies that are believed about their clients.
    pub proxies: Arc<[IpAddr]>,
    /// Signal that becomes `true` when the core stops: every stream ends then.
    pub stop: watch::Receiver<bool>,
    /// Count of the people who look at the pages.
    pub audience: Audience,
    /// Pages as they stand, for all of their readers.
    pub screens: Screens,
    /// Look of each room's display.
    pub rooms: Arc<BTreeMap<RoomId, DisplayConfig>>,
    /// Seats of displays, for whom nobody signs in.
    pub displays: DisplaySeats,
    /// Gauge of the journal's disk.
    pub disk: DiskGauge,
    /// Right to have a copy of the journal: there is one at a time.
    pub backups: Arc<Semaphore>,
}

impl Context {
    /// Creates the state, with `latest` as the first entries that pages list (oldest first).
    #[expect(
        clippy::too_many_arguments,
        reason = "each is one part of the core, told once at start"
    )]
    pub(crate) fn new(
        handle: Handle,
        clock: Arc<dyn Clock>,
        journal: Reader,
        auth: Arc<Auth>,
        access: Arc<Access>,
        latest: Vec<Entry>,
        compat: bool,
        hosts: Vec<String>,
        stop: watch::Receiver<bool>,
        words: Words,
    ) -> Self {
        let recent = Arc::new(Recent::from_entries(latest));
        let (words, hosts) = (Arc::new(words), hosts.into());
        Self {
            handle,
            clock,
            journal,
            auth,
            access,
            recent,
            once: Once::default(),
            words,
            compat,
            tls: None,
            hosts,
            proxies: Arc::default(),
            stop,
            audience: Audience::default(),
            screens: Screens::default(),
            rooms: Arc::default(),
            displays: DisplaySeats::default(),
            disk: DiskGauge::default(),
            backups: Arc::new(Semaphore::new(1)),
        }
    }
}

impl Context {
    /// Returns the state of a core that believes these proxies about their clients.
    pub(crate) fn behind(self, proxies: Vec<IpAddr>) -> Self {
        Self { proxies: proxies.into(), ..self }
    }

    /// Returns the state of a core whose displays look so.
    pub(crate) fn showing(self, rooms: BTreeMap<RoomId, DisplayConfig>) -> Self {
        Self { rooms: Arc::new(rooms), ..self }
    }

    /// Returns the state of a core whose ports are under TLS.
    pub(crate) fn under(self, tls: Option<ServerTls>) -> Self {
        Self { tls, ..self }
    }

    /// Returns the latest entries of the journal, oldest first, as pages may show them.
    pub(crate) fn latest(&self) -> Vec<Redacted> {
        self.recent.latest().iter().map(|entry| self.handle.redacted(entry)).collect()
    }
}

/// Reads the journal on a thread for blocking work; [`Problem::disk`] if that fails.
pub(crate) async fn read<T: Send + 'static>(
    context: &Context,
    ask: impl FnOnce(&Reader) -> Result<T, JournalError> + Send + 'static,
) -> Result<T, Problem> {
    let journal = context.journal.clone();
    let read = tokio::task::spawn_blocking(move || ask(&journal)).await;
    match read {
        Ok(Ok(read)) => Ok(read),
        Ok(Err(error)) => {
            tracing::warn!(%error, "the journal could not be read");
            Err(Problem::disk())
        }
        Err(_) => Err(Problem::disk()),
    }
}

/// Asks the accounts on a thread for blocking work; [`Problem::disk`] if that thread ends without an answer.
pub(crate) async fn accounts<T: Send + 'static, E: Into<Problem> + Send + 'static>(
    context: &Context,
    ask: impl FnOnce(&Auth) -> Result<T, E> + Send + 'static,
) -> Result<T, Problem> {
    let auth = context.auth.clone();
    let asked = tokio::task::spawn_blocking(move || ask(&auth)).await;
    asked.map_err(|_| Problem::disk())?.map_err(Into::into)
}
