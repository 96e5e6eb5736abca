//! Check of a request's origin: this core's own names, and this core's own pages.

use super::caller::bearer;
use super::context::Context;
use super::extract::is_json;
use super::problem::Problem;
use super::problem_type::ProblemType;
use crate::broker::websocket::{host_name, is_local};
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use eg_page::is_own_page;
use eg_proto::Text;

/// Paths that pages of the old contract call from a port of their own.
pub(super) const CONTRACT: [&str; 4] = ["/health", "/api/mode", "/api/night/step", "/api/payouts"];

/// Refuses host names that a stranger's DNS may have pointed here, and requests that a page of another origin sent from
/// a user's browser. With `compat`, pages of an older installation, wherever they are served from, may use the routes of
/// the old contract (CORS, Fetch Standard), which need no session.
pub(super) async fn guard(
    State(context): State<Context>,
    request: Request,
    next: Next,
) -> Response {
    let authority = request.headers().get(header::HOST).and_then(|host| host.to_str().ok());
    let authority = authority.or_else(|| request.uri().authority().map(|it| it.as_str()));
    let authority = authority.unwrap_or_default().to_ascii_lowercase();
    let host = host_name(&authority);
    if !is_local(host) && !context.hosts.iter().any(|known| known == host) {
        return wrong_host(host).into_response();
    }
    let page = request.headers().get(header::ORIGIN).cloned();
    let old_page = page.filter(|_| context.compat && CONTRACT.contains(&request.uri().path()));
    if let Some(origin) = old_page {
        return shared(origin, request, next).await;
    }
    // No browser sends a token by itself, and whoever sends one is known by it alone.
    if request.headers().get(header::AUTHORIZATION).and_then(bearer).is_some() {
        return next.run(request).await;
    }
    let reads = matches!(*request.method(), Method::GET | Method::HEAD);
    match sender(request.headers()) {
        Sender::Own => next.run(request).await,
        // Links lead here from anywhere; a page of another site cannot read what it asks for in silence.
        Sender::Unsaid | Sender::Link if reads => next.run(request).await,
        Sender::Unsaid if is_program(request.headers()) => next.run(request).await,
        Sender::Unsaid => Problem::unsaid_origin().into_response(),
        Sender::Link | Sender::Foreign => Problem::other_site().into_response(),
    }
}

/// Sender of a request, as far as its headers tell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Sender {
    /// A page of this very host and port.
    Own,
    /// A page of another origin that asks for something by script or form: `Origin` names it.
    Foreign,
    /// Something on another page that names no origin, such as a link or an image.
    Link,
    /// Unknown: a program, or a browser that says nothing.
    Unsaid,
}

/// Tells the sender by `Origin` (RFC 6454), compared with the host that was asked for, since browsers send Fetch
/// Metadata (W3C) over TLS and to localhost alone; without `Origin`, by `Sec-Fetch-Site`.
fn sender(headers: &HeaderMap) -> Sender {
    if headers.contains_key(header::ORIGIN) {
        return if is_own_page(headers) { Sender::Own } else { Sender::Foreign };
    }
    match headers.get("sec-fetch-site").map(HeaderValue::as_bytes) {
        None => Sender::Unsaid,
        Some(b"same-origin" | b"none") => Sender::Own,
        Some(_) => Sender::Link,
    }
}

/// Returns `true` for a write that no page can have sent without an `Origin`: it carries no cookie, or a media type that
/// no form has. So scripts with a cookie jar go on, as long as they say `Content-Type: application/json`.
fn is_program(headers: &HeaderMap) -> bool {
    !headers.contains_key(header::COOKIE) || is_json(headers)
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

#[cfg(test)]
mod tests {
    use super::*;

    fn judged(origin: Option<&str>, site: Option<&str>) -> Sender {
        let mut headers = HeaderMap::new();
        headers.insert(header::HOST, HeaderValue::from_static("room.local:3000"));
        headers.extend(origin.map(|origin| (header::ORIGIN, origin.parse().unwrap())));
        let name = header::HeaderName::from_static("sec-fetch-site");
        headers.extend(site.map(|site| (name, site.parse().unwrap())));
        sender(&headers)
    }

    #[test]
    fn an_origin_decides_whatever_fetch_metadata_says() {
        let judged = |origin| judged(Some(origin), Some("same-origin"));

        assert_eq!(judged("http://ROOM.local:3000"), Sender::Own);
        for origin in ["http://room.local:8080", "http://evil.example", "null", ""] {
            assert_eq!(judged(origin), Sender::Foreign, "{origin}");
        }
    }

    #[test]
    fn without_an_origin_fetch_metadata_decides() {
        let judged = |site| judged(None, site);

        assert_eq!([judged(None), judged(Some("same-origin"))], [Sender::Unsaid, Sender::Own]);
        assert_eq!(["cross-site", "same-site"].map(Some).map(judged), [Sender::Link; 2]);
    }
}
