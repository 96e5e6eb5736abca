//! Layer that turns every refusal into a problem document in the language of the request, or into a page.

use super::context::Context;
use super::locale::Locale;
use super::page;
use super::problem::Problem;
use axum::extract::{Request, State};
use axum::http::{Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::Response;

/// Puts problems into the asked language, and makes problems of the bare refusals of the router and its layers.
pub(super) async fn speak(
    State(context): State<Context>,
    request: Request,
    next: Next,
) -> Response {
    let Locale(lang) = Locale::of(request.uri(), request.headers());
    let for_people = is_for_people(&request);
    let mut response = next.run(request).await;
    if let Some(problem) = response.extensions_mut().remove::<Problem>() {
        return match for_people {
            true => page::problem(&context, lang, &problem),
            false => problem.answer(lang),
        };
    }
    let status = response.status();
    let refused = status.is_client_error() || status.is_server_error();
    if refused && !is_ours(&response) {
        let allow = response.headers_mut().remove(header::ALLOW);
        let problem = Problem::of_status(status);
        if for_people {
            return page::problem(&context, lang, &problem);
        }
        response = problem.answer(lang);
        if let (StatusCode::METHOD_NOT_ALLOWED, Some(allow)) = (status, allow) {
            response.headers_mut().insert(header::ALLOW, allow);
        }
    }
    response
}

/// Returns `true` if a person reads the answer: the request asks for the address of a page, and not for a document.
fn is_for_people(request: &Request) -> bool {
    let path = request.uri().path();
    let of_programs = ["/api/", "/assets/", "/health", "/metrics", "/openapi.json"];
    let is_page =
        !of_programs.iter().any(|start| path.starts_with(start)) && !path.ends_with("/live");
    let accepts = request.headers().get(header::ACCEPT).and_then(|value| value.to_str().ok());
    let wants_json = accepts.is_some_and(|media| media.contains("json"));
    request.method() == Method::GET && is_page && !wants_json
}

/// Returns `true` if a route wrote this refusal itself, as a page for people or a problem.
fn is_ours(response: &Response) -> bool {
    let media = response.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    media.is_some_and(|media| media.starts_with("text/html") || media.contains("json"))
}
