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
use eg_proto::Text;

/// Paths that pages of the old contract call from a port of their own.
const CONTRACT: [&str; 4] = ["/health", "/api/mode", "/api/night/step", "/api/payouts"];

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
    match sender(request.headers(), &authority) {
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
fn sender(headers: &HeaderMap, authority: &str) -> Sender {
    if let Some(origin) = headers.get(header::ORIGIN) {
        let origin = origin.to_str().ok().and_then(|origin| origin.split_once("://"));
        let own = origin.is_some_and(|(scheme, host)| {
            let usual = if scheme.eq_ignore_ascii_case("https") { ":443" } else { ":80" };
            let bare = |text: &str| text.strip_suffix(usual).unwrap_or(text).to_ascii_lowercase();
            bare(host) == bare(authority)
        });
        return if own { Sender::Own } else { Sender::Foreign };
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

    fn judged(origin: Option<&str>, site: Option<&str>, authority: &str) -> Sender {
        let mut headers = HeaderMap::new();
        headers.extend(origin.map(|origin| (header::ORIGIN, origin.parse().unwrap())));
        let site = site.map(|site| ("sec-fetch-site".parse().unwrap(), site.parse().unwrap()));
        headers.extend::<Option<(header::HeaderName, HeaderValue)>>(site);
        sender(&headers, authority)
    }

    #[test]
    fn a_page_is_our_own_by_host_and_port() {
        for (origin, authority) in [
            ("http://room.local:3000", "room.local:3000"),
            ("http://ROOM.local:3000", "room.local:3000"),
            ("http://room.local", "room.local:80"),
            ("https://room.local", "room.local"),
            ("http://[::1]:3000", "[::1]:3000"),
        ] {
            assert_eq!(judged(Some(origin), None, authority), Sender::Own, "{origin}");
        }
        for origin in
            ["http://room.local:8080", "http://evil.example", "null", "", "room.local:3000"]
        {
            let judged = judged(Some(origin), Some("same-origin"), "room.local:3000");
            assert_eq!(judged, Sender::Foreign, "{origin}");
        }
    }

    #[test]
    fn without_an_origin_fetch_metadata_decides() {
        assert_eq!(judged(None, None, "room.local"), Sender::Unsaid);
        assert_eq!(judged(None, Some("same-origin"), "room.local"), Sender::Own);
        assert_eq!(judged(None, Some("cross-site"), "room.local"), Sender::Link);
        assert_eq!(judged(None, Some("same-site"), "room.local"), Sender::Link);
    }
}
