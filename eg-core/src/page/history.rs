//! Past sessions: the list, and one session step by step.

mod step;

use super::routes::remember;
use super::words::Voice;
use crate::api::{At, Problem, read};
use crate::auth::Operator;
use crate::journal::SessionRow;
use crate::web::{Spoken, Web};
use axum::extract::{Query, State};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{MethodRouter, get};
use eg_page::Page;
use eg_proto::Text;
use maud::{Markup, html};
use serde::Deserialize;

/// Sessions on one page.
const PAGE: usize = 25;

pub(super) fn table() -> [(&'static str, MethodRouter<Web>); 3] {
    [
        ("/sessions", get(list)),
        ("/sessions/{id}", get(first)),
        ("/sessions/{id}/{entry}", get(step)),
    ]
}

#[derive(Deserialize)]
struct Asked {
    /// Only sessions with a smaller number.
    before: Option<i64>,
}

async fn list(
    State(web): State<Web>,
    operator: Option<Operator>,
    Query(Asked { before }): Query<Asked>,
    Spoken(lang): Spoken,
) -> Result<Response, Problem> {
    if operator.is_none() {
        return Ok(Redirect::to("/login").into_response());
    }
    let from = before.unwrap_or(i64::MAX);
    let rows = read(&web, move |journal| journal.sessions_before(from, PAGE)).await?;
    let voice = Voice { words: &web.words, lang };
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
    Ok((remember(lang), page(voice, &title, &main)).into_response())
}

fn line(voice: Voice<'_>, row: &SessionRow) -> Markup {
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
                (row.game) " · " (row.room) " · "
                time.soft data-at=(row.started / 1_000) data-day {}
                @if let Some(why) = &row.why { p.bad.small { (voice.cause(why)) } }
            }
        }
    }
}

async fn first(
    State(web): State<Web>,
    operator: Option<Operator>,
    At(id): At<i64>,
    Spoken(lang): Spoken,
) -> Result<Response, Problem> {
    if operator.is_none() {
        return Ok(Redirect::to("/login").into_response());
    }
    let first = read(&web, move |journal| journal.causes(id, 0, 1)).await?.pop();
    let entry = first.ok_or_else(gone)?.id;
    let there = Redirect::to(&format!("/sessions/{id}/{entry}"));
    Ok((remember(lang), there).into_response())
}

async fn step(
    State(web): State<Web>,
    operator: Option<Operator>,
    At((id, entry)): At<(i64, i64)>,
    Spoken(lang): Spoken,
) -> Result<Response, Problem> {
    if operator.is_none() {
        return Ok(Redirect::to("/login").into_response());
    }
    let step = read(&web, move |journal| step::Step::read(journal, id, entry)).await?;
    let step = step.ok_or_else(gone)?;
    let voice = Voice { words: &web.words, lang };
    let title = voice.with("history-step", "entry", entry);
    Ok((remember(lang), page(voice, &title, &step.show(voice))).into_response())
}

fn page(voice: Voice<'_>, title: &str, main: &Markup) -> Markup {
    let header = super::header::account(voice);
    let page = Page { title, lang: voice.lang, live: None, header: &header };
    page.document(voice.words, main)
}

fn gone() -> Problem {
    let fr = "cette entrée n’est pas dans le journal de la partie";
    Problem::unknown(Text::new(fr, "the journal of that session has no such entry"))
}
