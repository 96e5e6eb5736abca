//! Journal entries, page by page and live.

use super::event_stream;
use super::paging::{PageParams, Span, page};
use crate::http::access::{Routes, VIEWER};
use crate::http::caller::Caller;
use crate::http::context::Context;
use crate::http::context::read;
use crate::http::extract::QueryParams;
use crate::http::problem::Problem;
use axum::Json;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::sse::{KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use eg_proto::Text;
use serde::Deserialize;
use serde_json::Value;
use std::time::Duration;
use utoipa::IntoParams;
use utoipa_axum::routes;

/// Number of entries in a page that names no other.
const USUAL: usize = 100;

pub(super) fn routes() -> Routes {
    Routes::new().add(VIEWER, routes!(events)).add(VIEWER, routes!(live))
}

/// Lists entries of the journal after a number
///
/// `next` is the address of the next page, and null on the last one. What was pressed in a session is left out (`veiled`) until the
/// operator reveals it.
#[utoipa::path(get, path = "/api/events", tag = "events", params(Span),
    responses((status = 200, description = "In order.", body = Value, example = json!({"items": [{"id": 1, "at": 1764012345678901_i64, "kind": "event", "slot": "slot-01"}], "last": 1, "next": "/api/events?after=1&limit=1"}))))]
async fn events(
    State(context): State<Context>,
    QueryParams(span): PageParams,
) -> Result<Json<Value>, Problem> {
    let (after, limit) = span.bounds(USUAL);
    let items =
        read(&context, move |journal| journal.redacted(journal.entries(after, limit + 1)?)).await?;
    Ok(Json(page("/api/events", (after, limit), items)))
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct From {
    /// Number after which the stream begins; the header `Last-Event-ID` wins. Without either, the stream begins now.
    after: Option<i64>,
}

/// Streams entries of the journal as they are stored
///
/// Server-sent events: `id` is the entry's number, `data` the entry as JSON. Whoever reconnects with `Last-Event-ID`,
/// as browsers do by themselves, misses nothing and gets nothing twice.
#[utoipa::path(get, path = "/api/live", tag = "events",
    params(From, ("Last-Event-ID" = Option<i64>, Header, description = "The last number that was received.")),
    responses((status = 200, description = "A stream without end.", content_type = "text/event-stream", body = String)))]
async fn live(
    State(context): State<Context>,
    caller: Caller,
    QueryParams(From { after }): QueryParams<From>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let seen = match headers.get("last-event-id") {
        None => after,
        Some(id) => Some(id.to_str().ok().and_then(|id| id.parse().ok()).ok_or_else(|| {
            let fr = "Last-Event-ID doit être le numéro d’une entrée";
            Problem::invalid(Text::new(fr, "Last-Event-ID must be the number of an entry"), None)
        })?),
    };
    let beat = KeepAlive::new().interval(Duration::from_secs(10));
    Ok(Sse::new(event_stream::stream(context, caller, seen)).keep_alive(beat).into_response())
}
