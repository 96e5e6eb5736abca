//! Past sessions: the list, and one session step by step.

pub(super) mod list;
mod step;

use super::door::Route;
use super::glance::still_page;
use super::text::Localizer;
use crate::auth::Role;
use crate::http::access::{VIEWER, may_act};
use crate::http::caller::Caller;
use crate::http::context::Context;
use crate::http::context::read;
use crate::http::extract::{PathParam, QueryParams};
use crate::http::locale::Locale;
use crate::http::locale::remember;
use crate::http::problem::Problem;
use crate::http::session_query::SessionQuery;
use crate::journal::Reader;
use axum::extract::{Query, State};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;
use eg_proto::Text;
use serde::Deserialize;

/// Number of sessions on one page.
const PAGE: usize = 25;

pub(super) fn table() -> [Route; 3] {
    [
        ("/sessions", VIEWER, get(list)),
        ("/sessions/{id}", VIEWER, get(first)),
        ("/sessions/{id}/{entry}", VIEWER, get(step)),
    ]
}

#[derive(Deserialize)]
struct Asked {
    /// Number before which the page begins: only sessions with a smaller one are listed.
    before: Option<i64>,
}

async fn list(
    State(context): State<Context>,
    caller: Caller,
    Query(Asked { before }): Query<Asked>,
    QueryParams(asked): QueryParams<SessionQuery>,
    Locale(lang): Locale,
) -> Result<Response, Problem> {
    let (from, filter) = (before.unwrap_or(i64::MAX), asked.filter()?);
    let fits = filter.clone();
    let ask = move |journal: &Reader| {
        let sessions = journal.played(&fits, from, PAGE + 1)?;
        Ok((sessions, journal.totals(&fits)?, journal.rooms_played()?))
    };
    let (mut sessions, totals, rooms) = read(&context, ask).await?;
    let has_more = sessions.len() > PAGE;
    sessions.truncate(PAGE);
    let state = context.handle.state();
    let voice = Localizer { words: &context.words, lang, names: &state.names };
    let is_older = before.is_some();
    let may_back_up = caller.role() == Some(Role::Operator);
    let list =
        list::ListPage { voice, filter, rooms, totals, sessions, is_older, has_more, may_back_up };
    let title = voice.say("history");
    let page = still_page(&context, lang, &caller, &title, &list.show());
    Ok((remember(lang), page).into_response())
}

async fn first(
    State(context): State<Context>,
    PathParam(id): PathParam<i64>,
    Locale(lang): Locale,
) -> Result<Response, Problem> {
    let first = read(&context, move |journal| journal.causes(id, 0, 1)).await?.pop();
    let entry = first.ok_or_else(gone)?.id;
    let there = Redirect::to(&format!("/sessions/{id}/{entry}"));
    Ok((remember(lang), there).into_response())
}

async fn step(
    State(context): State<Context>,
    caller: Caller,
    PathParam((id, entry)): PathParam<(i64, i64)>,
    Locale(lang): Locale,
) -> Result<Response, Problem> {
    let step = read(&context, move |journal| step::StepPage::read(journal, id, entry)).await?;
    let step = step.ok_or_else(gone)?;
    let state = context.handle.state();
    let voice = Localizer { words: &context.words, lang, names: &state.names };
    let title = voice.with("history-step", "entry", entry);
    let then = step.names(&state.names);
    let main = step.show(Localizer { names: &then, ..voice }, may_act(caller.identity()));
    let page = still_page(&context, lang, &caller, &title, &main);
    Ok((remember(lang), page).into_response())
}

fn gone() -> Problem {
    let fr = "cette entrée n’est pas dans le journal de la partie";
    Problem::unknown(Text::new(fr, "the journal of that session has no such entry"))
}
