//! Server of the API and the operator page on their ports, from start to stop.

use super::audience::Audience;
use super::context::Context;
use super::listen::{PortError, bind, serve};
use crate::access::Access;
use crate::auth::{Auth, AuthError};
use crate::clock::Clock;
use crate::config::DisplayConfig;
use crate::engine::handle::Handle;
use crate::journal::{JournalError, Reader};
use crate::tls::ServerTls;
use eg_proto::RoomId;
use std::collections::BTreeMap;
use std::io;
use std::net::{IpAddr, SocketAddr};
use std::path::Path;
use std::sync::Arc;
use std::thread::JoinHandle;
use tokio::sync::watch;

/// Number of entries that a page lists when it is opened right after the start.
const LATEST: usize = 60;

/// Options of the server of API and pages.
#[derive(Clone, Debug)]
pub struct PagesOptions {
    /// Address to listen on.
    pub listen: IpAddr,
    /// TCP port of the API; 0 takes a free one.
    pub api: u16,
    /// TCP port of the operator page; 0 takes a free one.
    pub page: u16,
    /// `true` if the old contract's routes are open without a password.
    pub compat: bool,
    /// Server's side of TLS; `None` if everything goes in clear.
    pub tls: Option<ServerTls>,
    /// Names under which browsers reach this core, besides addresses and local names.
    pub hosts: Vec<String>,
    /// Addresses of the proxies that are believed about their clients.
    pub proxies: Vec<IpAddr>,
    /// Look of each room's display.
    pub displays: BTreeMap<RoomId, DisplayConfig>,
    /// Password of the user `operator`, when it was given; it replaces the one that is kept.
    pub password: Option<String>,
}

/// Error of pages that could not be served.
#[derive(Debug, thiserror::Error)]
pub enum PagesError {
    /// A port is taken, or cannot be listened on.
    #[error(transparent)]
    Port(#[from] PortError),
    /// The accounts cannot be used.
    #[error(transparent)]
    Account(#[from] AuthError),
    /// The journal cannot be read.
    #[error(transparent)]
    Journal(#[from] JournalError),
    /// The words of the pages cannot be read.
    #[error(transparent)]
    Words(#[from] eg_page::WordsError),
    /// The system gives no thread, event queue or address.
    #[error("cannot serve the pages: {0}")]
    System(#[from] io::Error),
}

/// Server of the API and the operator page, on a thread of its own. Dropping it ends every stream and waits for
/// answers under way, for about two seconds at most.
#[derive(Debug)]
pub struct Pages {
    stop: watch::Sender<bool>,
    thread: Option<JoinHandle<()>>,
    api: SocketAddr,
    page: SocketAddr,
    auth: Arc<Auth>,
    drawn: Option<String>,
    audience: Audience,
}

impl Pages {
    /// Binds both ports, opens or makes the accounts in `account`, and serves. Blocks on the disk.
    ///
    /// # Errors
    /// [`PagesError`], naming the port or the file that is in the way.
    pub fn start(
        options: PagesOptions,
        account: &Path,
        handle: Handle,
        journal: Reader,
        access: Arc<Access>,
        clock: Arc<dyn Clock>,
    ) -> Result<Self, PagesError> {
        let PagesOptions { listen, api, page, compat, tls, hosts, proxies, displays, password } =
            options;
        let api = bind("the API", SocketAddr::new(listen, api))?;
        let page = bind("the operator page", SocketAddr::new(listen, page))?;
        let places = (api.local_addr()?, page.local_addr()?);
        let (auth, drawn) = Auth::open(account, password.as_deref(), Arc::clone(&clock))?;
        auth.is_served(places.1)?;
        let auth = Arc::new(auth);
        let latest = journal.entries_before(i64::MAX, LATEST)?;
        let (stop, stopped) = watch::channel(false);
        let door = Arc::clone(&auth);
        let words = super::page::words()?;
        let context = Context::new(
            handle, clock, journal, door, access, latest, compat, hosts, stopped, words,
        )
        .behind(proxies)
        .showing(displays)
        .under(tls);
        let audience = context.audience.clone();
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let body = move || {
            if let Err(error) = runtime.block_on(serve(api, page, context)) {
                tracing::error!(%error, "the pages are not served any more");
            }
        };
        let thread = std::thread::Builder::new().name("eg-web".to_owned()).spawn(body)?;
        let (api, page) = places;
        Ok(Self { stop, thread: Some(thread), api, page, auth, drawn, audience })
    }

    /// Returns the address that the API listens on.
    pub fn api(&self) -> SocketAddr {
        self.api
    }

    /// Returns the address that the operator page listens on.
    pub fn page(&self) -> SocketAddr {
        self.page
    }

    /// Returns the password that was drawn, if this start was the first: to be printed this once.
    pub fn drawn_password(&self) -> Option<&str> {
        self.drawn.as_deref()
    }

    /// Returns the count of the people who look at the pages.
    pub fn audience(&self) -> &Audience {
        &self.audience
    }

    /// Draws a token for a login link, `/?token=…` on the page's port: it works once, within the hour.
    pub fn login_token(&self) -> String {
        self.auth.token()
    }
}

impl Drop for Pages {
    fn drop(&mut self) {
        self.stop.send_replace(true);
        if self.thread.take().is_some_and(|thread| thread.join().is_err()) {
            tracing::error!("the pages' thread had panicked");
        }
    }
}
