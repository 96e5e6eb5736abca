//! Whoever a request comes from: a user by the session's cookie, a script by its token, or a guest.

use super::client::{ClientConnection, Scheme};
use super::context::Context;
use super::problem::Problem;
use crate::audit::Author;
use crate::auth::{Identity, Role, SessionKey};
use crate::engine::command::Actor;
use axum::extract::{ConnectInfo, FromRequestParts, Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, header};
use axum::middleware::Next;
use axum::response::Response;
use eg_page::cookie;
use std::convert::Infallible;
use std::net::SocketAddr;
use std::time::Duration;

/// Name of the session's cookie.
const COOKIE: &str = "eg_session";

/// Time between two looks at whether an identity behind an open stream still holds.
const LOOK: Duration = Duration::from_secs(5);

/// Sender of a request, as the layer that identifies it found it.
#[derive(Clone, Debug, Default)]
pub struct Caller {
    identity: Option<Identity>,
    compat: bool,
}

impl Caller {
    /// Returns the user or token; `None` for a guest.
    pub fn identity(&self) -> Option<&Identity> {
        self.identity.as_ref()
    }

    /// Returns the rights of the user or token; `None` for a guest.
    pub fn role(&self) -> Option<Role> {
        self.identity().map(|identity| identity.role)
    }

    /// Returns `true` if guests may use the routes of the old contract.
    pub(super) fn is_compatible(&self) -> bool {
        self.compat
    }

    /// Returns the actor under which the journal records the request; `compat` for a guest.
    pub fn actor(&self) -> Actor {
        Actor(self.identity().map_or_else(|| "compat".to_owned(), Identity::told))
    }

    /// Returns a text that no other session or token has; empty for guests.
    pub(super) fn key(&self) -> String {
        self.identity().map_or_else(String::new, |who| format!("{} {:?}", who.told(), who.proof))
    }
}

impl<S: Sync> FromRequestParts<S> for Caller {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(parts.extensions.get::<Self>().cloned().unwrap_or_default())
    }
}

/// Extractor for the identity of somebody who is signed in.
#[derive(Clone, Debug)]
pub(super) struct SignedIn(pub(super) Identity);

impl<S: Sync> FromRequestParts<S> for SignedIn {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let caller = parts.extensions.get::<Caller>();
        let identity = caller.and_then(|caller| caller.identity.clone());
        identity.map(Self).ok_or_else(Problem::not_signed_in)
    }
}

impl<S: Sync> FromRequestParts<S> for Author {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Infallible> {
        let caller = Caller::from_request_parts(parts, state).await?;
        let client = ClientConnection::from_request_parts(parts, state).await?;
        Ok(Self::at(caller.actor().0, client.address))
    }
}

/// Finds out who sends a request, and over what, for the layers and routes inside.
pub(super) async fn identify(
    State(context): State<Context>,
    peer: Result<ConnectInfo<SocketAddr>, axum::extract::rejection::ExtensionRejection>,
    mut request: Request,
    next: Next,
) -> Response {
    refresh(&context).await;
    let headers = request.headers();
    let peer = peer.ok().map(|ConnectInfo(peer)| peer.ip().to_canonical());
    let secure = request.extensions().get() == Some(&Scheme::Https);
    let client = ClientConnection::of(peer, headers, &context.proxies, secure);
    let identity = match headers.get(header::AUTHORIZATION) {
        // A token that does not hold is no reason to look at the cookie.
        Some(said) => bearer(said).and_then(|token| context.auth.identify(None, Some(token))),
        None => context.auth.identify(session(headers), None),
    };
    let caller = Caller { identity, compat: context.compat };
    request.extensions_mut().insert(client);
    request.extensions_mut().insert(caller);
    next.run(request).await
}

/// Returns the id of the session in a request's cookies.
pub(super) fn session(headers: &HeaderMap) -> Option<&str> {
    let all = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    all.into_iter().find_map(|cookies| cookie(cookies, COOKIE))
}

/// Returns the token of an `Authorization` header (RFC 6750 section 2.1).
pub(super) fn bearer(said: &HeaderValue) -> Option<&str> {
    let (scheme, token) = said.to_str().ok()?.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}

/// Returns the `Set-Cookie` header that begins a session in a browser.
pub(super) fn enter(key: &SessionKey, client: ClientConnection) -> String {
    let life = SessionKey::life().as_secs();
    let secure = if client.secure { "; Secure" } else { "" };
    format!("{COOKIE}={}; Path=/; HttpOnly; SameSite=Strict; Max-Age={life}{secure}", key.text())
}

/// Returns the `Set-Cookie` header that removes a session's cookie.
pub(super) fn leave() -> String {
    format!("{COOKIE}=; Path=/; HttpOnly; SameSite=Strict; Max-Age=0")
}

/// Takes over what another process has changed in the accounts, if that may be.
async fn refresh(context: &Context) {
    if !context.auth.is_due() {
        return;
    }
    let auth = context.auth.clone();
    match tokio::task::spawn_blocking(move || auth.refresh()).await {
        Ok(Ok(())) | Err(_) => {}
        Ok(Err(error)) => tracing::warn!(%error, "the accounts could not be looked at"),
    }
}

/// Waits until an identity does not hold any more: its session has ended, its token was revoked, its role is another.
pub(super) async fn ended(context: &Context, identity: Option<&Identity>) {
    let Some(identity) = identity else { return std::future::pending().await };
    let mut changed = context.auth.changed();
    while context.auth.is_current(identity) {
        tokio::select! {
            _ = changed.changed() => {}
            () = tokio::time::sleep(LOOK) => refresh(context).await,
        }
    }
}

#[cfg(test)]
impl Caller {
    /// Creates a caller who is this user.
    pub(super) fn of_user(name: &str, role: Role) -> Self {
        let proof = crate::auth::Proof::Session(1);
        Self { identity: Some(Identity { name: name.to_owned(), role, proof }), compat: false }
    }
}
