//! Guard before every route: which requests are answered at all, and the headers of every answer.

use super::site::Site;
use axum::Json;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use eg_page::{CSP, host_name, is_local, is_own_page};
use serde_json::json;

/// Reason why a request by a stranger's name is refused.
pub(super) const OTHER_HOST: &str =
    "this slot is not known by that host name; add it to `hosts` in the slot's file";
/// Reason why a write of another site's page is refused.
pub(super) const OTHER_SITE: &str = "a page of another site may not change anything here";

/// Turns away requests that come by a stranger's name (DNS rebinding) and writes of other sites' pages, and adds the
/// headers that every answer carries.
pub(super) async fn guard(State(site): State<Site>, request: Request, next: Next) -> Response {
    let headers = request.headers();
    let mut response = if !is_ours(headers, &site.hosts) {
        refuse(&site, headers, StatusCode::MISDIRECTED_REQUEST, OTHER_HOST)
    } else if request.method() == Method::POST && !may_write(headers) {
        refuse(&site, headers, StatusCode::FORBIDDEN, OTHER_SITE)
    } else {
        next.run(request).await
    };
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(CSP));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    response
}

/// Returns `true` if the request names an address, a local name, or one of `hosts`. A request without a host comes from
/// no browser.
fn is_ours(headers: &HeaderMap, hosts: &[String]) -> bool {
    let Some(host) = headers.get(header::HOST) else { return true };
    let Ok(host) = host.to_str() else { return false };
    let name = host_name(host).to_ascii_lowercase();
    is_local(&name) || hosts.contains(&name)
}

/// Returns `true` if the request comes from this page or from a program. Over plain HTTP browsers say by `Origin` where a
/// request comes from, and by Fetch Metadata (W3C) only on this machine and over TLS.
fn may_write(headers: &HeaderMap) -> bool {
    let from = headers.get("sec-fetch-site").map(HeaderValue::as_bytes);
    matches!(from, None | Some(b"same-origin" | b"none")) && is_own_page(headers)
}

fn refuse(site: &Site, headers: &HeaderMap, status: StatusCode, english: &str) -> Response {
    let problem = json!({ "detail": site.said(headers, english) });
    (status, Json(problem)).into_response()
}
