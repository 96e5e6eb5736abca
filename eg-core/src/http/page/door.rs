//! Door of the pages: a visitor who is not signed in is led to the login page.

use crate::http::access::{Rights, guarded};
use crate::http::context::Context;
use crate::http::problem::Problem;
use axum::Router;
use axum::extract::Request;
use axum::http::StatusCode;
use axum::middleware::{Next, from_fn};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::MethodRouter;

/// Page: its address, the rights it asks for, and its handler.
pub(crate) type Route = (&'static str, Rights, MethodRouter<Context>);

/// Adds a page to a router, behind its rights.
pub(super) fn add(router: Router<Context>, (path, access, page): Route) -> Router<Context> {
    let page = guarded(access, page);
    // A stream is read by a script, which wants to know the reason.
    let page = if path.ends_with("/live") { page } else { page.route_layer(from_fn(lead)) };
    router.route(path, page)
}

/// Leads whoever is not signed in to the login page.
async fn lead(request: Request, next: Next) -> Response {
    let response = next.run(request).await;
    let refused = response.extensions().get::<Problem>().map(Problem::status);
    if refused == Some(StatusCode::UNAUTHORIZED) {
        return Redirect::to("/login").into_response();
    }
    response
}
