//! What every HTTP route shares, and the layers around all of them.

mod recent;

pub use recent::Recent;

use crate::auth::Auth;
use crate::clock::Clock;
use crate::handle::Handle;
use crate::journal::Reader;
use axum::extract::Request;
use axum::http::{HeaderName, HeaderValue, header};
use axum::middleware::Next;
use axum::response::Response;
use eg_page::{CSP, Words};
use std::sync::Arc;
use tokio::sync::watch;

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
    /// The pages' words.
    pub words: Arc<Words>,
    /// Whether the old contract's routes are open without a password.
    pub compat: bool,
    /// Becomes true when the core stops: every stream ends then.
    pub stop: watch::Receiver<bool>,
}

/// Headers that every answer carries: nothing is framed, sniffed, or loaded from elsewhere.
pub async fn headers(request: Request, next: Next) -> Response {
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
