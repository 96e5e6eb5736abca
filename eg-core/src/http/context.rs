//! State that every route shares.

use super::audience::Audience;
use super::idempotency::Once;
use super::problem::Problem;
use super::recent::Recent;
use crate::auth::Auth;
use crate::clock::Clock;
use crate::engine::handle::Handle;
use crate::journal::{Entry, JournalError, Reader, Redacted};
use crate::tls::ServerTls;
use eg_page::Words;
use std::sync::Arc;
use tokio::sync::watch;

/// State that every route shares. Cheap to clone.
#[derive(Clone)]
pub struct Context {
    /// Handle to the engine.
    pub handle: Handle,
    /// Clock of the core.
    pub clock: Arc<dyn Clock>,
    /// Reader of the journal.
    pub journal: Reader,
    /// Accounts and sessions of those who may write.
    pub auth: Arc<Auth>,
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
    /// Signal that becomes `true` when the core stops: every stream ends then.
    pub stop: watch::Receiver<bool>,
    /// Count of the people who look at the pages.
    pub audience: Audience,
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
        latest: Vec<Entry>,
        compat: bool,
        tls: Option<ServerTls>,
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
            recent,
            once: Once::default(),
            words,
            compat,
            tls,
            hosts,
            stop,
            audience: Audience::default(),
        }
    }
}

impl Context {
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
