//! Guard of what comes in clear although the core has a certificate.

use super::client::Scheme;
use super::context::Context;
use super::locale::Locale;
use super::origin::CONTRACT;
use super::page;
use super::problem::Problem;
use super::problem_type::ProblemType;
use axum::extract::{ConnectInfo, Request, State};
use axum::http::{Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use eg_proto::Text;
use std::net::SocketAddr;

/// Path of the certificate of the room's authority, for browsers.
pub(crate) const AUTHORITY: &str = "/ca.crt";

/// Explains TLS to browsers that come in clear from another machine, and refuses programs that do. Machines of an
/// installation that is older than EG know no TLS: `compat` lets them use its routes.
pub(super) async fn guard(
    State(context): State<Context>,
    request: Request,
    next: Next,
) -> Response {
    let Some(tls) = &context.tls else { return next.run(request).await };
    let path = request.uri().path();
    if path == AUTHORITY && *request.method() == Method::GET {
        let Some(authority) = tls.authority() else { return StatusCode::NOT_FOUND.into_response() };
        let media = (header::CONTENT_TYPE, "application/x-x509-ca-cert");
        return ([media], authority.to_pem()).into_response();
    }
    let extensions = request.extensions();
    let peer = extensions.get::<ConnectInfo<SocketAddr>>().map(|peer| peer.0.ip());
    let is_safe = extensions.get() == Some(&Scheme::Https)
        || peer.is_some_and(|ip| ip.to_canonical().is_loopback());
    if is_safe || (context.compat && CONTRACT.contains(&path)) || path.starts_with("/assets/") {
        return next.run(request).await;
    }
    let accepts = request.headers().get(header::ACCEPT).and_then(|value| value.to_str().ok());
    if *request.method() != Method::GET || !accepts.is_some_and(|media| media.contains("html")) {
        return in_clear().into_response();
    }
    let host = request.headers().get(header::HOST).and_then(|host| host.to_str().ok());
    let secure = format!("https://{}{path}", host.unwrap_or_default());
    let Locale(lang) = Locale::of(request.uri(), request.headers());
    page::in_clear(&context.words, lang, &secure, tls.authority().is_some())
}

fn in_clear() -> Problem {
    let fr = "ce serveur ne parle qu’en TLS aux autres machines : https:// au lieu de http://, avec le certificat que donne /ca.crt";
    let en = "this core speaks to other machines under TLS alone: https:// instead of http://, with the certificate that /ca.crt gives";
    Problem::new(ProblemType::InClear, Text::new(fr, en))
}
