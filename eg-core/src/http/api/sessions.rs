//! Sessions: running ones and those that are over.

use super::paging::{Back, PAGE, PageParams, Span, page, page_back};
use crate::engine::read_model::Session;
use crate::http::access::{Routes, VIEWER};
use crate::http::context::Context;
use crate::http::context::read;
use crate::http::extract::{PathParam, QueryParams};
use crate::http::problem::Problem;
use crate::http::session_query::{SessionQuery, address};
use axum::Json;
use axum::extract::State;
use eg_game::View;
use eg_proto::{RoomId, Text};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::routes;

pub(super) fn routes() -> Routes {
    Routes::new()
        .add(VIEWER, routes!(sessions))
        .add(VIEWER, routes!(session))
        .add(VIEWER, routes!(acts))
        .add(VIEWER, routes!(votes))
}

/// Lists sessions, the latest first
///
/// With what was played: `players`, `hints` (neither refused, nor undone, nor empty), `started_by`, and the `outcome` of the
/// last decided step. Days begin at midnight where the core stands. `next` is the address of the next page, and null on
/// the last one.
#[utoipa::path(get, path = "/api/sessions", tag = "sessions", params(Back, SessionQuery),
    responses((status = 200, description = "The latest first.", body = Value, example = json!({"items": [{"id": 7, "room": "main", "game": "night-vote",
        "status": "done", "started": 1764012345678901_i64, "ended": 1764015345678901_i64, "players": 5, "hints": 2, "started_by": "anna", "outcome": "Ada"}], "next": null})),
        (status = 422, description = "A day or a name that is none.")))]
async fn sessions(
    State(context): State<Context>,
    QueryParams(span): QueryParams<Back>,
    QueryParams(asked): QueryParams<SessionQuery>,
) -> Result<Json<Value>, Problem> {
    let ((before, limit), filter) = (span.bounds(), asked.filter()?);
    let more = address(&filter);
    let items = read(&context, move |journal| journal.played(&filter, before, limit + 1)).await?;
    let mut page = page_back("/api/sessions", limit, items, |played| played.session.id);
    if let Some(next) = page["next"].as_str() {
        page["next"] = format!("{next}{more}").into();
    }
    Ok(Json(page))
}

/// Audience whose view of a session is asked for.
#[derive(Clone, Copy, Default, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum Audience {
    /// The operator; secret ballots only once revealed.
    #[default]
    Operator,
    /// Public of the room, as on its display.
    Public,
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct Look {
    /// Audience whose view is returned: `operator` (the default) or `public`.
    #[serde(default)]
    #[param(inline)]
    audience: Audience,
}

/// Session with the view of one audience.
#[derive(Serialize)]
struct Seen {
    room: RoomId,
    #[serde(flatten)]
    session: Session,
    view: View,
}

/// Returns one session with its view
///
/// Sessions that a room no longer shows have no view: their acts, votes and events stand in the journal.
#[utoipa::path(get, path = "/api/sessions/{id}", tag = "sessions",
    params(("id" = i64, Path, description = "Number of the session."), Look),
    responses((status = 200, description = "The session.", body = Value),
        (status = 404, description = "No session of that number.")))]
async fn session(
    State(context): State<Context>,
    PathParam(id): PathParam<i64>,
    QueryParams(Look { audience }): QueryParams<Look>,
) -> Result<Json<Value>, Problem> {
    let state = context.handle.state();
    let shown = state.rooms.iter().find_map(|(room, shown)| {
        let session = shown.session.as_ref().filter(|session| session.id == id)?;
        let view = match audience {
            Audience::Operator => session.operator.clone(),
            Audience::Public => session.public.clone(),
        };
        Some(Seen { room: room.clone(), session: session.clone(), view })
    });
    let told = match shown {
        Some(seen) => json!(seen),
        None => {
            json!(
                read(&context, move |journal| journal.session(id))
                    .await?
                    .ok_or_else(|| none(id))?
            )
        }
    };
    Ok(Json(told))
}

/// Lists the operator's acts in a session
///
/// `next` is the address of the next page, and null on the last one.
#[utoipa::path(get, path = "/api/sessions/{id}/acts", tag = "sessions",
    params(("id" = i64, Path, description = "Number of the session."), Span),
    responses((status = 200, description = "In order; each with who, when and why.", body = Value,
            example = json!({"items": [{"id": 3, "kind": "act", "body": {"name": "open"}}], "last": 3, "next": null})),
        (status = 404, description = "No session of that number.")))]
async fn acts(
    State(context): State<Context>,
    PathParam(id): PathParam<i64>,
    QueryParams(span): PageParams,
) -> Result<Json<Value>, Problem> {
    read(&context, move |journal| journal.session(id)).await?.ok_or_else(|| none(id))?;
    let (after, limit) = span.bounds(PAGE);
    let items = read(&context, move |journal| journal.acts(id, after, limit + 1)).await?;
    Ok(Json(page(&format!("/api/sessions/{id}/acts"), (after, limit), items)))
}

/// Lists the votes of a session
///
/// Who chose what is told only when the session's secret was revealed, which is an act that stands in the journal.
/// `next` is the address of the next page, and null on the last one.
#[utoipa::path(get, path = "/api/sessions/{id}/votes", tag = "sessions",
    params(("id" = i64, Path, description = "Number of the session."), Span),
    responses((status = 200, description = "In order; `choice` is absent while it is secret.", body = Value,
            example = json!({"items": [{"id": 5, "kind": "event", "slot": "slot-01"}], "last": 5, "next": null})),
        (status = 404, description = "No session of that number.")))]
async fn votes(
    State(context): State<Context>,
    PathParam(id): PathParam<i64>,
    QueryParams(span): PageParams,
) -> Result<Json<Value>, Problem> {
    read(&context, move |journal| journal.session(id)).await?.ok_or_else(|| none(id))?;
    let (after, limit) = span.bounds(PAGE);
    let items = read(&context, move |journal| journal.votes(id, after, limit + 1)).await?;
    Ok(Json(page(&format!("/api/sessions/{id}/votes"), (after, limit), items)))
}

fn none(id: i64) -> Problem {
    Problem::unknown(Text::new(format!("pas de partie {id}"), format!("no session {id}")))
}
