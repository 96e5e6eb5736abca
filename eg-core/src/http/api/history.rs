//! History of a session: step by step, as its operator saw it, and as a file.

use super::paging::{PageParams, Span, page};
use crate::engine::command::Command;
use crate::engine::moment;
use crate::http::access::{GAME_MASTER, Routes, VIEWER};
use crate::http::caller::Caller;
use crate::http::context::Context;
use crate::http::context::read;
use crate::http::extract::{JsonBody, PathParam, QueryParams};
use crate::http::problem::Problem;
use crate::journal::{JournalError, Reader, Redacted};
use axum::Json;
use axum::extract::State;
use eg_proto::Text;
use serde::Deserialize;
use serde_json::{Value, json};
use utoipa::ToSchema;
use utoipa_axum::routes;

/// Number of steps in a page that names no other.
const USUAL: usize = 50;

pub(super) fn routes() -> Routes {
    Routes::new()
        .add(VIEWER, routes!(steps))
        .add(VIEWER, routes!(step))
        .add(GAME_MASTER, routes!(export))
}

/// Lists the steps of a session
///
/// A step is a cause: a press, an act, a timer, a change at a slot. `GET /api/sessions/{id}/steps/{entry}` tells what
/// each led to, and what the operator saw then. `next` is the address of the next page, and null on the last one. What
/// was pressed is left out (`veiled`) unless it was revealed.
#[utoipa::path(get, path = "/api/sessions/{id}/steps", tag = "sessions",
    params(("id" = i64, Path, description = "Number of the session."), Span),
    responses((status = 200, description = "In order.", body = Value, example = json!({"items": [{"id": 12, "at": 1764012345678901_i64, "kind": "act", "body": {"name": "start"}}], "last": 12, "next": null})),
        (status = 404, description = "No session of that number.")))]
async fn steps(
    State(context): State<Context>,
    PathParam(id): PathParam<i64>,
    QueryParams(span): PageParams,
) -> Result<Json<Value>, Problem> {
    let (after, limit) = span.bounds(USUAL);
    read(&context, move |journal| journal.session(id)).await?.ok_or_else(|| none(id))?;
    let steps = move |journal: &Reader| journal.redacted(journal.causes(id, after, limit + 1)?);
    let items = read(&context, steps).await?;
    Ok(Json(page(&format!("/api/sessions/{id}/steps"), (after, limit), items)))
}

/// Returns one step of a session
///
/// The entry, what followed from it, what was sent because of it, and the session as the operator saw it then: secret
/// ballots only when they were revealed by then. `difference` is there when the games of this core no longer play what
/// was recorded; what is shown after it may not be what was seen. `not_compared` counts the looks so far that showed or
/// offered something else than was recorded, in a session that began under an earlier revision of the rules: such
/// differences are meant.
#[utoipa::path(get, path = "/api/sessions/{id}/steps/{entry}", tag = "sessions",
    params(("id" = i64, Path, description = "The session's number."), ("entry" = i64, Path, description = "The entry's number.")),
    responses((status = 200, description = "The step.", body = Value),
        (status = 404, description = "No such session, or no such entry in it.")))]
async fn step(
    State(context): State<Context>,
    PathParam((id, entry)): PathParam<(i64, i64)>,
) -> Result<Json<Value>, Problem> {
    let told = read(&context, move |journal| look_back(journal, id, entry)).await?;
    told.map(Json).ok_or_else(|| none(id))
}

fn look_back(journal: &Reader, id: i64, entry: i64) -> Result<Option<Value>, JournalError> {
    let Some(happened) = journal.entry(id, entry)? else { return Ok(None) };
    let Some(line) = journal.line(id, entry)? else { return Ok(None) };
    let Some(moment) = moment(journal, id, entry)? else { return Ok(None) };
    let reveals = journal.reveals(id, entry)?;
    let told = |entry| Redacted::of(entry, Some(&reveals));
    let (happened, followed) = (told(&happened), journal.followed(id, entry)?);
    let followed: Vec<_> = followed.iter().map(told).collect();
    Ok(Some(json!({
        "entry": happened,
        "followed": followed,
        "sent": happened.sent(line.sent),
        "room": moment.room,
        "session": moment.session,
        "difference": moment.difference,
        "not_compared": moment.not_compared,
    })))
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ExportBody {
    /// Reason of the export, for the journal.
    reason: String,
}

/// Exports a session as a file
///
/// The whole record, who chose what included: `eg-core replay FILE` and `eg-core demo --replay FILE` read it. That it
/// was taken is written down first, with the reason.
#[utoipa::path(post, path = "/api/sessions/{id}/export", tag = "sessions",
    params(("id" = i64, Path, description = "Number of the session.")), request_body = ExportBody,
    responses((status = 200, description = "The record.", body = Value, example = json!({"format": "eg-session-1", "session": {"id": 7}, "entries": []})),
        (status = 404, description = "No session of that number."),
        (status = 422, description = "Without a reason.")))]
async fn export(
    State(context): State<Context>,
    caller: Caller,
    PathParam(id): PathParam<i64>,
    JsonBody(ExportBody { reason }): JsonBody<ExportBody>,
) -> Result<Json<Value>, Problem> {
    let reason = reason.trim().to_owned();
    if reason.is_empty() {
        let why = Text::new("un export demande une raison", "an export asks for a reason");
        return Err(Problem::invalid(why, Some("/reason".to_owned())));
    }
    read(&context, move |journal| journal.session(id)).await?.ok_or_else(|| none(id))?;
    context.handle.ask(caller.actor(), Command::Export { session: id, reason }).await?;
    let record =
        read(&context, move |journal| journal.record(id)).await?.ok_or_else(|| none(id))?;
    Ok(Json(json!(record)))
}

fn none(id: i64) -> Problem {
    Problem::unknown(Text::new(
        format!("pas de partie {id}, ou pas de telle entrée"),
        format!("no session {id}, or no such entry in it"),
    ))
}
