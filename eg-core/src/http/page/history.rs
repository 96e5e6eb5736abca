//! Past sessions: the list, and one session step by step.

mod step;

use super::door::Route;
use super::text::Localizer;
use crate::http::access::{VIEWER, may_act};
use crate::http::caller::Caller;
use crate::http::context::Context;
use crate::http::context::read;
use crate::http::extract::PathParam;
use crate::http::locale::Locale;
use crate::http::locale::remember;
use crate::http::problem::Problem;
use crate::journal::SessionRow;
use axum::extract::{Query, State};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;
use eg_page::Page;
use eg_proto::Text;
use maud::{Markup, html};
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
    Locale(lang): Locale,
) -> Result<Response, Problem> {
    let from = before.unwrap_or(i64::MAX);
    let rows = read(&context, move |journal| journal.sessions_before(from, PAGE)).await?;
    let state = context.handle.state();
    let voice = Localizer { words: &context.words, lang, names: &state.names };
    let main = html! {
        section.card {
            h2 { (voice.say("history")) }
            @if rows.is_empty() { p.soft { (voice.say("history-none")) } }
            ul.steps { @for row in &rows { li { (line(voice, row)) } } }
            p.row {
                @if before.is_some() { a href="/sessions" { (voice.say("history-newest")) } }
                @if let Some(last) = rows.last().filter(|_| rows.len() == PAGE) {
                    a href=(format!("/sessions?before={}", last.id)) data-key="ArrowRight" {
                        (voice.say("history-older"))
                    }
                }
            }
        }
    };
    let title = voice.say("history");
    Ok((remember(lang), page(voice, &caller, &title, &main)).into_response())
}

fn line(voice: Localizer<'_>, row: &SessionRow) -> Markup {
    let (tone, word) = match row.status.as_str() {
        "running" => ("good", "status-running"),
        "done" => ("", "status-done"),
        "aborted" => ("warn", "status-aborted"),
        _ => ("bad", "status-failed"),
    };
    html! {
        a href=(format!("/sessions/{}", row.id)) id=(format!("session-{}", row.id)) {
            strong { (row.id) }
            span { span.pill.(tone) { (voice.say(word)) } }
            span {
                (row.game) " · " (voice.room_of(&row.room)) " · "
                time.soft data-at=(row.started / 1_000) data-day {}
                @if let Some(why) = &row.why { p.bad.small { (voice.cause(why)) } }
            }
        }
    }
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
    Ok((remember(lang), page(voice, &caller, &title, &main)).into_response())
}

fn page(voice: Localizer<'_>, caller: &Caller, title: &str, main: &Markup) -> Markup {
    let header = super::header::account(voice, caller);
    let page = Page { title, lang: voice.lang, live: None, header: &header };
    page.document(voice.words, main)
}

fn gone() -> Problem {
    let fr = "cette entrée n’est pas dans le journal de la partie";
    Problem::unknown(Text::new(fr, "the journal of that session has no such entry"))
}
