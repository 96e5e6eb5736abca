//! Every refusal is a problem document, in the language of the request.

use super::Spoken;
use crate::api::Problem;
use axum::extract::Request;
use axum::http::{StatusCode, header};
use axum::middleware::Next;
use axum::response::Response;

/// Puts problems into the asked language, and makes problems of the bare refusals of the router and its layers.
pub(super) async fn speak(request: Request, next: Next) -> Response {
    let Spoken(lang) = Spoken::of(request.uri(), request.headers());
    let mut response = next.run(request).await;
    if let Some(problem) = response.extensions_mut().remove::<Problem>() {
        return problem.answer(lang);
    }
    let status = response.status();
    let refused = status.is_client_error() || status.is_server_error();
    if refused && !is_ours(&response) {
        let allow = response.headers_mut().remove(header::ALLOW);
        response = Problem::of_status(status).answer(lang);
        if let (StatusCode::METHOD_NOT_ALLOWED, Some(allow)) = (status, allow) {
            response.headers_mut().insert(header::ALLOW, allow);
        }
    }
    response
}

/// Whether a route wrote this refusal itself, as a page for people or a problem.
fn is_ours(response: &Response) -> bool {
    let media = response.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    media.is_some_and(|media| media.starts_with("text/html") || media.contains("json"))
}
