//! Proof that a request comes from the operator.

use super::context::Context;
use super::problem::Problem;
use crate::auth::COOKIE;
use crate::engine::command::Actor;
use axum::extract::{FromRequestParts, OptionalFromRequestParts};
use axum::http::request::Parts;
use axum::http::{HeaderMap, header};
use eg_page::cookie;
use std::convert::Infallible;

/// Extractor for requests of somebody who is signed in. A route that takes it is closed to everybody else.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Operator;

impl Operator {
    /// Returns the actor under which the journal records the operator.
    pub fn actor(self) -> Actor {
        Actor("operator".to_owned())
    }
}

/// Returns the id of the session in a request's cookies.
pub(crate) fn session(headers: &HeaderMap) -> Option<&str> {
    let all = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    all.into_iter().find_map(|cookies| cookie(cookies, COOKIE))
}

fn operator(headers: &HeaderMap, context: &Context) -> Option<Operator> {
    session(headers).filter(|session| context.auth.knows(session)).map(|_| Operator)
}

impl FromRequestParts<Context> for Operator {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, context: &Context) -> Result<Self, Problem> {
        operator(&parts.headers, context).ok_or_else(Problem::not_signed_in)
    }
}

impl OptionalFromRequestParts<Context> for Operator {
    type Rejection = Infallible;

    async fn from_request_parts(
        parts: &mut Parts,
        context: &Context,
    ) -> Result<Option<Self>, Infallible> {
        Ok(operator(&parts.headers, context))
    }
}

/// Extractor for requests that may use the routes of the old contract: the operator's, or with `compat` anybody's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asker(Option<Operator>);

impl Asker {
    /// Returns the actor under which the journal records the request.
    pub fn actor(self) -> Actor {
        self.0.map_or_else(|| Actor("compat".to_owned()), Operator::actor)
    }
}

impl FromRequestParts<Context> for Asker {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, context: &Context) -> Result<Self, Problem> {
        match operator(&parts.headers, context) {
            None if !context.compat => Err(Problem::not_signed_in()),
            known => Ok(Self(known)),
        }
    }
}
