//! Sessions as a table for spreadsheets.

use crate::http::access::{Routes, VIEWER};
use crate::http::context::{Context, read};
use crate::http::csv;
use crate::http::extract::QueryParams;
use crate::http::problem::Problem;
use crate::http::session_query::SessionQuery;
use crate::journal::{PlayedSession, SessionFilter};
use axum::body::Body;
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use futures_util::stream::try_unfold;
use std::io;
use utoipa_axum::routes;

/// Number of sessions that are read at a time.
const BATCH: usize = 500;

/// Names of the columns.
const COLUMNS: [&str; 13] = [
    "session",
    "started",
    "ended",
    "seconds",
    "room",
    "game",
    "status",
    "outcome",
    "players",
    "hints",
    "started_by",
    "why",
    "names",
];

pub(super) fn routes() -> Routes {
    Routes::new().add(VIEWER, routes!(table))
}

/// Downloads sessions as CSV, the latest first
///
/// All sessions of the filter, with a first row of names. Times are in UTC (RFC 3339), `seconds` is how long a session that
/// is over took, `names` are those of the players as far as
/// they were given. The file is UTF-8 with a byte order mark; what a spreadsheet would calculate has an apostrophe in front.
#[utoipa::path(get, path = "/api/sessions.csv", tag = "sessions", params(SessionQuery),
    responses((status = 200, description = "The latest first.", content_type = "text/csv", body = String),
        (status = 422, description = "A day or a name that is none.")))]
async fn table(
    State(context): State<Context>,
    QueryParams(asked): QueryParams<SessionQuery>,
) -> Result<Response, Problem> {
    let filter = asked.filter()?;
    let first = batch(&context, &filter, i64::MAX).await?;
    let mut head = csv::BYTE_ORDER_MARK.to_string();
    csv::write_row(&mut head, COLUMNS);
    let state = (context, filter, head, Some(first));
    // One batch is read when the one before has gone: a slow reader holds no more than that.
    let rows = try_unfold(state, async |(context, filter, mut text, batch)| {
        let Some(sessions) = batch else { return Ok::<_, io::Error>(None) };
        sessions.iter().for_each(|session| write(&mut text, session));
        let last = sessions.last().filter(|_| sessions.len() == BATCH).map(|last| last.session.id);
        let next = match last {
            None => None,
            Some(last) => Some(self::batch(&context, &filter, last).await.map_err(cut)?),
        };
        Ok(Some((text, (context, filter, String::new(), next))))
    });
    let head = [
        (header::CONTENT_TYPE, csv::MEDIA_TYPE),
        (header::CONTENT_DISPOSITION, "attachment; filename=\"sessions.csv\""),
    ];
    Ok((head, Body::from_stream(rows)).into_response())
}

async fn batch(
    context: &Context,
    filter: &SessionFilter,
    before: i64,
) -> Result<Vec<PlayedSession>, Problem> {
    let filter = filter.clone();
    read(context, move |journal| journal.played(&filter, before, BATCH)).await
}

/// Converts the error of a later batch: the file ends there, and the reader sees that it is not whole.
fn cut(_: Problem) -> io::Error {
    io::Error::other("the journal could not be read")
}

fn write(text: &mut String, played: &PlayedSession) {
    let PlayedSession { session, players, figures } = played;
    let [id, players, hints] =
        [session.id, *players, figures.hints].map(|number| number.to_string());
    let seconds =
        session.ended.map(|ended| ((ended - session.started).max(0) / 1_000_000).to_string());
    let ended = session.ended.map(csv::time);
    let text_of = |text: &Option<String>| text.clone().unwrap_or_default();
    let fields = [
        id,
        csv::time(session.started),
        text_of(&ended),
        text_of(&seconds),
        session.room.clone(),
        session.game.clone(),
        session.status.clone(),
        text_of(&figures.outcome),
        players,
        hints,
        text_of(&figures.started_by),
        text_of(&session.why),
        figures.names.values().map(String::as_str).collect::<Vec<_>>().join(", "),
    ];
    csv::write_row(text, fields.iter().map(String::as_str));
}
