//! HTTP API: on its own port, and beside the operator page so that its script has one origin.

mod account;
mod attention;
mod audit;
pub(super) mod backup;
mod docs_page;
mod event_stream;
mod events;
mod games;
mod history;
mod legacy;
mod metrics;
mod names;
mod openapi;
mod paging;
mod plan;
mod room_settings;
mod rooms;
mod session_table;
mod sessions;
mod shows;
mod slots;
mod slots_access;
mod slots_panel;
mod tokens;
mod users;

use super::access::Routes;
use super::context::Context;
use axum::Router;
use std::sync::Arc;
use utoipa_axum::router::OpenApiRouter;

/// Returns every route of the API with the document that describes it; the two are made from one table.
fn table() -> OpenApiRouter<Context> {
    Routes::with_head(openapi::head())
        .merge(legacy::routes())
        .merge(attention::routes())
        .merge(metrics::routes())
        .merge(account::routes())
        .merge(users::routes())
        .merge(tokens::routes())
        .merge(audit::routes())
        .merge(slots::routes())
        .merge(slots_access::routes())
        .merge(slots_panel::routes())
        .merge(rooms::routes())
        .merge(names::routes())
        .merge(plan::routes())
        .merge(shows::routes())
        .merge(sessions::routes())
        .merge(session_table::routes())
        .merge(history::routes())
        .merge(events::routes())
        .merge(backup::routes())
        .merge(games::routes())
        .into_router()
}

/// Returns the routes of the API, its OpenAPI document, and the page that shows it.
pub fn routes() -> Router<Context> {
    let (router, openapi) = table().split_for_parts();
    router.merge(docs_page::routes(Arc::new(openapi::with_schemas(&openapi))))
}

/// Returns the OpenAPI document, without the schemas of what the core shows.
#[cfg(test)]
pub(crate) fn openapi() -> utoipa::openapi::OpenApi {
    table().into_openapi()
}
