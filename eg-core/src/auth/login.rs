//! Signing in and out.

use super::{Denied, guard};
use crate::api::Problem;
use crate::web::Web;
use axum::extract::{ConnectInfo, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use axum::{Json, Router};
use serde::Deserialize;
use std::net::SocketAddr;

/// `POST /login` and `POST /logout`.
pub fn routes() -> Router<Web> {
    Router::new().route("/login", post(login)).route("/logout", post(logout))
}

#[derive(Deserialize)]
struct Login {
    password: String,
}

async fn login(
    State(web): State<Web>,
    ConnectInfo(from): ConnectInfo<SocketAddr>,
    Json(Login { password }): Json<Login>,
) -> Result<Response, Problem> {
    let auth = web.auth.clone();
    let checked = tokio::task::spawn_blocking(move || auth.login(from.ip(), &password)).await;
    match checked {
        Ok(Ok(cookie)) => Ok(([(header::SET_COOKIE, cookie)], StatusCode::NO_CONTENT).into_response()),
        Ok(Err(Denied::Wrong)) => Err(Problem::wrong_password()),
        Ok(Err(Denied::Wait(span))) => Err(Problem::wait(span)),
        Ok(Err(Denied::Disk)) | Err(_) => Err(Problem::disk()),
    }
}

async fn logout(State(web): State<Web>, headers: HeaderMap) -> Response {
    if let Some(session) = guard::session(&headers) {
        let (auth, session) = (web.auth.clone(), session.to_owned());
        let ended = tokio::task::spawn_blocking(move || auth.logout(&session)).await;
        if ended.is_err() {
            return Problem::disk().into_response();
        }
    }
    let gone = format!("{}=; Path=/; HttpOnly; SameSite=Strict; Max-Age=0", super::COOKIE);
    ([(header::SET_COOKIE, gone)], StatusCode::NO_CONTENT).into_response()
}
