//! Signing in and out.

use crate::auth::{Denied, leave};
use crate::http::context::Context;
use crate::http::extract::JsonBody;
use crate::http::operator::session;
use crate::http::problem::Problem;
use axum::extract::{ConnectInfo, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use std::net::SocketAddr;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(super) fn routes() -> OpenApiRouter<Context> {
    OpenApiRouter::new().routes(routes!(login)).routes(routes!(logout))
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Login {
    /// Password of the operator.
    password: String,
}

/// Signs in
///
/// The answer sets the cookie `eg_session`, which every other route asks for. With curl:
/// `curl -c jar -H 'content-type: application/json' -d '{"password":"…"}' http://CORE:8000/api/login`, then
/// `curl -b jar http://CORE:8000/api/slots`.
#[utoipa::path(post, path = "/api/login", tag = "account", request_body = Login,
    responses((status = 204, description = "Signed in; `Set-Cookie` carries the session."),
        (status = 401, description = "Wrong password."),
        (status = 429, description = "Too many wrong passwords; `Retry-After` says how long to wait.")))]
async fn login(
    State(context): State<Context>,
    ConnectInfo(from): ConnectInfo<SocketAddr>,
    JsonBody(Login { password }): JsonBody<Login>,
) -> Result<Response, Problem> {
    let auth = context.auth.clone();
    let checked = tokio::task::spawn_blocking(move || auth.login(from.ip(), &password)).await;
    match checked {
        Ok(Ok(cookie)) => {
            Ok(([(header::SET_COOKIE, cookie)], StatusCode::NO_CONTENT).into_response())
        }
        Ok(Err(Denied::Wrong)) => Err(Problem::wrong_password()),
        Ok(Err(Denied::Wait(span))) => Err(Problem::wait(span)),
        Ok(Err(Denied::Disk)) | Err(_) => Err(Problem::disk()),
    }
}

/// Signs out
///
/// Ends the session of the cookie; without one it does nothing.
#[utoipa::path(post, path = "/api/logout", tag = "account",
    responses((status = 204, description = "Signed out.")))]
async fn logout(State(context): State<Context>, headers: HeaderMap) -> Result<Response, Problem> {
    if let Some(session) = session(&headers) {
        let (auth, session) = (context.auth.clone(), session.to_owned());
        let ended = tokio::task::spawn_blocking(move || auth.logout(&session)).await;
        ended.map_err(|_| Problem::disk())?;
    }
    Ok(([(header::SET_COOKIE, leave())], StatusCode::NO_CONTENT).into_response())
}
