//! The HTTP API: on its own port, and beside the operator page so that its script has one origin.

mod account;
mod body;
mod contract;
mod docs;
mod document;
mod events;
mod games;
mod history;
mod kind;
mod problem;
mod replay;
mod rooms;
mod sessions;
mod shows;
mod slots;

pub use kind::Kind;
pub use problem::Problem;

use body::Asked;
pub(crate) use body::{At, Body};

use crate::journal::{JournalError, Reader};
use crate::web::Web;
use axum::Router;
use std::sync::Arc;
use utoipa_axum::router::OpenApiRouter;

/// Every route of the API with the document that describes it; the two are made from one table.
fn table() -> OpenApiRouter<Web> {
    OpenApiRouter::with_openapi(document::head())
        .merge(contract::routes())
        .merge(account::routes())
        .merge(slots::routes())
        .merge(rooms::routes())
        .merge(shows::routes())
        .merge(sessions::routes())
        .merge(history::routes())
        .merge(events::routes())
        .merge(games::routes())
}

/// The routes of the API, its OpenAPI document, and the page that shows it.
pub fn routes() -> Router<Web> {
    let (router, openapi) = table().split_for_parts();
    router.merge(docs::routes(Arc::new(document::with_schemas(&openapi))))
}

/// The OpenAPI document, without the schemas of what the core shows.
#[cfg(test)]
pub(crate) fn openapi() -> utoipa::openapi::OpenApi {
    table().into_openapi()
}

/// Reads the journal off the reactor.
pub(crate) async fn read<T: Send + 'static>(
    web: &Web,
    ask: impl FnOnce(&Reader) -> Result<T, JournalError> + Send + 'static,
) -> Result<T, Problem> {
    let journal = web.journal.clone();
    let read = tokio::task::spawn_blocking(move || ask(&journal)).await;
    match read {
        Ok(Ok(read)) => Ok(read),
        Ok(Err(error)) => {
            tracing::warn!(%error, "the journal could not be read");
            Err(Problem::disk())
        }
        Err(_) => Err(Problem::disk()),
    }
}
