//! What every HTTP route shares, and the layers around all of them.

mod audience;
mod language;
mod once;
mod pages;
mod problems;
mod recent;
mod seats;
mod serve;
mod site;
#[cfg(test)]
mod tests;

pub use audience::{Audience, Looks};
pub use language::Spoken;
pub use pages::{Pages, PagesError, PagesOptions};
pub use recent::Recent;
pub(crate) use seats::Seat;
pub use serve::{PortError, bind, serve};

use crate::auth::Auth;
use crate::clock::Clock;
use crate::handle::{Entry, Handle};
use crate::journal::{Reader, Redacted};
use crate::{api, page};
use axum::Router;
use axum::extract::{DefaultBodyLimit, Request};
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::middleware::{Next, from_fn, from_fn_with_state};
use axum::response::Response;
use eg_page::{CSP, Words};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::watch;
use tower_http::timeout::TimeoutLayer;

/// Largest body, in bytes.
const BODY: usize = 64 * 1024;

/// An answer that takes longer to begin is given up.
const ANSWER: Duration = Duration::from_secs(15);

/// What every route may use. Cheap to clone.
#[derive(Clone)]
pub struct Web {
    /// The door to the engine.
    pub handle: Handle,
    /// The core's clock.
    pub clock: Arc<dyn Clock>,
    /// The journal, for reading.
    pub journal: Reader,
    /// Who may write.
    pub auth: Arc<Auth>,
    /// The latest entries of the journal.
    pub recent: Arc<Recent>,
    /// Acts that came with a key, so that none is done twice.
    pub once: once::Once,
    /// The pages' words.
    pub words: Arc<Words>,
    /// Whether the old contract's routes are open without a password.
    pub compat: bool,
    /// Host names of this core that are not local by their look, in lower case.
    pub hosts: Arc<[String]>,
    /// Becomes true when the core stops: every stream ends then.
    pub stop: watch::Receiver<bool>,
    /// Who looks at the pages.
    pub audience: Audience,
}

impl Web {
    /// What every route may use, with `latest` as the first entries that pages list (oldest first).
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
        hosts: Vec<String>,
        stop: watch::Receiver<bool>,
    ) -> Self {
        let recent = Arc::new(Recent::from_entries(latest));
        let words = page::words().expect("a test reads the files of the words");
        let (words, hosts) = (Arc::new(words), hosts.into());
        Self {
            handle,
            clock,
            journal,
            auth,
            recent,
            once: once::Once::default(),
            words,
            compat,
            hosts,
            stop,
            audience: Audience::default(),
        }
    }
}

impl Web {
    /// The latest entries of the journal, oldest first, as pages may show them.
    pub(crate) fn latest(&self) -> Vec<Redacted> {
        self.recent.latest().iter().map(|entry| self.handle.redacted(entry)).collect()
    }
}

/// What the API's port serves.
pub fn api_port(web: Web) -> Router {
    around(api::routes().merge(page::assets()), web)
}

/// What the operator page's port serves: the page, and the API for its script.
pub fn page_port(web: Web) -> Router {
    around(api::routes().merge(page::assets()).merge(page::routes()), web)
}

/// The layers around every route, from the inside out.
fn around(routes: Router<Web>, web: Web) -> Router {
    routes
        .layer(DefaultBodyLimit::max(BODY))
        .layer(from_fn_with_state(web.clone(), once::guard))
        .layer(TimeoutLayer::with_status_code(StatusCode::SERVICE_UNAVAILABLE, ANSWER))
        .layer(from_fn_with_state(web.clone(), site::guard))
        .layer(from_fn_with_state(web.clone(), problems::speak))
        .layer(from_fn(headers))
        .with_state(web)
}

/// Headers that every answer carries: nothing is framed, sniffed, kept, or loaded from elsewhere.
async fn headers(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let all: [(HeaderName, &'static str); 4] = [
        (header::CONTENT_SECURITY_POLICY, CSP),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "same-origin"),
        (header::CACHE_CONTROL, "no-store"),
    ];
    for (name, value) in all {
        response.headers_mut().entry(name).or_insert(HeaderValue::from_static(value));
    }
    response
}
