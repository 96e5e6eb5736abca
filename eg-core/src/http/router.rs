//! Routers of both ports, and the layers around all of their routes.

use super::api::backup::JOURNAL_FILE;
use super::context::Context;
use super::extract::BODY_LIMIT;
use super::{api, caller, connection_limit, idempotency, localize, origin, page, scheme};
use axum::Router;
use axum::extract::{DefaultBodyLimit, Request};
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::middleware::{Next, from_fn, from_fn_with_state};
use axum::response::Response;
use eg_page::{CSP, assets};
use std::time::Duration;
use tower_http::CompressionLevel;
use tower_http::compression::CompressionLayer;
use tower_http::compression::predicate::{DefaultPredicate, NotForContentType, Predicate};
use tower_http::timeout::TimeoutLayer;

/// Longest time for an answer to begin; beyond, the request is given up.
const ANSWER: Duration = Duration::from_secs(15);

/// Returns the router of the API's port.
pub fn api_port(context: Context) -> Router {
    around(api::routes().merge(assets()), context)
}

/// Returns the router of the operator page's port: the page, and the API for its script.
pub fn page_port(context: Context) -> Router {
    around(api::routes().merge(assets()).merge(page::routes()), context)
}

/// Adds the layers around every route, from the inside out.
fn around(routes: Router<Context>, context: Context) -> Router {
    routes
        .layer(DefaultBodyLimit::max(BODY_LIMIT))
        .layer(from_fn_with_state(context.clone(), idempotency::guard::guard))
        .layer(from_fn(connection_limit::keep))
        .layer(from_fn_with_state(context.clone(), caller::identify))
        .layer(TimeoutLayer::with_status_code(StatusCode::SERVICE_UNAVAILABLE, ANSWER))
        .layer(from_fn_with_state(context.clone(), scheme::guard))
        .layer(from_fn_with_state(context.clone(), origin::guard))
        .layer(from_fn_with_state(context.clone(), localize::speak))
        .layer(from_fn(headers))
        .layer(compression())
        .with_state(context)
}

fn compression() -> CompressionLayer<impl Predicate> {
    let which = DefaultPredicate::new().and(NotForContentType::const_new(JOURNAL_FILE));
    CompressionLayer::new().quality(CompressionLevel::Precise(4)).compress_when(which)
}

/// Adds the headers that every answer carries: nothing is framed, sniffed, kept, or loaded from elsewhere.
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
