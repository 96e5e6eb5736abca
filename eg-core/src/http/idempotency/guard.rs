//! Layer that lets an act through the first time, and repeats its answer afterwards.

use super::{Answer, Asked, LARGEST, LONGEST};
use crate::http::caller::Caller;
use crate::http::context::Context;
use crate::http::extract::BODY_LIMIT;
use crate::http::problem::Problem;
use crate::http::problem_type::ProblemType;
use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::http::{Method, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use eg_proto::Text;
use std::sync::Arc;

/// Addresses whose bodies and answers hold passwords and tokens: nothing of them is remembered.
const SECRET: [&str; 6] =
    ["/api/login", "/api/logout", "/api/account", "/api/users", "/api/tokens", "/api/invitation"];

/// Lets an act through the first time, and repeats its answer afterwards.
pub(in crate::http) async fn guard(
    State(context): State<Context>,
    request: Request,
    next: Next,
) -> Response {
    let key = request.headers().get("idempotency-key").and_then(|key| key.to_str().ok());
    let key = key.filter(|key| !key.is_empty() && key.len() <= LONGEST).map(str::to_owned);
    let path = request.uri().path().to_owned();
    let secret = SECRET.iter().any(|start| path.starts_with(start));
    let (Some(key), Method::POST, false) = (key, request.method().clone(), secret) else {
        return next.run(request).await;
    };
    let (parts, body) = request.into_parts();
    let Ok(body) = to_bytes(body, BODY_LIMIT).await else {
        let (fr, en) = ("un corps a 64 ko au plus", "a body has 64 kB at most");
        return Problem::new(ProblemType::TooLarge, Text::new(fr, en)).into_response();
    };
    let caller = parts.extensions.get::<Caller>().map(Caller::key).unwrap_or_default();
    let cell = context.once.cell(Asked { caller, path, key, body: body.clone() });
    let (kept, once) = (Arc::clone(&cell), context.once.clone());
    // On a task of its own: it is done to its end, and remembered, though its caller has gone.
    let done = tokio::spawn(async move {
        let run = async || {
            Answer::read(next.run(Request::from_parts(parts, Body::from(body))).await).await
        };
        let answer = kept.get_or_init(run).await.clone();
        // Not done: to be tried again under the same key.
        let refused = matches!(
            answer.status,
            StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN | StatusCode::SERVICE_UNAVAILABLE
        );
        if answer.body.len() > LARGEST || refused {
            once.forget(&kept);
        }
        answer
    });
    match done.await {
        Ok(answer) => answer.into_response(),
        Err(_) => Problem::of_status(StatusCode::INTERNAL_SERVER_ERROR).into_response(),
    }
}
