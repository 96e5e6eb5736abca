//! Check of a request's origin: this core's own names, and for writes this core's own pages.

use super::context::Context;
use super::problem::Problem;
use super::problem_type::ProblemType;
use crate::broker::websocket::{host_name, is_local};
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use eg_proto::Text;

/// Paths that pages of the old contract call from a port of their own.
pub(super) const CONTRACT: [&str; 4] = ["/health", "/api/mode", "/api/night/step", "/api/payouts"];

/// Refuses host names that a stranger's DNS may have pointed here, and writes that a page of another origin sent from
/// the operator's browser (Fetch Metadata, W3C). With `compat`, pages of an older installation, wherever they are
/// served from, may use the routes of the old contract (CORS, Fetch Standard), which need no session.
pub(super) async fn guard(
    State(context): State<Context>,
    request: Request,
    next: Next,
) -> Response {
    let host = request.headers().get(header::HOST).and_then(|host| host.to_str().ok());
    let host = host.or_else(|| request.uri().authority().map(|authority| authority.as_str()));
    let host = host.map(host_name).unwrap_or_default().to_ascii_lowercase();
    if !is_local(&host) && !context.hosts.contains(&host) {
        return wrong_host(&host).into_response();
    }
    let page = request.headers().get(header::ORIGIN).cloned();
    let old_page = page.filter(|_| context.compat && CONTRACT.contains(&request.uri().path()));
    if let Some(origin) = old_page {
        return shared(origin, request, next).await;
    }
    let reads = matches!(*request.method(), Method::GET | Method::HEAD);
    if reads || is_own_page(request.headers()) {
        next.run(request).await
    } else {
        Problem::other_site().into_response()
    }
}

/// Returns `true` if a request comes from a program, or from a page of the same origin, as browsers tell.
fn is_own_page(headers: &HeaderMap) -> bool {
    let from = headers.get("sec-fetch-site").map(HeaderValue::as_bytes);
    matches!(from, None | Some(b"same-origin" | b"none"))
}

/// Answers a page with the headers that let its browser show the answer to it.
async fn shared(origin: HeaderValue, request: Request, next: Next) -> Response {
    let mut response = if *request.method() == Method::OPTIONS {
        let allowed = [
            (header::ACCESS_CONTROL_ALLOW_METHODS, "GET, POST"),
            (header::ACCESS_CONTROL_ALLOW_HEADERS, "content-type"),
        ];
        (StatusCode::NO_CONTENT, allowed).into_response()
    } else {
        next.run(request).await
    };
    response.headers_mut().insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin);
    response.headers_mut().insert(header::VARY, HeaderValue::from_static("Origin"));
    response
}

fn wrong_host(host: &str) -> Problem {
    let fr =
        format!("ce serveur ne s’appelle pas « {host} » ; ajoutez ce nom à `hosts` dans core.yaml");
    let en = format!("this core is not called {host:?}; add the name to `hosts` in core.yaml");
    Problem::new(ProblemType::WrongHost, Text::new(fr, en))
}
