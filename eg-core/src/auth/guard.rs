//! Proof that a request comes from the operator, and from a page of ours.

use super::COOKIE;
use crate::api::Problem;
use crate::handle::Actor;
use crate::web::Web;
use axum::extract::{FromRequestParts, OptionalFromRequestParts, Request};
use axum::http::request::Parts;
use axum::http::{HeaderMap, Method, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use std::convert::Infallible;

/// Somebody who is signed in. A route that takes one is closed to everybody else.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Operator;

impl Operator {
    /// How the journal names them.
    pub fn actor(self) -> Actor {
        Actor("operator".to_owned())
    }
}

/// The id of the session in a request's cookies.
pub(super) fn session(headers: &HeaderMap) -> Option<&str> {
    let cookies = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    cookies
        .flat_map(|cookies| cookies.split(';'))
        .find_map(|cookie| cookie.trim().strip_prefix(COOKIE)?.strip_prefix('='))
}

fn operator(headers: &HeaderMap, web: &Web) -> Option<Operator> {
    session(headers).filter(|session| web.auth.knows(session)).map(|_| Operator)
}

impl FromRequestParts<Web> for Operator {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, web: &Web) -> Result<Self, Problem> {
        operator(&parts.headers, web).ok_or_else(Problem::not_signed_in)
    }
}

impl OptionalFromRequestParts<Web> for Operator {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, web: &Web) -> Result<Option<Self>, Infallible> {
        Ok(operator(&parts.headers, web))
    }
}

/// Refuses a write that another site's page sent from the operator's browser (Fetch Metadata, W3C).
pub async fn same_site(request: Request, next: Next) -> Response {
    let reads = matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS);
    let from = request.headers().get("sec-fetch-site").map(|value| value.as_bytes());
    let ours = matches!(from, None | Some(b"same-origin" | b"same-site" | b"none"));
    if reads || ours { next.run(request).await } else { Problem::other_site().into_response() }
}
