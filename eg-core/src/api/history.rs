//! Looking back: a session step by step, as its operator saw it, and as a file.

use super::{Asked, At, Body, Problem, read};
use crate::auth::Operator;
use crate::engine::moment;
use crate::journal::{JournalError, Reader, Redacted};
use crate::web::Web;
use axum::Json;
use axum::extract::State;
use eg_proto::Text;
use serde::Deserialize;
use serde_json::{Value, json};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// Most steps of one page.
const PAGE: usize = 200;

pub(super) fn routes() -> OpenApiRouter<Web> {
    OpenApiRouter::new().routes(routes!(steps)).routes(routes!(step)).routes(routes!(export))
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct Span {
    /// Only steps with a greater number.
    #[serde(default)]
    after: i64,
    /// So many at most: 1 to 200, 50 when it is not said.
    limit: Option<usize>,
}

/// What happened in a session, step by step
///
/// Causes alone: presses, acts, timers, changes at slots. What each led to, and what the operator saw then, tells
/// `GET /api/sessions/{id}/steps/{entry}`. Ask again with `after` = `last` until nothing comes. What was pressed is
/// left out (`veiled`) unless it was revealed.
#[utoipa::path(get, path = "/api/sessions/{id}/steps", tag = "sessions",
    params(("id" = i64, Path, description = "Its number."), Span),
    responses((status = 200, description = "In order.", body = Value, example = json!({"items": [{"id": 12, "at": 1764012345678901_i64, "kind": "act", "body": {"name": "start"}}], "last": 12})),
        (status = 404, description = "No session of that number.")))]
async fn steps(
    State(web): State<Web>,
    _: Operator,
    At(id): At<i64>,
    Asked(Span { after, limit }): Asked<Span>,
) -> Result<Json<Value>, Problem> {
    let limit = limit.unwrap_or(50).clamp(1, PAGE);
    read(&web, move |journal| journal.session(id)).await?.ok_or_else(|| none(id))?;
    let steps = move |journal: &Reader| journal.redacted(journal.causes(id, after, limit)?);
    let items = read(&web, steps).await?;
    let last = items.last().map_or(after, |entry| entry.id);
    Ok(Json(json!({ "items": items, "last": last })))
}

/// One step of a session
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
    State(web): State<Web>,
    _: Operator,
    At((id, entry)): At<(i64, i64)>,
) -> Result<Json<Value>, Problem> {
    let told = read(&web, move |journal| look_back(journal, id, entry)).await?;
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
    /// Why, for the journal.
    reason: String,
}

/// Export a session as a file
///
/// The whole record, who chose what included: `eg-core replay FILE` and `eg-core demo --replay FILE` read it. That it
/// was taken is written down first, with the reason.
#[utoipa::path(post, path = "/api/sessions/{id}/export", tag = "sessions",
    params(("id" = i64, Path, description = "Its number.")), request_body = ExportBody,
    responses((status = 200, description = "The record.", body = Value, example = json!({"format": "eg-session-1", "session": {"id": 7}, "entries": []})),
        (status = 404, description = "No session of that number."),
        (status = 422, description = "Without a reason.")))]
async fn export(
    State(web): State<Web>,
    operator: Operator,
    At(id): At<i64>,
    Body(ExportBody { reason }): Body<ExportBody>,
) -> Result<Json<Value>, Problem> {
    let reason = reason.trim().to_owned();
    if reason.is_empty() {
        let why = Text::new("un export demande une raison", "an export asks for a reason");
        return Err(Problem::invalid(why, Some("/reason".to_owned())));
    }
    read(&web, move |journal| journal.session(id)).await?.ok_or_else(|| none(id))?;
    web.handle.export(id, reason, operator.actor()).await?;
    let record = read(&web, move |journal| journal.record(id)).await?.ok_or_else(|| none(id))?;
    Ok(Json(json!(record)))
}

fn none(id: i64) -> Problem {
    Problem::unknown(Text::new(
        format!("pas de partie {id}, ou pas de telle entrée"),
        format!("no session {id}, or no such entry in it"),
    ))
}
